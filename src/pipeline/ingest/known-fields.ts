import { EVENT_FIELDS, type EventField } from "../../schema/event-limits.js";
import type { RawEvent } from "./event-reader.js";
import type { FieldMap } from "./part.js";

const UNKNOWN_NAMES_MAX = 1000;
const NAME_CHARS_MAX = 100;

/** Finds our fields in a row under the log's names, and counts the fields that are none of ours. */
export class KnownFields {
  readonly sources: ReadonlyMap<string, EventField>;
  private readonly isRenamed: boolean;
  private readonly unknown = new Map<string, number>();

  constructor(map: FieldMap) {
    this.sources = new Map(EVENT_FIELDS.map((field) => [map[field] ?? field, field]));
    this.isRenamed = Object.keys(map).length > 0;
  }

  /** The row with our names. */
  select(row: Record<string, unknown>): RawEvent {
    const renamed: Partial<Record<EventField, unknown>> = {};
    for (const name in row) {
      const field = this.sources.get(name);
      if (field === undefined) this.count(name, 1);
      else if (this.isRenamed) renamed[field] = row[name];
    }
    return this.isRenamed ? renamed : row;
  }

  count(name: string, rows: number): void {
    const short = name.slice(0, NAME_CHARS_MAX);
    const key = this.unknown.has(short) || this.unknown.size < UNKNOWN_NAMES_MAX ? short : "(more)";
    this.unknown.set(key, (this.unknown.get(key) ?? 0) + rows);
  }

  counts(): [string, number][] {
    return [...this.unknown];
  }
}
