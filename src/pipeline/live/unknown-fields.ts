import { MS_PER_DAY, utcDay } from "../../base/time.js";
import { EVENT_FIELDS } from "../../schema/event-limits.js";
import { arrayText } from "../../store/live/array-text.js";
import type { LiveSql } from "../../store/live/live-db.js";

const KNOWN: ReadonlySet<string> = new Set(EVENT_FIELDS);
const NAMES_MAX = 200;
const NAME_CHARS_MAX = 100;
/** Beyond what PostgreSQL takes as text. */
const UNSTORABLE = /[\0\ud800-\udfff]/;

/** Fields of live events that are none of ours, counted by day: a sender who has begun to say something new, or to spell it otherwise. */
export class UnknownFields {
  #counts = new Map<string, number>();

  count(items: readonly unknown[]): void {
    for (const item of items) {
      if (typeof item !== "object" || item === null) continue;
      for (const name in item) if (!KNOWN.has(name)) this.#add(name.slice(0, NAME_CHARS_MAX));
    }
  }

  #add(name: string): void {
    const known = this.#counts.get(name);
    if (known === undefined && (this.#counts.size >= NAMES_MAX || UNSTORABLE.test(name))) return;
    this.#counts.set(name, (known ?? 0) + 1);
  }

  /** Stores what was counted, as of the day of `now`. */
  async flush(sql: LiveSql, now: number): Promise<void> {
    if (this.#counts.size === 0) return;
    const counts = [...this.#counts];
    this.#counts = new Map();
    await sql.query(
      `INSERT INTO unknown_fields (day_ms, name, rows) SELECT $1::int8, * FROM unnest($2::text[], $3::int8[])
       ON CONFLICT (day_ms, name) DO UPDATE SET rows = unknown_fields.rows + excluded.rows`,
      [utcDay(now) * MS_PER_DAY, arrayText(counts.map(([name]) => name)), arrayText(counts.map(([, rows]) => rows))],
    );
  }
}
