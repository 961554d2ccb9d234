import { assert } from "../../base/assert.js";
import type { StateNames } from "../state-names.js";
import { type ByteReader, broken } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";
import { isDistinctSet, readSet, writeSet } from "./set-bytes.js";

/** A state's name is cut here: a state has few letters, and what is stored of a user is bounded. */
const NAME_CHARS_MAX = 32;

/** How the fields of one accumulator's state are written and read. */
export interface FieldRules {
  /** Fields that hold a state code. */
  readonly stateCodes: readonly string[];
  readonly names: StateNames;
}

type Fields = Record<string, unknown>;

/**
 * Writes a state field by field, in the order of their names: a number, an array of numbers whose length its empty state has,
 * a set, or an object of these. A new accumulator of such fields needs no code here.
 */
export function writeFields(out: ByteWriter, state: object, rules: FieldRules): void {
  for (const [name, value] of Object.entries(state).sort(byName)) {
    if (rules.stateCodes.includes(name)) {
      out.block(new TextEncoder().encode(rules.names.nameOf(value as number).slice(0, NAME_CHARS_MAX)));
    } else if (typeof value === "number") out.number(value);
    else if (value instanceof Float64Array) for (const one of value) out.number(one);
    else {
      assert(isPlain(value), `a state has a field ${name} of a kind that cannot be stored`);
      if (isDistinctSet(value)) writeSet(out, value);
      else writeFields(out, value, rules);
    }
  }
}

/** Fills a fresh, empty state with what was written of another. */
export function readFields(from: ByteReader, empty: object, rules: FieldRules): void {
  const state = empty as Fields;
  for (const [name, value] of Object.entries(empty).sort(byName)) {
    if (rules.stateCodes.includes(name)) state[name] = rules.names.codeOf(textOf(from.block()));
    else if (typeof value === "number") state[name] = from.number();
    else if (value instanceof Float64Array) for (let i = 0; i < value.length; i++) value[i] = from.number();
    else if (isPlain(value) && isDistinctSet(value)) state[name] = readSet(from);
    else readFields(from, value as object, rules);
  }
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw broken("a name is not UTF-8");
  }
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}
