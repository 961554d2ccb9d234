import type { EventColumns } from "../schema/event-columns.js";
import { ORDERED_FIELDS } from "../schema/fold-order.js";
import { groupRows, inOrder } from "./order-rows.js";
import { settleTies } from "./settle-ties.js";

/** The columns of known events, one value a row. */
export type EventFields = Omit<EventColumns, "users" | "userStart" | "states" | "simulated">;

/** What the order of events is made of; ties are settled by the rest. */
export type EventOrderKeys = Pick<EventFields, "knownAtMs" | "tsMs" | "sessionId" | "item" | "page">;

/** Known events in any order. */
export interface UnorderedEvents {
  readonly keys: EventOrderKeys;
  /** Hands over a column; each is asked for once, so that only one is there twice. */
  take<Name extends keyof EventFields>(name: Name): EventFields[Name];
  /** Of each row, its user's place among the users. */
  readonly owner: Int32Array;
  readonly users: number;
  /** The rows, nearly by `knownAtMs`; a row that is not in it is left out. */
  readonly sequence: Int32Array;
}

/** Puts known events into the order in which they are folded, on memory that threads share. */
export function eventsInOrder(events: UnorderedEvents): EventFields & Pick<EventColumns, "userStart"> {
  const { keys, owner, users, sequence } = events;
  const grouped = groupRows({ group: owner, groups: users, sequence }, keys.knownAtMs, inFoldOrder(keys));
  const columns = Object.fromEntries(
    ORDERED_FIELDS.map((name) => [name, inOrder(events.take(name), grouped)]),
  ) as unknown as EventFields;
  settleTies(columns, grouped.start);
  return { ...columns, userStart: grouped.start };
}

/** The order of `FOLD_ORDER`, written out: `knownAtMs` has been compared, and the ties of the others are settled later. */
export function inFoldOrder({ tsMs, sessionId, item, page }: EventOrderKeys) {
  // hot loop
  return (a: number, b: number): number =>
    tsMs[a]! - tsMs[b]! || sessionId[a]! - sessionId[b]! || item[a]! - item[b]! || page[a]! - page[b]!;
}
