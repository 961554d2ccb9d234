import type { UserId } from "../../schema/user-id.js";
import type { KnownEvent } from "../fold.js";
import { refused } from "./refused.js";

/** An event on its way to a fold, and whose it is. */
export interface UserEvent extends KnownEvent {
  readonly user: UserId;
}

/** How a line writes what is missing: SQL's way, so that `TRANSFORM` writes NULL as we do. */
const MISSING = "\\N";

interface LineField {
  readonly name: keyof KnownEvent;
  /** A whole number in this range; null for a time or NaN. */
  readonly range: readonly [number, number] | null;
}

const MAX = Number.MAX_SAFE_INTEGER;

/** The numbers of a line, after the user; what SQL has to select, in this order. */
export const LINE_FIELDS: readonly LineField[] = [
  { name: "knownAtMs", range: [-MAX, MAX] },
  { name: "tsMs", range: [-MAX, MAX] },
  { name: "sessionId", range: [0, MAX] },
  { name: "item", range: [0, 2 ** 31 - 1] },
  { name: "page", range: [0, 255] },
  { name: "auth", range: [0, 255] },
  { name: "level", range: [0, 255] },
  { name: "status", range: [0, 65_535] },
  { name: "length10us", range: [-1, 2 ** 31 - 1] },
  { name: "artist", range: [-1, 2 ** 52 - 1] },
  { name: "song", range: [-1, 2 ** 52 - 1] },
  { name: "registrationMs", range: null },
  { name: "gender", range: [0, 2] },
  { name: "state", range: [0, 65_535] },
];

const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * An event as one line without its end: the user as a JSON text (so that no tab or line end is in it), then `LINE_FIELDS`,
 * with tabs between. Numbers are written so that they read back to the bit.
 */
export function encodeEventLine(event: UserEvent): string {
  const cells = LINE_FIELDS.map(({ name }) => {
    const value = event[name];
    if (Number.isNaN(value)) return MISSING;
    return Object.is(value, -0) ? "-0" : String(value);
  });
  return `${JSON.stringify(event.user)}\t${cells.join("\t")}`;
}

/** Reads a line of `encodeEventLine`, or of another writer of the same fields. Throws `FOLD_REFUSED`. */
export function decodeEventLine(line: string): UserEvent {
  const [first = "", ...cells] = line.split("\t");
  if (cells.length !== LINE_FIELDS.length) {
    throw refused(`a line has ${cells.length + 1} cells, not ${LINE_FIELDS.length + 1}`);
  }
  const event: Record<string, unknown> = { user: userOf(first) };
  LINE_FIELDS.forEach((field, i) => {
    event[field.name] = numberOf(field, cells[i] ?? "");
  });
  return event as unknown as UserEvent;
}

function userOf(cell: string): UserId {
  let user: unknown;
  try {
    user = JSON.parse(cell);
  } catch {
    throw refused(`the user ${cell.slice(0, 40)} is no JSON text`);
  }
  if (typeof user !== "string" || user === "") throw refused(`the user ${cell.slice(0, 40)} is no id`);
  return user;
}

function numberOf({ name, range }: LineField, cell: string): number {
  if (cell === MISSING && range === null) return Number.NaN;
  const value = NUMBER.test(cell) ? Number(cell) : Number.NaN;
  const fits =
    range === null ? Number.isFinite(value) : Number.isInteger(value) && value >= range[0] && value <= range[1];
  if (!fits) throw refused(`${name} is ${cell.slice(0, 40) || "empty"}`);
  return value;
}
