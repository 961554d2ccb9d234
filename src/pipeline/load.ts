import type { World } from "../base/world.js";
import { type Recovery, recoverSessions } from "../identity/recover-sessions.js";
import type { RecoveryDocument } from "../schema/documents.js";
import type { EventColumns } from "../schema/event-columns.js";
import type { SessionColumns } from "../schema/session-columns.js";
import { HeldEvents, type HeldLake } from "../store/held-events.js";
import { withHomeLock } from "../store/home-lock.js";
import { openLake } from "../store/lake.js";
import { readEventColumns } from "../store/read-event-columns.js";
import { findLogs } from "./ingest/find-logs.js";
import { type IngestOptions, type IngestSummary, ingestLogs } from "./ingest.js";
import { keepRecovery, recover } from "./recover.js";

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
  let fromMemory: Known | null = null;
  const loaded = await withHomeLock(home, "ingest", async () => {
    const ingest = await ingestLogs(
      home,
      logs,
      {
        map,
        whileWriting: (lake) => {
          world.log.info("Recovering the user ids of logged-out rows");
          fromMemory = knownEvents(lake);
        },
      },
      world,
    );
    if (fromMemory === null) return { ingest };
    const { columns, rows, recovery } = fromMemory as Known;
    const { simulated } = columns;
    return { ingest, columns, recovery: await keepRecovery(home, { rows, recovery, simulated }, truth, world) };
  });
  if (loaded.columns !== undefined) return loaded;
  const recovery = await recover(home, truth, world);
  world.log.info("Reading the lake");
  return { ingest: loaded.ingest, recovery, columns: await readEventColumns(openLake(home), world) };
}

interface Known {
  readonly rows: SessionColumns;
  readonly recovery: Recovery;
  readonly columns: EventColumns;
}

function knownEvents(lake: HeldLake): Known {
  const held = new HeldEvents(lake);
  const rows = held.sessions;
  const recovery = recoverSessions(rows);
  return { rows, recovery, columns: held.eventColumns(recovery.attributions) };
}
