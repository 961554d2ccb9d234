import { assert } from "../../base/assert.js";
import { type Accumulator, type Catalogue, emptyStates } from "../fold.js";
import type { StateNames } from "../state-names.js";
import { ByteReader, broken } from "./byte-reader.js";
import { ByteWriter } from "./byte-writer.js";
import { readFields, writeFields } from "./fields.js";

/** What is stored of a user is at most this. */
export const STATE_BYTES_MAX = 8_192;

/** First byte; raised when the layout below changes. */
const FORMAT = 1;

/**
 * A user's states as bytes: the format; then for each accumulator, by name, its name, version and fields. Equal states give
 * equal bytes in any log, on any machine, whatever the order in which sets were filled. At most `STATE_BYTES_MAX`.
 *
 * @param names of the state codes in the states
 */
export function encodeStates<S>(accumulators: Catalogue<S>["accumulators"], states: S, names: StateNames): Uint8Array {
  const out = new ByteWriter();
  out.byte(FORMAT);
  for (const [key, accumulator] of sorted(accumulators)) {
    out.block(new TextEncoder().encode(accumulator.name));
    out.whole(accumulator.version);
    const fields = new ByteWriter();
    writeFields(fields, states[key as keyof S] as object, { stateCodes: accumulator.stateCodes ?? [], names });
    out.block(fields.finish());
  }
  const bytes = out.finish();
  assert(bytes.length <= STATE_BYTES_MAX, `the states of a user take ${bytes.length} bytes`);
  return bytes;
}

/**
 * The states that `encodeStates` wrote; null where the accumulators or their versions have changed since, so that the user has
 * to be folded again. Throws `STATE_BROKEN` for bytes that it never wrote.
 *
 * @param names learns the states that it does not know
 */
export function decodeStates<S>(catalogue: Catalogue<S>, bytes: Uint8Array, names: StateNames): S | null {
  const from = new ByteReader(bytes);
  if (from.byte() !== FORMAT) return null;
  const stored = readBlocks(from);
  const wanted = sorted(catalogue.accumulators);
  const same =
    stored.length === wanted.length &&
    wanted.every(([, { name, version }], i) => {
      return stored[i]?.name === name && stored[i]?.version === version;
    });
  if (!same) return null;
  const states = emptyStates(catalogue);
  wanted.forEach(([key, accumulator], i) => {
    const fields = new ByteReader(stored[i]?.fields ?? new Uint8Array(0));
    const rules = { stateCodes: accumulator.stateCodes ?? [], names };
    readFields(fields, states[key as keyof S] as object, rules);
    if (!fields.done) throw broken(`${accumulator.name} has more fields than it should`);
  });
  return states;
}

interface Block {
  readonly name: string;
  readonly version: number;
  readonly fields: Uint8Array;
}

function readBlocks(from: ByteReader): Block[] {
  const blocks: Block[] = [];
  while (!from.done) {
    const name = new TextDecoder().decode(from.block());
    blocks.push({ name, version: from.whole(), fields: from.block() });
  }
  return blocks;
}

type Named = Pick<Accumulator<unknown>, "name" | "version"> & { readonly stateCodes?: readonly string[] };

function sorted<S>(accumulators: Catalogue<S>["accumulators"]): [string, Named][] {
  return Object.entries<Named>(accumulators).sort(([, a], [, b]) => (a.name < b.name ? -1 : 1));
}
