import { join } from "node:path";

/** Where everything of the lake lies in a home folder. */
export interface HomePaths {
  readonly home: string;
  readonly lock: string;
  readonly lake: string;
  readonly events: string;
  readonly quarantine: string;
  readonly manifest: string;
  readonly attributions: string;
  /** What was folded from the events, and can be again. */
  readonly folded: string;
  /** Half-written files and spilled sorts; emptied by the next writer. */
  readonly temp: string;
  /** The live store, where it is PGlite. */
  readonly live: string;
  readonly liveLock: string;
  /** Tombstones and receipts of who was erased, and the erasure that is under way. */
  readonly erasures: string;
  readonly pendingErasure: string;
  /** Pages and tables made by commands, and can be again. */
  readonly reports: string;
}

export function homePaths(home: string): HomePaths {
  const lake = join(home, "lake");
  return {
    home,
    lock: join(home, "lock"),
    lake,
    events: join(lake, "events"),
    quarantine: join(lake, "quarantine"),
    manifest: join(lake, "manifest.json"),
    attributions: join(lake, "attributions.parquet"),
    folded: join(lake, "folded"),
    temp: join(lake, "temp"),
    live: join(home, "live"),
    liveLock: join(home, "live.lock"),
    erasures: join(home, "erasures"),
    pendingErasure: join(home, "erasures", "pending.json"),
    reports: join(home, "reports"),
  };
}
