import { z } from "zod";

const share = z.number().min(0).max(1);

export const featureDriftSchema = z.object({
  name: z.string(),
  test: z.enum(["ks", "chi-square"]),
  /** KS: the largest distance of the distribution functions. Chi-square: its statistic. */
  statistic: z.number(),
  /** Of two tables the test's; of the live window that of the resamples. */
  p: share,
  /** The test's own, as if rows were independent. */
  testP: share,
  /** After Benjamini and Hochberg, over the features that can alarm. */
  adjustedP: share,
  /** KS: the distance again; chi-square: Cramér's V. 0 to 1. */
  effect: z.number(),
  /** Different by itself: adjustedP below 0.05 and the effect not below the floor. One such feature is no alarm. */
  drifted: z.boolean(),
  /** Whether it is beyond what the budget allows, and so behind the alarm. */
  alarmed: z.boolean(),
  /** Null: it can alarm. Else why it is only shown. */
  shownOnly: z.enum(["cumulative", "calendar"]).nullable(),
  weight: z.number(),
  /** Shares of rows in which it is missing. */
  missing: z.object({ reference: share, current: share }),
  /** Over the deciles of the reference. */
  psi: z.number(),
  jensenShannon: z.number(),
  /** In reference standard deviations, null where there is no spread, or no number. */
  wasserstein: z.number().nullable(),
  /** Which of the two tends to larger values: P(current larger) − P(current smaller), with Mann and Whitney's p. */
  larger: z.object({ effect: z.number(), p: share }).nullable(),
});

/** Of the reference system's rule: any feature with p below 0.05. */
export const referenceRuleSchema = z.object({
  drifted: z.boolean(),
  features: z.array(z.string()),
  /** On random halves of the reference, where nothing has drifted; null where it is too small to be halved. */
  falseAlarms: z.object({ halves: z.number(), alarms: z.number(), share, low: share, high: share }).nullable(),
});

export const driftSchema = z.object({
  /** The alarm. */
  drifted: z.boolean(),
  rule: z.enum(["budget", "reference"]),
  /** Episodes of false alarm a year that are allowed, at a check a day. */
  alarmBudget: z.number(),
  alarm: z.object({
    /** The chance of a false alarm of one check: the budget ÷ 365. */
    alpha: z.number(),
    /** Share of resamples in which the largest weighted distance was at least as large as here. */
    p: share,
    resamples: z.number().int(),
    /** What resamples were drawn from. */
    drawnFrom: z.enum(["both tables", "a sample of both tables", "users and windows of the reference"]),
    /** Effects below these never alarm. */
    floor: z.object({ number: z.number(), category: z.number() }),
  }),
  rows: z.object({ reference: z.number().int(), current: z.number().int() }),
  features: z.array(featureDriftSchema),
  leftOut: z.array(z.object({ name: z.string(), reason: z.string() })),
  /** What limits the answer, a sentence each. */
  notes: z.array(z.string()),
  referenceRule: referenceRuleSchema.nullable(),
});

/** One check of the live window. */
export const driftCheckSchema = driftSchema.extend({
  /** The window: cutoffs after the first up to the second, ISO 8601. */
  from: z.string(),
  to: z.string(),
  modelVersion: z.string(),
  /** Length of the window, and how many such the reference has side by side. */
  windows: z.object({ days: z.number().int(), ofReference: z.number().int() }),
  /** The first check, of those one after the other that alarmed; null without an alarm. */
  episodeSince: z.string().nullable(),
});

export type DriftCheckDocument = z.infer<typeof driftCheckSchema>;
export type FeatureDrift = z.infer<typeof featureDriftSchema>;
export type ReferenceRuleDocument = z.infer<typeof referenceRuleSchema>;
export type DriftDocument = z.infer<typeof driftSchema>;
