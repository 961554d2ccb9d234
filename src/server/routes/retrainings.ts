import { z } from "zod";
import { RefrainError } from "../../base/errors.js";
import { isoOf } from "../../base/time.js";
import { type LedgerEntry, RETRAINING_STATES } from "../../pipeline/retrain/ledger.js";
import { cursorOf, cursorSchema, limitSchema } from "../cursor.js";
import type { Route } from "../route.js";
import type { ServingState } from "../serving.js";

const id = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
const causeSchema = z.object({ kind: z.string(), evidence: z.string() });

export const retrainingSchema = z.object({
  id,
  begun_at: z.string(),
  /** Null while it runs. */
  ended_at: z.string().nullable(),
  state: z.enum(RETRAINING_STATES),
  asked_by: z.string(),
  causes: z.array(causeSchema),
  champion: z.string(),
  candidate: z.string().nullable(),
  /** What was decided and why; null while it runs, and where it was broken off. */
  decision: z.record(z.string(), z.unknown()).nullable(),
});

const pageSchema = z.object({ items: z.array(retrainingSchema), next_cursor: z.string().nullable() });
const bodySchema = z
  .strictObject({
    /** Nothing is done where nothing is due. */
    if_due: z.boolean().default(false),
    /** Says what is due, and does nothing. */
    dry_run: z.boolean().default(false),
  })
  .nullish();
/** As `refrain retrain --json`. */
const decisionSchema = z.record(z.string(), z.unknown());

const LIST = {
  role: "reader",
  doc: {
    summary: "Every retraining, its causes and what came of it, newest first",
    answers: { 200: { about: "A page; next_cursor is the cursor of the next one, null after the last." } },
  },
} as const;
const ONE = {
  role: "reader",
  doc: {
    summary: "One retraining",
    answers: { 200: { about: "How far it is." } },
    problems: ["RETRAINING_UNKNOWN"],
  },
} as const;
const BEGIN = {
  role: "admin",
  doc: {
    summary: "Retrain the champion",
    example: { if_due: true },
    answers: {
      200: {
        about:
          "It has begun, and what serves goes on serving: GET /retrainings/ledgerId tells how far it is. Without a ledgerId nothing was done: it was not due, or this was a dry run.",
      },
    },
    problems: ["RETRAINING_RUNNING", "NO_MODEL", "NO_DATA"],
  },
} as const;

/** `GET /retrainings`: the ledger. `POST /retrainings`: begins one, which goes on behind the answer. */
export const retrainingsRoutes: Route = (app, serving) => {
  const query = z.object({ cursor: cursorSchema(id).optional(), limit: limitSchema });
  const listing = { config: LIST, schema: { querystring: query, response: { 200: pageSchema } } } as const;
  app.get("/retrainings", listing, async ({ query: { cursor, limit } }) => {
    const entries = await ledgerOf(serving).list({ before: cursor ?? null, limit });
    const last = entries.at(-1);
    return {
      items: entries.map(shown),
      next_cursor: entries.length < limit || last === undefined ? null : cursorOf(last.id),
    };
  });

  const params = z.object({ id: z.coerce.number().pipe(id) });
  const one = { config: ONE, schema: { params, response: { 200: retrainingSchema } } } as const;
  app.get("/retrainings/:id", one, async ({ params: asked }) => {
    const entry = await ledgerOf(serving).get(asked.id);
    if (entry === null) throw new RefrainError("RETRAINING_UNKNOWN", { id: asked.id });
    return shown(entry);
  });

  const beginning = {
    config: BEGIN,
    schema: { body: bodySchema, response: { 200: decisionSchema } },
  };
  app.post("/retrainings", beginning, async ({ body, caller }) => {
    const { if_due: ifDue = false, dry_run: dryRun = false } = body ?? {};
    const askedBy = caller?.id ?? "no key";
    const document = await ledgerOf(serving).begin({ ifDue, dryRun, askedBy });
    return { ...document };
  });
};

function ledgerOf({ retrainings }: ServingState): NonNullable<ServingState["retrainings"]> {
  if (retrainings === null) throw new RefrainError("STARTING");
  return retrainings;
}

function shown({ id, begunAtMs, endedAtMs, state, askedBy, causes, champion, candidate, document }: LedgerEntry) {
  return {
    id,
    begun_at: isoOf(begunAtMs),
    ended_at: endedAtMs === null ? null : isoOf(endedAtMs),
    state,
    asked_by: askedBy,
    causes: [...causes],
    champion,
    candidate,
    decision: document === null ? null : { ...document },
  };
}
