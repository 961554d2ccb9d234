import { z } from "zod";
import { aliasesOf } from "../../registry/local.js";
import type { Route } from "../route.js";
import { opened } from "../serving.js";

export const versionParamsSchema = z.object({ version: z.string().min(1).max(200) });

export const modelListSchema = z.object({
  items: z.array(
    z.object({
      version: z.string(),
      champion: z.boolean(),
      /** Whether it scores in the shadow of the champion, and why it is not the champion. */
      challenger: z.boolean(),
      reasons: z.array(z.string()),
      aliases: z.array(z.string()),
      cause: z.enum(["manual", "time", "drift", "quality"]),
      ledger_id: z.union([z.string(), z.number()]).nullable(),
      protocol: z.string(),
      leaky: z.boolean(),
      verdict: z.enum(["passed", "inconclusive", "failed"]).nullable(),
      registered_at: z.string(),
      metrics: z.record(z.string(), z.number().nullable()),
    }),
  ),
  champion: z.string().nullable(),
  /** Those that served before, the latest first. */
  previous: z.array(z.string()),
  challengers: z.array(z.string()),
  aliases: z.record(z.string(), z.string()),
});

export const championSchema = z.object({ champion: z.string() });

const LIST = {
  role: "reader",
  doc: {
    summary: "What was trained, and which of it serves",
    answers: { 200: { about: "All versions, oldest first." } },
  },
} as const;
const REPORT = {
  role: "reader",
  doc: {
    summary: "How a model was trained, and how well it did",
    answers: {
      200: { about: "Metrics with intervals, threshold, audits.", schema: z.record(z.string(), z.unknown()) },
    },
    problems: ["MODEL_UNKNOWN", "MODEL_BROKEN"],
  },
} as const;
const PROMOTE = {
  role: "admin",
  doc: {
    summary: "Make a version the one that serves",
    answers: { 200: { about: "It serves from the next request on." } },
    problems: ["MODEL_UNKNOWN", "PROMOTION_BARRED", "MODEL_BROKEN", "HOME_LOCKED"],
  },
} as const;
const ROLL_BACK = {
  role: "admin",
  doc: {
    summary: "Go back to the version that served before",
    answers: { 200: { about: "The version that serves from the next request on." } },
    problems: ["NO_MODEL", "MODEL_BROKEN", "HOME_LOCKED"],
  },
} as const;

/**
 * `GET /models`, `GET /models/:v/report`: what was trained and how well it did. `POST /models/:v/promote`, `POST
 * /models/rollback`: which one serves, from the next request on.
 */
export const modelsRoutes: Route = (app, serving) => {
  app.get("/models", { config: LIST, schema: { response: { 200: modelListSchema } } }, () => {
    const index = serving.home.registry();
    const { versions, champion, previous, challengers } = index;
    const aliases = aliasesOf(index);
    const items = versions.map(({ version, protocol, leaky, verdict, registeredAt, metrics, ...entry }) => ({
      version,
      champion: version === champion,
      challenger: challengers.includes(version),
      reasons: entry.reasons ?? [],
      aliases: Object.keys(aliases).filter((name) => aliases[name] === version),
      cause: entry.cause ?? "manual",
      ledger_id: entry.ledgerId ?? null,
      protocol,
      leaky,
      verdict,
      registered_at: registeredAt,
      metrics,
    }));
    return { items, champion, previous, challengers, aliases };
  });

  app.get("/models/:version/report", { config: REPORT, schema: { params: versionParamsSchema } }, ({ params }) => {
    const { state: _, calibrator: __, ...report } = serving.home.model(params.version);
    return report;
  });

  const promoting = {
    config: PROMOTE,
    schema: { params: versionParamsSchema, response: { 200: championSchema } },
  } as const;
  app.post("/models/:version/promote", promoting, async ({ params: { version } }) => {
    const champion = await serving.home.promote(version);
    await opened(serving).follow();
    return { champion };
  });

  app.post("/models/rollback", { config: ROLL_BACK, schema: { response: { 200: championSchema } } }, async () => {
    const champion = await serving.home.rollBack();
    await opened(serving).follow();
    return { champion };
  });
};
