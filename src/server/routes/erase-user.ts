import { z } from "zod";
import { userParamsSchema } from "../api.js";
import type { Route } from "../route.js";

const count = z.number().int();
const receiptSchema = z.object({
  id: z.string(),
  tombstone: z.string(),
  erasedAt: z.string(),
  live: z
    .object({
      events: count,
      recovered: count,
      sessions: count,
      refolded: count,
      tables: z.record(z.string(), count),
    })
    .nullable(),
  lake: z.object({ files: count, events: count, recovered: count, quarantinedLines: count }),
  removedFiles: z.array(z.string()),
  trainedWith: z.array(z.object({ version: z.string(), registeredAt: z.string(), serves: z.boolean() })),
  hints: z.array(z.string()),
});

const CONFIG = {
  role: "admin",
  doc: {
    summary: "Erase a user, and refuse what comes again of the user; again, the same receipt",
    answers: { 200: { about: "What was removed where, without a word about whom.", schema: receiptSchema } },
    problems: ["USER_UNKNOWN"],
  },
} as const;

/** `DELETE /users/:id`: 200 with a receipt once the user is erased. */
export const eraseUserRoute: Route = (app, serving) => {
  app.delete("/users/:id", { config: CONFIG, schema: { params: userParamsSchema } }, ({ params: { id } }) =>
    serving.erase(id),
  );
};
