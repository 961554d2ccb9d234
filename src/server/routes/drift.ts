import { z } from "zod";
import { isoOf } from "../../base/time.js";
import { driftCheckSchema } from "../../schema/drift-document.js";
import { cursorOf, cursorSchema, limitSchema } from "../cursor.js";
import type { Route } from "../route.js";
import { opened } from "../serving.js";

const afterSchema = z.object({ cutoffMs: z.number(), modelVersion: z.string() });

export const driftPageSchema = z.object({
  items: z.array(
    z.object({
      /** The last moment that was looked at. */
      to: z.string(),
      model_version: z.string(),
      drifted: z.boolean(),
      p: z.number(),
      /** Behind the alarm. */
      features: z.array(z.string()),
      /** The first of the checks one after the other that alarmed; null without an alarm. */
      episode_since: z.string().nullable(),
      made_at: z.string(),
    }),
  ),
  next_cursor: z.string().nullable(),
  /** The latest check, as refrain drift tells it; null before the first. */
  latest: driftCheckSchema.nullable(),
});

const CONFIG = {
  role: "reader",
  doc: {
    summary: "Checks of whether users behave otherwise than those the model learned from, latest first",
    answers: {
      200: { about: "A page; next_cursor is the cursor of the next one, null after the last. The latest check whole." },
    },
  },
} as const;

/** `GET /drift`: what the daily checks found. */
export const driftRoute: Route = (app, serving) => {
  const querystring = z.object({ cursor: cursorSchema(afterSchema).optional(), limit: limitSchema });
  const schema = { querystring, response: { 200: driftPageSchema } };
  app.get("/drift", { config: CONFIG, schema }, async ({ query: { cursor, limit } }) => {
    const { loop } = opened(serving);
    const checks = await loop.driftChecks({ after: cursor ?? null, limit });
    const last = checks.at(-1);
    return {
      items: checks.map(({ cutoffMs, modelVersion, alarmed, episodeSinceMs, madeAtMs, p, features }) => ({
        to: isoOf(cutoffMs),
        model_version: modelVersion,
        drifted: alarmed,
        p,
        features: [...features],
        episode_since: episodeSinceMs === null ? null : isoOf(episodeSinceMs),
        made_at: isoOf(madeAtMs),
      })),
      next_cursor:
        checks.length < limit || last === undefined
          ? null
          : cursorOf({ cutoffMs: last.cutoffMs, modelVersion: last.modelVersion }),
      latest: await loop.latestDrift(),
    };
  });
};
