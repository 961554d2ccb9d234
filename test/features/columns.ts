import fc from "fast-check";
import { MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE } from "../../src/base/time.js";
import type { KnownEvent } from "../../src/features/fold.js";
import type { EventColumns } from "../../src/schema/event-columns.js";
import { PAGES } from "../../src/schema/pages.js";

/** A known event and which of the test's users it belongs to. */
export interface OwnedEvent extends KnownEvent {
  readonly user: number;
}

/** 2018-10-01T00:00:00Z. */
export const START_MS = 1_538_352_000_000;

const ORDER = ["knownAtMs", "tsMs", "sessionId", "item", "page"] as const;

/** The columns of some events in the order of the fold. All `users` are listed, also those without an event. */
export function columnsOf(events: readonly OwnedEvent[], users: number): EventColumns {
  const sorted = [...events].sort((a, b) => {
    if (a.user !== b.user) return a.user - b.user;
    for (const key of ORDER) if (a[key] !== b[key]) return a[key] - b[key];
    return 0;
  });
  const of = (key: keyof OwnedEvent): number[] => sorted.map((event) => event[key]);
  return {
    users: Array.from({ length: users }, (_, user) => `user${String(user).padStart(3, "0")}`),
    userStart: Int32Array.from({ length: users + 1 }, (_, user) => sorted.filter((event) => event.user < user).length),
    knownAtMs: Float64Array.from(of("knownAtMs")),
    tsMs: Float64Array.from(of("tsMs")),
    sessionId: Float64Array.from(of("sessionId")),
    item: Int32Array.from(of("item")),
    page: Uint8Array.from(of("page")),
    auth: Uint8Array.from(of("auth")),
    level: Uint8Array.from(of("level")),
    status: Uint16Array.from(of("status")),
    length10us: Int32Array.from(of("length10us")),
    artist: Float64Array.from(of("artist")),
    song: Float64Array.from(of("song")),
    registrationMs: Float64Array.from(of("registrationMs")),
    gender: Uint8Array.from(of("gender")),
    state: Uint16Array.from(of("state")),
    simulated: false,
    states: ["", "CA", "TX", "NY-NJ-PA", "OH"],
  };
}

/** A Home at START_MS by user 0; tests name what matters. */
export function eventOf(fields: Partial<OwnedEvent>): OwnedEvent {
  const tsMs = fields.tsMs ?? START_MS;
  return {
    user: 0,
    tsMs,
    knownAtMs: tsMs,
    sessionId: 1,
    item: 0,
    page: PAGES.indexOf("Home"),
    auth: 0,
    level: 0,
    status: 200,
    length10us: -1,
    artist: -1,
    song: -1,
    registrationMs: START_MS - 20 * MS_PER_DAY,
    gender: 1,
    state: 1,
    ...fields,
  };
}

/** Time since the event before: inside a session, between sessions, or a long silence. */
const step = fc.oneof(
  { weight: 5, arbitrary: fc.nat(10 * MS_PER_MINUTE) },
  { weight: 2, arbitrary: fc.nat(50 * MS_PER_MINUTE) },
  { weight: 2, arbitrary: fc.nat(30 * MS_PER_HOUR) },
  { weight: 1, arbitrary: fc.nat(20 * MS_PER_DAY) },
);
/** Most rows are known at once; a recovered one when its evidence came. */
const delay = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.nat(5 * MS_PER_HOUR) },
  { weight: 1, arbitrary: fc.nat(4 * MS_PER_DAY) },
);
const hash = fc.oneof(
  fc.constant(-1),
  fc.constantFrom(5, 4_000_000_000, 2 ** 52 - 1),
  fc.maxSafeNat().map((n) => n % 2 ** 52),
);

/** What an event can hold besides its user and times. */
export const content = fc.record({
  sessionId: fc.nat(4),
  item: fc.nat(6),
  page: fc.oneof(fc.constant(PAGES.indexOf("NextSong")), fc.nat(PAGES.length - 1)),
  auth: fc.nat(3),
  level: fc.constantFrom(0, 0, 1, 1, 255),
  status: fc.constantFrom(0, 200, 307, 404),
  length10us: fc.oneof(fc.constant(-1), fc.integer({ min: 0, max: 90_000_000 })),
  artist: hash,
  song: hash,
  registrationMs: fc.oneof(
    fc.constant(Number.NaN),
    fc.nat(40 * MS_PER_DAY).map((ago) => START_MS - ago),
  ),
  gender: fc.nat(2),
  state: fc.nat(4),
});

/** Logs of a few users over weeks, rows in no order. */
export function logs({
  users = 3,
  maxLength = 60,
}: {
  users?: number;
  maxLength?: number;
} = {}): fc.Arbitrary<OwnedEvent[]> {
  const raw = fc.record({ user: fc.nat(users - 1), step, delay, content });
  return fc.array(raw, { minLength: 1, maxLength }).map((rows) => {
    const clock = new Array<number>(users).fill(START_MS);
    return rows.map((row) => {
      const tsMs = (clock[row.user] ?? START_MS) + row.step;
      clock[row.user] = tsMs;
      return { ...row.content, user: row.user, tsMs, knownAtMs: tsMs + row.delay };
    });
  });
}
