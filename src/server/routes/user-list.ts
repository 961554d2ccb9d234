import { z } from "zod";
import { isoOf } from "../../base/time.js";
import type { ScoreRow } from "../../pipeline/live/score-table.js";
import { LEVELS } from "../../schema/pages.js";
import { reasonSchema } from "../api.js";
import { cursorOf, cursorSchema, limitSchema } from "../cursor.js";
import type { Route } from "../route.js";
import { opened } from "../serving.js";

const RISK_LEVELS = ["low", "medium", "high"] as const;

export const userListQuerySchema = z.object({
  cursor: cursorSchema(z.tuple([z.number().nullable(), z.string()])).optional(),
  limit: limitSchema,
  risk_level: z.enum(RISK_LEVELS).optional(),
  level: z.enum(LEVELS).optional(),
  at_risk: z
    .enum(["true", "false"])
    .transform((text) => text === "true")
    .optional(),
  /** What the id begins with. */
  prefix: z.string().max(256).optional(),
});

export const userListSchema = z.object({
  items: z.array(
    z.object({
      user_id: z.string(),
      level: z.string().nullable(),
      state: z.string().nullable(),
      last_seen: z.string(),
      at_risk: z.boolean().nullable(),
      churn_probability: z.number().nullable(),
      churn_prediction: z.boolean().nullable(),
      risk_level: z.enum(RISK_LEVELS).nullable(),
      expected_days_left: z.number().nullable(),
      reasons: z.array(reasonSchema),
      model_version: z.string().nullable(),
      as_of: z.string(),
    }),
  ),
  next_cursor: z.string().nullable(),
});

const CONFIG = {
  role: "reader",
  doc: {
    summary: "All users with their last scores, riskiest first",
    answers: { 200: { about: "A page; next_cursor is the cursor of the next one, null after the last." } },
  },
} as const;

/** `GET /users`: all users with their last scores, riskiest first. A score follows its user's events within seconds. */
export const userListRoute: Route = (app, serving) => {
  const schema = { querystring: userListQuerySchema, response: { 200: userListSchema } };
  app.get("/users", { config: CONFIG, schema }, async ({ query }) => {
    const { cursor, limit, risk_level, level, at_risk, prefix } = query;
    const filter = {
      ...(risk_level === undefined ? {} : { riskLevel: risk_level }),
      ...(level === undefined ? {} : { level }),
      ...(at_risk === undefined ? {} : { atRisk: at_risk }),
      ...(prefix === undefined ? {} : { idPrefix: prefix }),
    };
    const after = cursor === undefined ? null : { churnProbability: cursor[0], userId: cursor[1] };
    const rows = await opened(serving).scores.page(filter, { after, limit });
    const last = rows.length < limit ? undefined : rows.at(-1);
    return {
      items: rows.map(itemOf),
      next_cursor: last === undefined ? null : cursorOf([last.churnProbability, last.userId]),
    };
  });
};

function itemOf(row: ScoreRow) {
  return {
    user_id: row.userId,
    level: row.level,
    state: row.state,
    last_seen: isoOf(row.lastSeenMs),
    at_risk: row.atRisk,
    churn_probability: row.churnProbability,
    churn_prediction: row.churnPrediction,
    risk_level: row.riskLevel,
    expected_days_left: row.expectedDaysLeft,
    reasons: row.reasons.map((reason) => ({ ...reason })),
    model_version: row.modelVersion,
    as_of: isoOf(row.asOfMs),
  };
}
