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
  const ids: number[] = [];
  const group = inOrderMet(sessionId, ids);
  const place = new Int32Array(ids.length);
  const ascending = Int32Array.from(ids, (_, number) => number).sort((a, b) => ids[a]! - ids[b]!);
  ascending.forEach((number, at) => {
    place[number] = at;
  });
  renumber(group, place);
  return { group, groups: ids.length };
}

/** Numbers the sessions in the order in which they are met, and lists their ids. */
function inOrderMet(sessionId: Float64Array, ids: number[]): Int32Array {
  const numberOf = new Map<number, number>();
  const group = new Int32Array(sessionId.length);
  // Most ids are small: a table by id is much quicker than a map.
  const table = new Int32Array(TABLE_IDS_MAX).fill(-1);
  for (let row = 0; row < sessionId.length; row++) {
    const id = sessionId[row]!;
    let number = id < TABLE_IDS_MAX ? table[id]! : (numberOf.get(id) ?? -1);
    if (number === -1) {
      number = ids.push(id) - 1;
      if (id < TABLE_IDS_MAX) table[id] = number;
      else numberOf.set(id, number);
    }
    group[row] = number;
  }
  return group;
}

function renumber(group: Int32Array, place: Int32Array): void {
  for (let row = 0; row < group.length; row++) group[row] = place[group[row]!]!;
}

/** Within a session, behind `tsMs`, as `SessionColumns` says it. */
function inIdentityOrder({ item, page, userIndex, auth, level }: Omit<SessionFields, "tsMs" | "sessionId">) {
  return (a: number, b: number): number =>
    item[a]! - item[b]! ||
    page[a]! - page[b]! ||
    userIndex[a]! - userIndex[b]! ||
    auth[a]! - auth[b]! ||
    level[a]! - level[b]!;
}
