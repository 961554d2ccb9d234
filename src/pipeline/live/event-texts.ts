import type { CodedEvent } from "../../features/coded-event.js";
import type { Event } from "../../schema/event.js";
import { AUTHS, LEVELS } from "../../schema/pages.js";
import type { RawEvent } from "../ingest/event-reader.js";

/** A checked event with what the lake wants of it beyond its codes; an event that the lake has already comes without. */
export interface ReceivedEvent extends CodedEvent {
  readonly texts?: string;
}

/** What the codes of an event have lost of it, in the order in which it is written. A status of 0 and none have one code. */
const FIELDS = [
  "method",
  "status",
  "location",
  "userAgent",
  "firstName",
  "lastName",
  "gender",
  "artist",
  "song",
] as const satisfies readonly (keyof Event)[];

/** As a JSON list: with `codedEvent` all that ingest keeps of the event. */
export function textsOf(event: Event): string {
  return JSON.stringify(FIELDS.map((field) => event[field] ?? null));
}

/** The event again, as a row of a log that ingest reads as it would have read the one that was received. */
export function rawEventOf(event: CodedEvent, texts: string): RawEvent {
  const values: unknown = JSON.parse(texts);
  const lost = Object.fromEntries(FIELDS.map((field, i) => [field, (values as unknown[])[i]]));
  return {
    ...lost,
    ts: event.tsMs,
    userId: event.userId,
    sessionId: event.sessionId,
    itemInSession: event.item,
    page: event.pageName,
    auth: AUTHS[event.auth],
    level: LEVELS[event.level],
    registration: Number.isNaN(event.registrationMs) ? null : event.registrationMs,
    length: event.length10us === -1 ? null : event.length10us / 1e5,
  };
}
