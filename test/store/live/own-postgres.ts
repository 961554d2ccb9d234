import { afterAll, beforeAll } from "vitest";
import { type PostgresServer, startPostgres } from "../../../harness/postgres-server.js";

/** For a `describe` block: a server of its own, which its tests may stop and kill. It is there while they run. */
export function ownPostgres(): PostgresServer {
  let started: PostgresServer | null = null;
  const server = (): PostgresServer => {
    if (started === null) throw new Error("the server is there while tests run");
    return started;
  };
  beforeAll(async () => {
    started = await startPostgres();
  });
  afterAll(() => started?.stop());
  return {
    createDatabase: () => server().createDatabase(),
    crash: () => server().crash(),
    kill: () => server().kill(),
    halt: () => server().halt(),
    start: () => server().start(),
    stop: () => server().stop(),
  };
}
