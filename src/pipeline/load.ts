import type { DuckDBConnection } from "@duckdb/node-api";
import { assert } from "../base/assert.js";
import type { World } from "../base/world.js";
import { type Recovery, recoverSessions } from "../identity/recover-sessions.js";
import type { RecoveryDocument } from "../schema/documents.js";
import type { EventColumns } from "../schema/event-columns.js";
import type { SessionColumns } from "../schema/session-columns.js";
import { writeAttributionsWith } from "../store/attributions.js";
import type { WhileWriting } from "../store/commit.js";
import { HeldEvents, type HeldLake, type NameNumbers } from "../store/held-events.js";
import { withHomeLock } from "../store/home-lock.js";
import { openLake } from "../store/lake.js";
import { readEventColumns } from "../store/read-event-columns.js";
import { findLogs } from "./ingest/find-logs.js";
import { type IngestOptions, type IngestSummary, ingestLogs } from "./ingest.js";
import { keyed, recover, recoveryDocument } from "./recover.js";

export interface Loaded {
  readonly ingest: IngestSummary;
  readonly recovery: RecoveryDocument;
  readonly columns: EventColumns;
}

/**
 * `ingest`, `recover` and `readEventColumns` in one: the same home and the same events. Into an empty home it does not read
 * back what it has just written, and recovers while that is being written. Fails as those three do.
 *
 * @param truth a truth file, when the log is simulated: recovery is then measured
 */
export async function load(
  home: string,
  paths: readonly string[],
  { map = {}, truth }: IngestOptions & { readonly truth: string | null },
  world: World,
): Promise<Loaded> {
  const logs = await findLogs(paths);
  const recovering = new Recovering(home, world);
  const ingest = await withHomeLock(home, "ingest", () =>
    ingestLogs(home, logs, { map, whileWriting: recovering }, world),
  );
  if (recovering.known !== null) {
    const { columns, rows, recovery } = recovering.known;
    const { simulated } = columns;
    return { ingest, columns, recovery: { ...recoveryDocument(rows, recovery, truth), simulated } };
  }
  const recovery = await recover(home, truth, world);
  world.log.info("Reading the lake");
  return { ingest, recovery, columns: await readEventColumns(openLake(home), world) };
}

interface Known {
  readonly rows: SessionColumns;
  readonly recovery: Recovery;
  readonly columns: EventColumns;
}

/** Makes known events of the rows of a lake while that is being written. */
class Recovering implements WhileWriting {
  /** Null as long as there are none. */
  known: Known | null = null;
  private held: HeldEvents | null = null;
  private readonly home: string;
  private readonly world: World;

  constructor(home: string, world: World) {
    this.home = home;
    this.world = world;
  }

  begin(lake: HeldLake): void {
    this.held = new HeldEvents(lake);
  }

  finish(names: NameNumbers): void {
    assert(this.held !== null, "finish comes after begin");
    this.world.log.info("Recovering the user ids of logged-out rows");
    const rows = this.held.sessions;
    const recovery = recoverSessions(rows);
    this.known = { rows, recovery, columns: this.held.eventColumns(recovery.attributions, names) };
  }

  async settle(connection: DuckDBConnection): Promise<void> {
    assert(this.known !== null, "settle comes after finish");
    const { rows, recovery } = this.known;
    await writeAttributionsWith(connection, this.home, keyed(rows, recovery), { sessionsOf: null });
  }
}
