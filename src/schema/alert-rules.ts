import { z } from "zod";

export const SEVERITIES = ["info", "warning", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What can be alarming. Each is a number, of a subject where there are several. */
export const SIGNALS = {
  "data.untrustworthy": "figures of the last closed day's data beyond their band, by figure: 1",
  "data.unusual": "behaviour in the last closed day's data beyond its band, by figure: 1",
  "data.silence_hours": "hours since the last event",
  "live.shortfall":
    "how far the live AUC's upper bound lies below the model's own lower bound, once enough users churned",
  "live.falling": "1 while the live AUC falls over the last ten windows, beyond chance",
  "concept.changed": "1 where the loss of the model has changed beyond chance (ADWIN)",
  "estimate.untrusted": "1 while estimated quality cannot be trusted",
  "churn.above_forecast": "users who churned beyond the band of the last forecast that came to its end",
  "drift.alarm": "1 while features drift beyond the alarm budget",
  "loop.failed": "steps of the loop that failed, by step: 1",
  "loop.skipped_days": "closed days that were too long ago to be observed",
} as const;
export type SignalName = keyof typeof SIGNALS;

/** A rule: an alert is open while the signal is above, or below, a value. */
export const alertRuleSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,60}$/, "is not a name like data-flaw"),
  signal: z.enum(Object.keys(SIGNALS) as [SignalName, ...SignalName[]]),
  above: z.number().optional(),
  below: z.number().optional(),
  severity: z.enum(SEVERITIES),
  /** After it has opened it does not tell again for so long, however often it comes and goes. */
  cooldownHours: z.number().min(0).max(8760).default(24),
});

export const alertRulesSchema = z
  .array(alertRuleSchema)
  .max(200)
  .refine((rules) => new Set(rules.map(({ name }) => name)).size === rules.length, "two rules have one name")
  .refine(
    (rules) => rules.every(({ above, below }) => (above === undefined) !== (below === undefined)),
    "a rule needs one of above and below",
  );

export type AlertRule = z.output<typeof alertRuleSchema>;

/** What holds where the home has no `alerts.json`. */
export const DEFAULT_RULES: readonly AlertRule[] = [
  { name: "data-flaw", signal: "data.untrustworthy", above: 0, severity: "critical", cooldownHours: 24 },
  { name: "data-unusual", signal: "data.unusual", above: 0, severity: "info", cooldownHours: 72 },
  { name: "silence", signal: "data.silence_hours", above: 48, severity: "critical", cooldownHours: 24 },
  { name: "quality-lost", signal: "live.shortfall", above: 0, severity: "critical", cooldownHours: 72 },
  { name: "quality-falling", signal: "live.falling", above: 0, severity: "warning", cooldownHours: 168 },
  { name: "concept-changed", signal: "concept.changed", above: 0, severity: "warning", cooldownHours: 168 },
  { name: "estimate-untrusted", signal: "estimate.untrusted", above: 0, severity: "warning", cooldownHours: 168 },
  {
    name: "more-churn-than-forecast",
    signal: "churn.above_forecast",
    above: 0,
    severity: "warning",
    cooldownHours: 168,
  },
  { name: "drift", signal: "drift.alarm", above: 0, severity: "warning", cooldownHours: 72 },
  { name: "loop-failed", signal: "loop.failed", above: 0, severity: "critical", cooldownHours: 24 },
  { name: "days-skipped", signal: "loop.skipped_days", above: 0, severity: "warning", cooldownHours: 24 },
];
