import type { EventContent } from "../../features/coded-event.js";
import type { Hypothesis, SessionState, Stream } from "../../identity/session-state.js";
import type { OwnedRow, Owner, SessionRecord } from "../incremental/event-store.js";
import { withRegistration } from "./event-table.js";

/*
 * Records as the store has them: JSON lists without names, a third as long as objects, since some hundred are written with every
 * batch. What was written before 2026-12 are objects, of which the same is read.
 */

type StreamList = [
  user: string,
  start: number,
  next: number,
  lastTs: number,
  level: number,
  page: number,
  phase: Stream["phase"],
  rows: readonly number[],
];
type SessionList = [
  lastTs: number,
  doubt: number,
  hypotheses: [weight: number, streams: StreamList[]][],
  last: [userId: string, tsMs: number, item: number, page: number, auth: number, level: number],
  owners: Readonly<Record<string, Owner>>,
];

export function sessionText({ state, last, owners }: SessionRecord): string {
  const { lastTs, doubt, hypotheses } = state;
  const { userId, tsMs, item, page, auth, level } = last;
  const list: SessionList = [
    lastTs,
    doubt,
    hypotheses.map(({ weight, streams }) => [weight, streams.map(streamList)]),
    [userId, tsMs, item, page, auth, level],
    owners,
  ];
  return JSON.stringify(list);
}

function streamList({ user, start, next, lastTs, level, page, phase, rows }: Stream): StreamList {
  return [user, start, next, lastTs, level, page, phase, rows];
}

export function sessionOf(text: string): SessionRecord {
  const read = JSON.parse(text) as SessionList | SessionRecord;
  if (!Array.isArray(read)) return read as SessionRecord;
  const [lastTs, doubt, hypotheses, [userId, tsMs, item, page, auth, level], owners] = read as SessionList;
  const state: SessionState = { lastTs, doubt, hypotheses: hypotheses.map(hypothesisOf) };
  return { state, last: { userId, tsMs, item, page, auth, level }, owners };
}

function hypothesisOf([weight, streams]: SessionList[2][number]): Hypothesis {
  return {
    weight,
    streams: streams.map(([user, start, next, lastTs, level, page, phase, rows]) => {
      return { user, start, next, lastTs, level, page, phase, rows };
    }),
  };
}

/** All that an event is compared by, in the order in which it is written. */
const FIELDS = [
  "tsMs",
  "sessionId",
  "item",
  "page",
  "auth",
  "level",
  "status",
  "length10us",
  "artist",
  "song",
  "registrationMs",
  "gender",
  "stateName",
] as const satisfies readonly (keyof EventContent)[];

/** A user's last event. */
export function lastText({ event, knownAtMs }: OwnedRow): string {
  return JSON.stringify([knownAtMs, ...FIELDS.map((field) => event[field])]);
}

export function lastOf(text: string): OwnedRow {
  const read = JSON.parse(text) as [number, ...unknown[]] | OwnedRow;
  if (!Array.isArray(read)) return { event: withRegistration(read.event), knownAtMs: read.knownAtMs };
  const [knownAtMs, ...values] = read;
  const event = Object.fromEntries(FIELDS.map((field, i) => [field, values[i]])) as unknown as EventContent;
  return { event: withRegistration(event), knownAtMs };
}
