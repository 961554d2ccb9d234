// hot loop
import { assert } from "../../base/assert.js";
import type { DistinctSet } from "../accumulators/distinct.js";
import type { StateNames } from "../state-names.js";
import type { ByteReader } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";
import { readText, writeText } from "./name-text.js";
import { isDistinctSet, readSet, writeSet } from "./set-bytes.js";

/** A state's name is cut here: a state has few letters, and what is stored of a user is bounded. */
const NAME_CHARS_MAX = 32;

/** How one field of a state is written: a number, an array of numbers, a set, or an object of these. */
type Field =
  | { readonly name: string; readonly kind: "number" | "numbers" | "set" | "state name" }
  | { readonly name: string; readonly kind: "fields"; readonly fields: readonly Field[] };

type Values = Record<string, unknown>;

/**
 * The fields of a state in the order in which they are written, that of their names, as its empty state has them: an array of
 * numbers has the length it has there. A new accumulator of such fields needs no code here.
 *
 * @param stateCodes fields that hold a state code
 */
export function fieldsOf(empty: object, stateCodes: readonly string[]): readonly Field[] {
  const named = Object.entries(empty).sort(([a], [b]) => (a < b ? -1 : 1));
  return named.map(([name, value]): Field => {
    if (stateCodes.includes(name)) return { name, kind: "state name" };
    if (typeof value === "number") return { name, kind: "number" };
    if (value instanceof Float64Array) return { name, kind: "numbers" };
    assert(isPlain(value), `a state has a field ${name} of a kind that cannot be stored`);
    return isDistinctSet(value) ? { name, kind: "set" } : { name, kind: "fields", fields: fieldsOf(value, stateCodes) };
  });
}

export function writeFields(out: ByteWriter, fields: readonly Field[], state: object, names: StateNames): void {
  for (const field of fields) {
    const value = (state as Values)[field.name];
    switch (field.kind) {
      case "number":
        out.number(value as number);
        break;
      case "numbers":
        out.numbers(value as Float64Array);
        break;
      case "set":
        writeSet(out, value as DistinctSet);
        break;
      case "state name":
        writeText(out, names.nameOf(value as number).slice(0, NAME_CHARS_MAX));
        break;
      case "fields":
        writeFields(out, field.fields, value as object, names);
    }
  }
}

/** Fills a fresh, empty state with what was written of another. */
export function readFields(from: ByteReader, fields: readonly Field[], empty: object, names: StateNames): void {
  const state = empty as Values;
  for (const field of fields) {
    switch (field.kind) {
      case "number":
        state[field.name] = from.number();
        break;
      case "numbers":
        from.numbers(state[field.name] as Float64Array);
        break;
      case "set":
        state[field.name] = readSet(from);
        break;
      case "state name":
        state[field.name] = names.codeOf(readText(from));
        break;
      case "fields":
        readFields(from, field.fields, state[field.name] as object, names);
    }
  }
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
