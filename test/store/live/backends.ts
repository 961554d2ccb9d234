import { cpSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { NEEDS_POSTGRES } from "../../../harness/postgres-server.js";
import type { LiveDb } from "../../../src/store/live/live-db.js";
import { type LiveDbPlace, openLiveDb } from "../../../src/store/live/open-live-db.js";
import { temporaryFolder, testWorld } from "../../pipeline/ingest-fixture.js";
import { runWide } from "../../run-wide/ask.js";

/** A database under its name, to run the same tests on: `place` gives a fresh one without a row. */
export interface Backend {
  readonly name: string;
  readonly isAbsent: boolean;
  place(folder: string): Promise<LiveDbPlace>;
}

/** Gives a home the live store of one that was opened once: making a PGlite takes seconds. */
export async function emptyStore(home: string): Promise<void> {
  cpSync(await runWide("home with an empty store"), home, { recursive: true });
}

export const BACKENDS: readonly Backend[] = [
  {
    name: "PGlite",
    isAbsent: false,
    place: async (folder) => {
      const home = mkdtempSync(join(folder, "home-"));
      await emptyStore(home);
      return { home };
    },
  },
  { name: "PostgreSQL", isAbsent: NEEDS_POSTGRES, place: async () => ({ url: await runWide("new database") }) },
];

export interface TestStore {
  readonly db: LiveDb;
  readonly place: LiveDbPlace;
}

/** For a `describe` block: a store that is opened once for its tests, and in which there is no row before each of them. */
export function storeOfTests(place: Backend["place"]): TestStore {
  const folder = temporaryFolder();
  let opened: TestStore | null = null;
  const store = (): TestStore => {
    if (opened === null) throw new Error("the store is there while tests run");
    return opened;
  };
  beforeAll(async () => {
    const where = await place(folder);
    opened = { place: where, db: await openLiveDb(where, testWorld()) };
  });
  beforeEach(async () => {
    const { db } = store();
    const tables = await db.query<{ name: string }>(
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migrations'",
    );
    await db.exec(
      `TRUNCATE ${tables.map(({ name }) => name).join()} RESTART IDENTITY; INSERT INTO quarantine_dropped VALUES (0)`,
    );
  });
  afterAll(() => opened?.db.close());
  return {
    get db() {
      return store().db;
    },
    get place() {
      return store().place;
    },
  };
}
