// hot loop
import { type DistinctSet, EXACT_MEMBERS_MAX, packSet, unpackSet } from "../accumulators/distinct.js";
import { type ByteReader, broken } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";

/** Stands for the number of members where a set is estimated. */
const ESTIMATED = EXACT_MEMBERS_MAX + 1;
const REGISTERS = 2048;
/** An odd member leaves the lower half of its last byte empty. */
const NIBBLE = 16;
const RANK_MAX = 42;
/** 13 hexadecimal digits a member. */
const bytesOf = (members: number): number => Math.ceil(members * 6.5);

export function isDistinctSet(value: object): value is DistinctSet {
  return "members" in value && "registers" in value;
}

export function writeSet(out: ByteWriter, set: DistinctSet): void {
  out.whole(set.registers === null ? set.size : ESTIMATED);
  out.bytes(packSet(set));
}

export function readSet(from: ByteReader): DistinctSet {
  const members = from.whole();
  if (members > ESTIMATED) throw broken(`a set has ${members} members`);
  if (members === 0) return unpackSet(new Uint8Array(0), { estimated: false });
  if (members === ESTIMATED) {
    const registers = from.bytes(REGISTERS);
    if (registers.some((rank) => rank > RANK_MAX)) throw broken("a set has a register that no hash gives");
    return { ...unpackSet(registers, { estimated: true }), size: ESTIMATED };
  }
  const packed = from.bytes(bytesOf(members));
  const set = unpackSet(packed, { estimated: false });
  if (!isInOrder(set) || (members % 2 === 1 && packed[packed.length - 1]! % NIBBLE !== 0)) {
    throw broken("a set is not in order");
  }
  return set;
}

/** Members of a set ascend, and no two are the same. */
function isInOrder({ members, size }: DistinctSet): boolean {
  if (members === null) return size === 0;
  for (let i = 1; i < size; i++) if (members[i - 1]! >= members[i]!) return false;
  return true;
}
