import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { LiveDbPlace } from "../../../src/store/live/open-live-db.js";
import { NEEDS_POSTGRES, startPostgres } from "./postgres-server.js";

/** A database under its name, to run the same tests on: `place` gives a fresh, empty one. */
interface Backend {
  readonly name: string;
  readonly isAbsent: boolean;
  place(): Promise<LiveDbPlace>;
}

function freshHome(): string {
  const home = mkdtempSync(join(tmpdir(), "refrain-live-"));
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

let server: ReturnType<typeof startPostgres> | null = null;

async function freshDatabase(): Promise<LiveDbPlace> {
  server ??= startPostgres();
  return { url: await (await server).createDatabase() };
}

afterAll(async () => (await server)?.stop());

export const BACKENDS: readonly Backend[] = [
  { name: "PGlite", isAbsent: false, place: async () => ({ home: freshHome() }) },
  { name: "PostgreSQL", isAbsent: NEEDS_POSTGRES, place: freshDatabase },
];
