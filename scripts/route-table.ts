import { z } from "zod";
import { servingOf } from "#src/cli/serving-state.js";
import { buildApp } from "#src/server/app.js";
import type { RouteDoc } from "#src/server/openapi/route-doc.js";
import type { KnownRoute } from "#src/server/route-list.js";

type RouteRow = readonly [route: string, role: string, about: string];

/** Every route of the service, as it adds them itself, with its role and what it is for. Nothing is opened for it. */
export function routeRows(): RouteRow[] {
  const quiet = () => {};
  const app = buildApp({
    serving: servingOf({ current: null, home: "." }),
    world: { log: { debug: quiet, info: quiet, warn: quiet } },
    guard: { access: null, keyless: null },
  });
  // HEAD is what GET is, without its body.
  return app.routeList
    .filter(({ method }) => method !== "HEAD")
    .map((route) => [addressOf(route), roleOf(route), aboutOf(route.config.doc)]);
}

/** `GET /users?cursor=&limit=` */
function addressOf({ method, url, schema: { querystring } }: KnownRoute): string {
  const { properties = {} } =
    querystring === undefined ? {} : z.toJSONSchema(querystring as z.ZodType, { io: "input" });
  const query = Object.keys(properties).map((name) => `${name}=`);
  return `${method} ${url}${query.length === 0 ? "" : `?${query.join("&")}`}`;
}

function roleOf({ role, config }: KnownRoute): string {
  return config.isOpenOnLoopback === true ? `${role}; none from this machine` : role;
}

const aboutOf = (doc: RouteDoc | undefined) => doc?.summary ?? "";
