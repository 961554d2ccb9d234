import { z } from "zod";
import { isoOf } from "../../base/time.js";
import { parseIsoTime } from "../../schema/event-limits.js";
import { ROLES } from "../../schema/roles.js";
import { nameSchema } from "../api.js";
import type { Route } from "../route.js";

const roleSchema = z.enum(ROLES);

export const keyBodySchema = z.strictObject({
  role: roleSchema,
  /** ISO 8601; never, where it is absent. */
  expires: z
    .string()
    .refine((text) => Number.isFinite(parseIsoTime(text)), "must be a moment as ISO 8601")
    .optional(),
});

export const madeKeySchema = z.object({ id: z.string(), role: roleSchema, key: z.string() });

export const keyListSchema = z.object({
  keys: z.array(
    z.object({
      id: z.string(),
      role: roleSchema,
      made_at: z.string(),
      expires_at: z.string().nullable(),
      revoked_at: z.string().nullable(),
    }),
  ),
});

export const keyParamsSchema = z.object({ id: nameSchema(100) });

const LIST = {
  role: "admin",
  doc: { summary: "The keys there are, without their secrets", answers: { 200: { about: "All of them." } } },
} as const;
const MAKE = {
  role: "admin",
  doc: {
    summary: "Make a key",
    example: { role: "reader" },
    answers: { 200: { about: "The key, shown this once." } },
  },
} as const;
const REVOKE = {
  role: "admin",
  doc: {
    summary: "Let a key open nothing any longer",
    answers: { 200: { about: "It does not." } },
    problems: ["KEY_UNKNOWN"],
  },
} as const;

/** `GET /keys`, `POST /keys`, `DELETE /keys/:id`: what `refrain keys` does, while a service holds the live store. */
export const keysRoutes: Route = (app, _serving, { doors }) => {
  app.get("/keys", { config: LIST, schema: { response: { 200: keyListSchema } } }, async () => {
    const when = (ms: number | null) => (ms === null ? null : isoOf(ms));
    const keys = (await doors().listKeys()).map(({ id, role, madeAtMs, expiresAtMs, revokedAtMs }) => ({
      id,
      role,
      made_at: isoOf(madeAtMs),
      expires_at: when(expiresAtMs),
      revoked_at: when(revokedAtMs),
    }));
    return { keys };
  });

  const making = {
    config: MAKE,
    schema: { body: keyBodySchema, response: { 200: madeKeySchema } },
  } as const;
  app.post("/keys", making, ({ body: { role, expires } }) =>
    doors().createKey(role, expires === undefined ? null : parseIsoTime(expires)),
  );

  const revoking = {
    config: REVOKE,
    schema: { params: keyParamsSchema, response: { 200: z.object({ id: z.string(), revoked: z.literal(true) }) } },
  } as const;
  app.delete("/keys/:id", revoking, async ({ params: { id } }) => {
    await doors().revokeKey(id);
    return { id, revoked: true as const };
  });
};
