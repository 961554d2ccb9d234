import { z } from "zod";
import type { Route } from "../route.js";
import { loopOf } from "../serving.js";

const DAYS_MAX = 400;
const forecast = z.object({ expected: z.number(), low: z.number(), high: z.number() }).nullable();
const groups = z.record(z.string(), z.object({ active_28d: z.number(), churned: z.number() }));

/** As `refrain kpis --json`. */
export const kpisSchema = z.object({
  simulated: z.boolean(),
  /** By time. */
  days: z.array(
    z.object({
      day: z.string(),
      active_1d: z.number(),
      active_7d: z.number(),
      active_28d: z.number(),
      paid_share: z.number().nullable(),
      churned: z.number(),
      at_risk: z.number().nullable(),
      model_version: z.string().nullable(),
      forecast,
      forecast_rate: forecast,
      truth: z.number().nullable(),
      truth_rate: z.number().nullable(),
      users_flagged: z.number().nullable(),
      revenue_at_risk: z.number().nullable(),
      revenue_expected_loss: z.number().nullable(),
      by_plan: groups,
      by_cohort: groups,
    }),
  ),
});

const CONFIG = {
  role: "reader",
  doc: {
    summary: "The business day by day: who is active, who leaves, what is forecast and what came of it",
    answers: { 200: { about: "The last closed days, by time." } },
  },
} as const;

/** `GET /kpis`: closed days, as the business sees them. */
export const kpisRoute: Route = (app, serving) => {
  const query = z.object({ days: z.coerce.number().int().min(1).max(DAYS_MAX).default(28) });
  const schema = { querystring: query, response: { 200: kpisSchema } };
  app.get("/kpis", { config: CONFIG, schema }, async ({ query: { days } }) =>
    kpisSchema.parse(await loopOf(serving).kpis(days)),
  );
};
