import { z } from "zod";
import { isoOf } from "../../base/time.js";
import type { Session } from "../../pipeline/live/access.js";
import { ROLES } from "../../schema/roles.js";
import { cookieOf, SESSION_COOKIE, setSessionCookie } from "../cookies.js";
import { checkCsrf, csrfTokenOf } from "../csrf.js";
import { HttpProblemError } from "../http-problems.js";
import type { Route } from "../route.js";

const HOUR_MS = 3_600_000;

export const loginBodySchema = z.strictObject({ key: z.string().min(1).max(200) });
export const loginQuerySchema = z.object({ token: z.string().min(1).max(200) });

/** What a page knows of its login. `csrf_token` goes into the header `x-csrf-token` of whatever may change something. */
export const sessionSchema = z.object({
  role: z.enum(ROLES),
  expires_at: z.string(),
  csrf_token: z.string(),
});

const GUARDED = ["TOO_MANY_REFUSED", "STORE_UNAVAILABLE", "STARTING"] as const;
const LOGIN = {
  role: "none",
  audited: true,
  doc: {
    summary: "Log in with a key: a cookie in its place, for pages",
    answers: { 200: { about: "The login; set-cookie holds it." } },
    problems: ["KEY_REFUSED", ...GUARDED],
  },
} as const;
const LINK = {
  role: "none",
  audited: true,
  doc: {
    summary: "Log in by a link that works once",
    answers: { 303: { about: "To the page; set-cookie holds the login.", type: null } },
    problems: ["LINK_SPENT", ...GUARDED],
  },
} as const;
const SESSION = {
  role: "none",
  doc: {
    summary: "What a page may know of its login",
    answers: { 200: { about: "The login." } },
    problems: ["LOGIN_OVER", ...GUARDED],
  },
} as const;
const LOGOUT = {
  role: "none",
  audited: true,
  doc: {
    summary: "End a login",
    answers: { 204: { about: "There is none any more.", type: null } },
    problems: ["CSRF_REFUSED", ...GUARDED],
  },
} as const;

/** `POST /login`, `GET /login?token=` (the one-time link), `GET /session`, `POST /logout`: a cookie in place of a key, for pages. */
export const loginRoutes: Route = (app, _serving, { settings, doors, limits }) => {
  const lastsMs = settings.sessionHours * HOUR_MS;
  const loginOptions = { config: LOGIN, schema: { body: loginBodySchema, response: { 200: sessionSchema } } };
  app.post("/login", loginOptions, async (request, reply) => {
    limits.checkRefused(request);
    const session = await doors().login(request.body.key, lastsMs);
    if (session === null) {
      limits.refuse(request);
      throw new HttpProblemError("KEY_REFUSED");
    }
    request.caller = session;
    setSessionCookie({ request, reply }, session.token, lastsMs / 1000);
    return described(session, session.token);
  });

  app.get("/login", { config: LINK, schema: { querystring: loginQuerySchema } }, async (request, reply) => {
    limits.checkRefused(request);
    const session = await doors().loginByLink(request.query.token, lastsMs);
    if (session === null) {
      limits.refuse(request);
      throw new HttpProblemError("LINK_SPENT");
    }
    request.caller = session;
    setSessionCookie({ request, reply }, session.token, lastsMs / 1000);
    return reply.redirect("/", 303);
  });

  app.get("/session", { config: SESSION, schema: { response: { 200: sessionSchema } } }, async (request) => {
    const token = cookieOf(request, SESSION_COOKIE);
    const session = token === null ? null : await doors().sessionOf(token);
    if (token === null || session === null) throw new HttpProblemError("LOGIN_OVER");
    return described(session, token);
  });

  app.post("/logout", { config: LOGOUT }, async (request, reply) => {
    const token = cookieOf(request, SESSION_COOKIE);
    const session = token === null ? null : await doors().sessionOf(token);
    if (token !== null && session !== null) {
      request.caller = session;
      checkCsrf(request, token);
      await doors().logout(token);
    }
    setSessionCookie({ request, reply }, "", 0);
    return reply.status(204).send();
  });
};

function described({ role, expiresAtMs }: Session, token: string): z.infer<typeof sessionSchema> {
  return { role, expires_at: isoOf(expiresAtMs), csrf_token: csrfTokenOf(token) };
}
