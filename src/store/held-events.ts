// hot loop
import type { EventColumns } from "../schema/event-columns.js";
import type { SessionColumns } from "../schema/session-columns.js";
import { type EventFields, eventsInOrder, inFoldOrder } from "./event-order.js";
import type { HeldRows } from "./held-rows.js";
import { mergeLate, runsInOrder } from "./order-rows.js";
import { sessionsInOrder } from "./session-order.js";

/** What stands behind the codes of held requests, by code. */
export interface HeldRequests {
  readonly page: Uint8Array;
  readonly auth: Uint8Array;
  readonly level: Uint8Array;
  readonly status: Uint16Array;
}

/** What stands behind the codes of held profiles, by code. */
export interface HeldProfiles {
  /** Place among the users; −1 for nobody. */
  readonly userIndex: Int32Array;
  readonly gender: Uint8Array;
  /** Place among the states. */
  readonly state: Uint16Array;
  readonly registrationMs: Float64Array;
}

/** `low52` of the held names, by code. */
export interface NameNumbers {
  readonly artist: Float64Array;
  readonly song: Float64Array;
}

/** The rows that a lake is about to hold, and what it would say of them as a whole. */
export interface HeldLake {
  readonly rows: HeldRows;
  /** The rows that are new, by ts; null: all of them. */
  readonly fresh: Int32Array | null;
  readonly requests: HeldRequests;
  readonly profiles: HeldProfiles;
  readonly users: readonly string[];
  readonly states: readonly string[];
  readonly simulated: boolean;
}

/** Owners found for rows of `sessions`: their places there, whose they are, and since when that is known. */
export interface FoundOwners {
  readonly row: Int32Array;
  readonly userIndex: Int32Array;
  readonly knownAtMs: Float64Array;
}

/**
 * The events of a lake that is still being written, from memory: first its sessions, then, with the owners found in them,
 * its known events. Both are equal to what is read from the lake when it is there (a property test holds them together).
 */
export class HeldEvents {
  readonly sessions: SessionColumns;
  private readonly lake: HeldLake;
  private readonly keys: { tsMs: Float64Array; sessionId: Float64Array; item: Int32Array; page: Uint8Array };
  private readonly auth: Uint8Array;
  private readonly level: Uint8Array;
  /** The rows that are new, nearly by ts. */
  private readonly sequence: Int32Array;
  /** Of each row of `sessions`, which held row it is. */
  private readonly rowOfSession: Int32Array;

  constructor(lake: HeldLake) {
    const { rows, requests, profiles } = lake;
    this.lake = lake;
    this.keys = {
      tsMs: rows.numbers("tsMs", Float64Array),
      sessionId: rows.numbers("sessionId", Float64Array),
      item: rows.numbers("item", Int32Array),
      page: rows.decoded("request", requests.page),
    };
    rows.drop("tsMs", "sessionId", "item");
    this.auth = rows.decoded("request", requests.auth);
    this.level = rows.decoded("request", requests.level);
    this.sequence = lake.fresh ?? runsInOrder(this.keys.tsMs, this.keys.tsMs.length, []);
    const userIndex = rows.decoded("profile", profiles.userIndex);
    const fields = { ...this.keys, auth: this.auth, level: this.level, userIndex };
    const { ordered, grouped } = sessionsInOrder(fields, this.sequence);
    this.sessions = { ...ordered, users: lake.users };
    this.rowOfSession = grouped.order;
  }

  /** To be called once. */
  eventColumns(found: FoundOwners, names: NameNumbers): EventColumns {
    const { rows, requests, profiles, users, states, simulated } = this.lake;
    const { owner, knownAtMs, sequence } = this.owned(found);
    const keys = { ...this.keys, knownAtMs };
    const take = {
      ...Object.fromEntries(Object.entries(keys).map(([name, column]) => [name, () => column])),
      auth: () => this.auth,
      level: () => this.level,
      status: () => rows.decoded("request", requests.status),
      length10us: () => rows.numbers("length10us", Int32Array),
      artist: () => rows.decoded("artist", names.artist, -1),
      song: () => rows.decoded("song", names.song, -1),
      registrationMs: () => rows.decoded("profile", profiles.registrationMs),
      gender: () => rows.decoded("profile", profiles.gender),
      state: () => rows.decoded("profile", profiles.state),
    } as { readonly [Name in keyof EventFields]: () => EventFields[Name] };
    const ordered = eventsInOrder({ keys, take: (name) => take[name](), owner, users: users.length, sequence });
    return { ...ordered, users, states, simulated };
  }

  /** By held row: whose it is, and since when that is known; and the rows that have an owner, nearly in that order. */
  private owned(found: FoundOwners): { owner: Int32Array; knownAtMs: Float64Array; sequence: Int32Array } {
    const { userIndex } = this.sessions;
    const { rowOfSession, keys, sequence } = this;
    const owner = scattered(userIndex, rowOfSession, keys.tsMs.length);
    const received = ownedRows(sequence, owner);
    const knownAtMs = keys.tsMs.slice();
    const late: number[] = [];
    for (let i = 0; i < found.row.length; i++) {
      for (const session of this.sameKey(found.row[i]!)) {
        const row = rowOfSession[session]!;
        if (owner[row]! >= 0) continue;
        owner[row] = found.userIndex[i]!;
        knownAtMs[row] = found.knownAtMs[i]!;
        late.push(row);
      }
    }
    const compare = inFoldOrder({ ...keys, knownAtMs });
    return { owner, knownAtMs, sequence: mergeLate(received, Int32Array.from(late), knownAtMs, compare) };
  }

  /**
   * The rows without a user that share the key of a row of `sessions`, which lie beside it: two pages outside `PAGES` at one
   * moment are one row to the attributions of a lake.
   */
  private sameKey(at: number): number[] {
    const { sessionId, tsMs, item, page, userIndex } = this.sessions;
    const isSame = (i: number) =>
      sessionId[i] === sessionId[at] &&
      tsMs[i] === tsMs[at] &&
      item[i] === item[at] &&
      page[i] === page[at] &&
      userIndex[i]! < 0;
    const same = [at];
    for (let i = at - 1; i >= 0 && isSame(i); i--) same.push(i);
    for (let i = at + 1; i < sessionId.length && isSame(i); i++) same.push(i);
    return same;
  }
}

/** `values` at their `places`, −1 elsewhere. */
function scattered(values: Int32Array, places: Int32Array, length: number): Int32Array {
  const out = new Int32Array(length).fill(-1);
  for (let i = 0; i < values.length; i++) out[places[i]!] = values[i]!;
  return out;
}

function ownedRows(sequence: Int32Array, owner: Int32Array): Int32Array {
  const out = new Int32Array(sequence.length);
  let count = 0;
  for (let i = 0; i < sequence.length; i++) if (owner[sequence[i]!]! >= 0) out[count++] = sequence[i]!;
  return out.subarray(0, count);
}
