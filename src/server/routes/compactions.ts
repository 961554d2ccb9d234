import { z } from "zod";
import { asInstant, MS_PER_HOUR } from "../../base/time.js";
import { instantSchema } from "../api.js";
import { compactAnswer, compactAnswerSchema } from "../compact-answer.js";
import type { Route } from "../route.js";
import { opened } from "../serving.js";

const GRACE_HOURS_MAX = 24 * 365;

export const compactBodySchema = z.strictObject({
  /** How long the data go on after a day before it is closed. */
  grace_hours: z.number().min(0).max(GRACE_HOURS_MAX).optional(),
  /** Whatever is before this moment, however late it came. */
  before: instantSchema.optional(),
});

const CONFIG = {
  role: "admin",
  doc: {
    summary: "Bring the live events of closed days into the lake",
    example: { grace_hours: 24 },
    answers: { 200: { about: "What was brought there." } },
    problems: ["HOME_LOCKED", "LAKE_BROKEN"],
  },
} as const;

/** `POST /compactions`: what `refrain compact` does, while a service holds the live store. A service does it every hour too. */
export const compactionsRoute: Route = (app, serving) => {
  const schema = { body: compactBodySchema, response: { 200: compactAnswerSchema } };
  app.post("/compactions", { config: CONFIG, schema }, async ({ body: { grace_hours, before } }) => {
    const options = {
      ...(grace_hours === undefined ? {} : { graceMs: grace_hours * MS_PER_HOUR }),
      ...(before === undefined ? {} : { before: asInstant(before) }),
    };
    return compactAnswer(await opened(serving).compact(options));
  });
};
