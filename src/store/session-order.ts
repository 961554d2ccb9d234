// hot loop
import type { SessionColumns } from "../schema/session-columns.js";
import { type GroupedRows, groupRows, inOrder } from "./order-rows.js";

export type SessionFields = Omit<SessionColumns, "users">;

const TABLE_IDS_MAX = 1 << 20;

/** Puts rows into the order in which identity is folded. `sequence`: the rows, nearly by `tsMs`; the others are left out. */
export function sessionsInOrder(
  columns: SessionFields,
  sequence: Int32Array,
): { readonly ordered: SessionFields; readonly grouped: GroupedRows } {
  const { group, groups } = sessionsOf(columns.sessionId);
  const grouped = groupRows({ group, groups, sequence }, columns.tsMs, inIdentityOrder(columns));
  const names = Object.keys(columns) as (keyof SessionFields)[];
  const ordered = Object.fromEntries(names.map((name) => [name, inOrder(columns[name], grouped)]));
  return { ordered: ordered as unknown as SessionFields, grouped };
}

/** Numbers the sessions in ascending order of their ids. */
function sessionsOf(sessionId: Float64Array): { group: Int32Array; groups: number } {
  const numberOf = new Map<number, number>();
  const met = new Int32Array(sessionId.length);
  // Most ids are small: a table by id is much quicker than a map.
  const table = new Int32Array(TABLE_IDS_MAX).fill(-1);
  for (let row = 0; row < sessionId.length; row++) {
    const id = sessionId[row]!;
    let number = id < TABLE_IDS_MAX ? table[id]! : (numberOf.get(id) ?? -1);
    if (number === -1) {
      number = numberOf.size;
      numberOf.set(id, number);
      if (id < TABLE_IDS_MAX) table[id] = number;
    }
    met[row] = number;
  }
  const place = new Int32Array(numberOf.size);
  [...numberOf.keys()]
    .sort((a, b) => a - b)
    .forEach((id, at) => {
      place[numberOf.get(id)!] = at;
    });
  for (let row = 0; row < met.length; row++) met[row] = place[met[row]!]!;
  return { group: met, groups: numberOf.size };
}

/** Within a session, behind `tsMs`, as `SessionColumns` says it. */
export function inIdentityOrder({ item, page, userIndex, auth, level }: Omit<SessionFields, "tsMs" | "sessionId">) {
  return (a: number, b: number): number =>
    item[a]! - item[b]! ||
    page[a]! - page[b]! ||
    userIndex[a]! - userIndex[b]! ||
    auth[a]! - auth[b]! ||
    level[a]! - level[b]!;
}
