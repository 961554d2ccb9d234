// hot loop
import { asInstant } from "../../base/time.js";
import { pointInTime } from "../../features/catalogue.js";
import { foldUsers } from "../../features/fold-users.js";
import { encodeStates } from "../../features/state-codec/state-codec.js";
import { StateNames } from "../../features/state-names.js";
import type { EventColumns } from "../../schema/event-columns.js";
import type { UserId } from "../../schema/user-id.js";
import type { OwnedRow, UserRecord } from "../incremental/event-store.js";

const FOREVER = asInstant(Number.MAX_SAFE_INTEGER);

/** Folds every user of a lake to the end, as it would be stored. */
export function recordsOf(columns: EventColumns): Map<UserId, UserRecord> {
  const catalogue = pointInTime(columns.states);
  const names = new StateNames(columns.states);
  const records = new Map<UserId, UserRecord>();
  foldUsers(columns, { catalogue, cutoffs: [FOREVER], from: 0, to: columns.users.length }, (user, _, states) => {
    const last = rowAt(columns, columns.userStart[user + 1]! - 1);
    records.set(columns.users[user]!, { states: encodeStates(catalogue.accumulators, states, names), last });
  });
  return records;
}

function rowAt(c: EventColumns, row: number): OwnedRow {
  const event = {
    tsMs: c.tsMs[row]!,
    sessionId: c.sessionId[row]!,
    item: c.item[row]!,
    page: c.page[row]!,
    auth: c.auth[row]!,
    level: c.level[row]!,
    status: c.status[row]!,
    length10us: c.length10us[row]!,
    artist: c.artist[row]!,
    song: c.song[row]!,
    registrationMs: c.registrationMs[row]!,
    gender: c.gender[row]!,
    stateName: c.states[c.state[row]!] ?? "",
  };
  return { event, knownAtMs: c.knownAtMs[row]! };
}
