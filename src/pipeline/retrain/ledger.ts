import type { RetrainingDocument } from "../../schema/retraining-document.js";
import type { LiveDb } from "../../store/live/live-db.js";
import type { Cause } from "./due.js";

export const RETRAINING_STATES = ["running", "promoted", "challenger", "nothing", "failed", "broken-off"] as const;
export type RetrainingState = (typeof RETRAINING_STATES)[number];

/** One decision, as it is kept. */
export interface LedgerEntry {
  readonly id: number;
  readonly begunAtMs: number;
  readonly endedAtMs: number | null;
  readonly state: RetrainingState;
  readonly askedBy: string;
  readonly causes: readonly Cause[];
  readonly champion: string;
  readonly candidate: string | null;
  /** Null while it runs, and where it was broken off. */
  readonly document: RetrainingDocument | null;
}

interface Row {
  readonly id: number;
  readonly begun_at_ms: number;
  readonly ended_at_ms: number | null;
  readonly state: RetrainingState;
  readonly asked_by: string;
  readonly causes: string;
  readonly champion: string;
  readonly candidate: string | null;
  readonly document: string | null;
}

/** Every retraining, its causes, and what came of it. Nothing in it is ever taken back. */
export class Ledger {
  readonly #db: LiveDb;

  constructor(db: LiveDb) {
    this.#db = db;
  }

  async begin(entry: Pick<LedgerEntry, "begunAtMs" | "askedBy" | "causes" | "champion">): Promise<number> {
    const { begunAtMs, askedBy, causes, champion } = entry;
    const [row] = await this.#db.query<{ id: number }>(
      `INSERT INTO retrainings (begun_at_ms, state, asked_by, causes, champion)
       VALUES ($1, 'running', $2, $3, $4) RETURNING id`,
      [begunAtMs, askedBy, JSON.stringify(causes), champion],
    );
    return row?.id ?? 0;
  }

  /** Before the champion changes: whoever finds it broken off knows by this what had been done. */
  async deciding(id: number, candidate: string): Promise<void> {
    await this.#db.query("UPDATE retrainings SET candidate = $2 WHERE id = $1", [id, candidate]);
  }

  async end(id: number, state: RetrainingState, document: RetrainingDocument, endedAtMs: number): Promise<void> {
    await this.#db.query(
      "UPDATE retrainings SET state = $2, document = $3, ended_at_ms = $4, candidate = $5 WHERE id = $1",
      [id, state, JSON.stringify(document), endedAtMs, document.candidate?.version ?? null],
    );
  }

  /** What was running when its process died: to be called by who holds the lease. Its candidate serves, or nothing was changed. */
  async sweep(champion: string | null, nowMs: number): Promise<number> {
    const rows = await this.#db.query(
      `UPDATE retrainings SET ended_at_ms = $2, state = CASE WHEN candidate = $1 THEN 'promoted' ELSE 'broken-off' END
       WHERE state = 'running' RETURNING id`,
      [champion ?? "", nowMs],
    );
    return rows.length;
  }

  /** The newest first. @param before an id; null from the newest on */
  async list({
    before = null,
    limit,
  }: {
    readonly before?: number | null;
    readonly limit: number;
  }): Promise<LedgerEntry[]> {
    const rows = await this.#db.query<Row>("SELECT * FROM retrainings WHERE id < $1::int8 ORDER BY id DESC LIMIT $2", [
      before ?? Number.MAX_SAFE_INTEGER,
      limit,
    ]);
    return rows.map(entryOf);
  }

  /** The last that came to an end with a decision; null for none. */
  async lastDecided(): Promise<LedgerEntry | null> {
    const [row] = await this.#db.query<Row>(
      "SELECT * FROM retrainings WHERE state IN ('promoted', 'challenger', 'nothing') ORDER BY id DESC LIMIT 1",
    );
    return row === undefined ? null : entryOf(row);
  }
}

function entryOf(row: Row): LedgerEntry {
  return {
    id: row.id,
    begunAtMs: row.begun_at_ms,
    endedAtMs: row.ended_at_ms,
    state: row.state,
    askedBy: row.asked_by,
    causes: JSON.parse(row.causes) as Cause[],
    champion: row.champion,
    candidate: row.candidate,
    document: row.document === null ? null : (JSON.parse(row.document) as RetrainingDocument),
  };
}
