import { assert } from "../../base/assert.js";
import { type Accumulator, type Catalogue, emptyStates } from "../fold.js";
import type { StateNames } from "../state-names.js";
import { ByteReader, broken } from "./byte-reader.js";
import { ByteWriter } from "./byte-writer.js";
import { fieldsOf, readFields, writeFields } from "./fields.js";

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
  whole.clear();
  whole.byte(FORMAT);
  for (const { key, head, fields } of blocksOf(accumulators)) {
    whole.bytes(head);
    part.clear();
    writeFields(part, fields, states[key as keyof S] as object, names);
    whole.block(part.written());
  }
  const bytes = whole.written().slice();
  assert(bytes.length <= STATE_BYTES_MAX, `the states of a user take ${bytes.length} bytes`);
  return bytes;
}

/** Used again by every call: they have grown to what states take. */
const whole = new ByteWriter();
const part = new ByteWriter();

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
  const wanted = blocksOf(catalogue.accumulators);
  const isSame = stored.length === wanted.length && wanted.every(({ head }, i) => isEqual(head, stored[i]?.head));
  if (!isSame) return null;
  const states = emptyStates(catalogue);
  wanted.forEach(({ key, head, fields }, i) => {
    const block = new ByteReader(stored[i]?.fields ?? head);
    readFields(block, fields, states[key as keyof S] as object, names);
    if (!block.done) throw broken(`${key} has more fields than it should`);
  });
  return states;
}

interface StoredBlock {
  readonly head: Uint8Array;
  readonly fields: Uint8Array;
}

function readBlocks(from: ByteReader): StoredBlock[] {
  const blocks: StoredBlock[] = [];
  while (!from.done) {
    const head = from.since(() => {
      from.block();
      from.whole();
    });
    blocks.push({ head, fields: from.block() });
  }
  return blocks;
}

/** How the state of one accumulator is written: its key in the states, its name and version as bytes, and its fields. */
interface Block {
  readonly key: string;
  readonly head: Uint8Array;
  readonly fields: ReturnType<typeof fieldsOf>;
}

const known = new WeakMap<object, readonly Block[]>();

function blocksOf<S>(accumulators: Catalogue<S>["accumulators"]): readonly Block[] {
  const blocks = known.get(accumulators) ?? sorted(accumulators).map(blockOf);
  known.set(accumulators, blocks);
  return blocks;
}

type Named = Pick<Accumulator<unknown>, "name" | "version" | "empty"> & { readonly stateCodes?: readonly string[] };

function blockOf([key, { name, version, empty, stateCodes = [] }]: [string, Named]): Block {
  const head = new ByteWriter();
  head.block(new TextEncoder().encode(name));
  head.whole(version);
  return { key, head: head.written().slice(), fields: fieldsOf(empty() as object, stateCodes) };
}

function sorted<S>(accumulators: Catalogue<S>["accumulators"]): [string, Named][] {
  return Object.entries<Named>(accumulators).sort(([, a], [, b]) => (a.name < b.name ? -1 : 1));
}

function isEqual(one: Uint8Array, other: Uint8Array | undefined): boolean {
  return other !== undefined && one.length === other.length && one.every((byte, i) => byte === other[i]);
}
