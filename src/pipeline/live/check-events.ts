import { codedEvent } from "../../features/coded-event.js";
import { eventOf } from "../ingest/event-of.js";
import { EventReader, type RawEvent } from "../ingest/event-reader.js";
import { EventRows } from "../ingest/event-rows.js";
import { reasonMessage } from "../ingest/reasons.js";
import { type ReceivedEvent, textsOf } from "./event-texts.js";

/** An event that was not taken: its place in the list it came in, and why. The codes are those of quarantine files. */
export interface Rejected {
  readonly index: number;
  readonly code: string;
  readonly message: string;
}

export interface CheckedEvents {
  readonly events: readonly ReceivedEvent[];
  /** Where in the list each of the events stood. */
  readonly places: readonly number[];
  readonly rejected: readonly Rejected[];
}

/** Checks events as ingest checks lines: the same are accepted, for the same reasons others are not. */
export function checkEvents(items: readonly unknown[], nowMs: number): CheckedEvents {
  const reader = new EventReader(nowMs, new EventRows(items.length));
  const events: ReceivedEvent[] = [];
  const places: number[] = [];
  const rejected: Rejected[] = [];
  items.forEach((item, index) => {
    const isObject = typeof item === "object" && item !== null && !Array.isArray(item);
    const flaw = isObject ? reader.read(item as RawEvent, index) : "NOT_AN_OBJECT";
    if (flaw === null) {
      const event = eventOf(item as RawEvent);
      events.push(Object.assign(codedEvent(event), { texts: textsOf(event) }));
      places.push(index);
    } else rejected.push({ index, code: flaw, message: reasonMessage(flaw) });
  });
  return { events, places, rejected };
}

/** The events of users who were erased, as rejected ones. */
export function rejectErased({ events, places }: CheckedEvents, erased: ReadonlySet<string>): Rejected[] {
  if (erased.size === 0) return [];
  const code = "USER_ERASED";
  return events.flatMap(({ userId }, i) =>
    erased.has(userId) ? [{ index: places[i] ?? 0, code, message: reasonMessage(code) }] : [],
  );
}
