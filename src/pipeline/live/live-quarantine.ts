import { RefrainError } from "../../base/errors.js";
import type { World } from "../../base/world.js";
import { EVENT_FIELDS } from "../../schema/event-limits.js";
import type { LiveDb } from "../../store/live/live-db.js";
import { userIdOf } from "../ingest/field-values.js";
import type { Rejected } from "./check-events.js";
import {
  deleteQuarantined,
  droppedRows,
  insertQuarantined,
  type KeptReject,
  type NewReject,
  quarantinePage,
  readQuarantined,
} from "./quarantine-table.js";

const CHARS_MAX = 8_192;
/** In memory, until the store has them. */
const WAITING_MAX = 1_000;
const ROWS_MAX = 10_000;

/** What became of one event that was tried again. */
interface Retried {
  readonly rejected: readonly Rejected[];
}

/**
 * Live events that were not taken, kept to be looked at and tried again. They are written behind the answer, which said why: what
 * waits in memory when the process dies is lost, and when more comes than can be written, the rest is dropped and counted.
 */
export class LiveQuarantine {
  readonly #db: LiveDb;
  readonly #world: Pick<World, "now">;
  readonly #rowsMax: number;
  #waiting: NewReject[] = [];
  #unwritten = 0;
  #writing: Promise<void> | null = null;

  constructor(db: LiveDb, world: Pick<World, "now">, rowsMax = ROWS_MAX) {
    this.#db = db;
    this.#world = world;
    this.#rowsMax = rowsMax;
  }

  /** Keeps the items that were rejected, but for those of users who were erased. Does not wait. */
  keep(items: readonly unknown[], rejected: readonly Rejected[]): void {
    const receivedAtMs = this.#world.now();
    for (const { index, code } of rejected) {
      if (code === "USER_ERASED") continue;
      if (this.#waiting.length >= WAITING_MAX) this.#unwritten++;
      else this.#waiting.push({ receivedAtMs, code, ...keptOf(items[index]) });
    }
    this.#write();
  }

  /** Newest first; `before` is the id of the last one of the page before. */
  async page(page: { readonly before: number | null; readonly limit: number }): Promise<readonly KeptReject[]> {
    await this.#writing;
    return quarantinePage(this.#db, page);
  }

  /** How many were dropped to make room for others. */
  async dropped(): Promise<number> {
    return (await droppedRows(this.#db)) + this.#unwritten;
  }

  /**
   * Tries one again, as it was or as it is given now; what is taken leaves quarantine. Throws `QUARANTINE_UNKNOWN`,
   * `QUARANTINE_PARTIAL`.
   */
  async retry<T extends Retried>(id: number, event: unknown, take: (item: unknown) => Promise<T>): Promise<T> {
    const kept = await readQuarantined(this.#db, id);
    if (kept === null) throw new RefrainError("QUARANTINE_UNKNOWN", { id });
    const item = event ?? kept.event;
    if (item === null) throw new RefrainError("QUARANTINE_PARTIAL", { id });
    const taken = await take(item);
    if (taken.rejected.length === 0) await deleteQuarantined(this.#db, id);
    return taken;
  }

  async close(): Promise<void> {
    await this.#writing;
  }

  #write(): void {
    if (this.#writing !== null || this.#waiting.length === 0) return;
    const rows = this.#waiting;
    this.#waiting = [];
    this.#writing = insertQuarantined(this.#db, rows, this.#rowsMax)
      .catch(() => {
        this.#unwritten += rows.length;
      })
      .then(() => {
        this.#writing = null;
        this.#write();
      });
  }
}

/** Of what was sent the fields of an event: whatever else somebody sends, a secret maybe, is not kept. */
function keptOf(item: unknown): { readonly userId: string | null; readonly event: string | null } {
  if (typeof item !== "object" || item === null || Array.isArray(item)) return { userId: null, event: null };
  const row = item as Record<string, unknown>;
  const fields = EVENT_FIELDS.filter((field) => Object.hasOwn(row, field)).map((field) => [field, row[field]] as const);
  const event = JSON.stringify(Object.fromEntries(fields));
  return { userId: userIdOf(row.userId) || null, event: event.length > CHARS_MAX ? null : event };
}
