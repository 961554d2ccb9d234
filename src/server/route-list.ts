import type { FastifyContextConfig, FastifyInstance, FastifySchema } from "fastify";
import type { Role } from "../schema/roles.js";

declare module "fastify" {
  interface FastifyInstance {
    /** Every route that was added, without the answers to methods that an address does not take. */
    readonly routeList: readonly KnownRoute[];
  }
}

export interface KnownRoute {
  readonly method: string;
  /** The pattern: `/users/:id`. */
  readonly url: string;
  readonly role: Role | "none";
  readonly config: FastifyContextConfig;
  readonly schema: FastifySchema;
}

/** Keeps a list of the routes that are added from now on. */
export function keepRouteList(app: FastifyInstance): void {
  const routes: KnownRoute[] = [];
  app.decorate("routeList", routes);
  app.addHook("onRoute", ({ url, method, config = {}, schema = {} }) => {
    if (config.isFallback === true) return;
    const role = config.role ?? "admin";
    routes.push(...[method].flat().map((one) => ({ method: one, url, role, config, schema })));
  });
}
