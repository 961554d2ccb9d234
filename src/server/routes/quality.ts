import { z } from "zod";
import type { Route } from "../route.js";
import { loopOf } from "../serving.js";

const DAYS_MAX = 400;
const anything = z.record(z.string(), z.unknown());
const dayCount = z.coerce.number().int().min(1).max(DAYS_MAX).default(28);

/** As `refrain quality --json`. */
export const qualitySchema = z.object({
  /** The end of the last closed day that was measured. */
  as_of: z.string().nullable(),
  simulated: z.boolean(),
  fresh_through: z.string().nullable(),
  silence_hours: z.number().nullable(),
  data: z.object({ verdict: z.string(), false_days_a_year: z.number(), days: z.array(anything) }),
  /** Null while no model serves, or it has scored nobody. */
  live: anything.nullable(),
  challengers: z.array(anything),
});

const CONFIG = {
  role: "reader",
  doc: {
    summary: "How good the data of the last days are, and how well the models did on users whose outcome is known",
    answers: {
      200: { about: "Data by day against bands; live quality by window, with what is expected of windows not ripe." },
    },
  },
} as const;

/** `GET /quality`: data quality and live quality. */
export const qualityRoute: Route = (app, serving) => {
  const schema = { querystring: z.object({ days: dayCount }), response: { 200: qualitySchema } };
  app.get("/quality", { config: CONFIG, schema }, async ({ query: { days } }) =>
    qualitySchema.parse(await loopOf(serving).quality(days)),
  );
};
