import { cpSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { afterAll } from "vitest";
import { type LiveDbPlace, openLiveDb } from "../../../src/store/live/open-live-db.js";
import { temporaryFolder, testWorld } from "../../pipeline/ingest-fixture.js";
import { NEEDS_POSTGRES, startPostgres } from "./postgres-server.js";

/** A database under its name, to run the same tests on: `place` gives a fresh one without a row. */
interface Backend {
  readonly name: string;
  readonly isAbsent: boolean;
  place(): Promise<LiveDbPlace>;
}

const folder = temporaryFolder();
let template: Promise<string> | null = null;

/** A copy of a home that was opened once: making a PGlite takes seconds. */
async function freshHome(): Promise<LiveDbPlace> {
  template ??= newHome();
  const home = mkdtempSync(join(folder, "home-"));
  cpSync(await template, home, { recursive: true });
  return { home };
}

async function newHome(): Promise<string> {
  const home = mkdtempSync(join(folder, "template-"));
  await (await openLiveDb({ home }, testWorld())).close();
  return home;
}

let server: ReturnType<typeof startPostgres> | null = null;

async function freshDatabase(): Promise<LiveDbPlace> {
  server ??= startPostgres();
  return { url: await (await server).createDatabase() };
}

afterAll(async () => (await server)?.stop());

export const BACKENDS: readonly Backend[] = [
  { name: "PGlite", isAbsent: false, place: freshHome },
  { name: "PostgreSQL", isAbsent: NEEDS_POSTGRES, place: freshDatabase },
];
