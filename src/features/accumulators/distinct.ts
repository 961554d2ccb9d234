// hot loop
/** Members kept exactly; a larger set is estimated. */
export const EXACT_MEMBERS_MAX = 512;
const PRECISION = 11;
const REGISTERS = 1 << PRECISION;
const MOVED_BY_HAND_MAX = 96;
/** Room that a first member makes; it doubles as it fills. */
const ROOM_MIN = 8;

/**
 * A set of 52-bit hashes: exact to 512 members, HyperLogLog with 2,048 registers beyond (Flajolet et al. 2007, linear
 * counting below 2.5 m; standard error 1.04 / √2048 = 2.3%). The same members count the same
 * in any order, and are stored as the same bytes (`packSet`).
 */
export interface DistinctSet {
  size: number;
  /** The first `size` are the members, ascending; null while there are none, and once the set is estimated. */
  members: Float64Array | null;
  registers: Uint8Array | null;
  /** Of the registers: Σ 2^−rank, kept as they rise. Ranks are at most 42, so the sum is exact and no order changes it. */
  inverseSum: number;
  /** How many registers are 0. */
  zeros: number;
}

export function emptySet(): DistinctSet {
  return { size: 0, members: null, registers: null, inverseSum: REGISTERS, zeros: REGISTERS };
}

/** `hash` is a whole number in [0, 2^52), evenly spread. */
export function addToSet(set: DistinctSet, hash: number): void {
  if (set.registers !== null) {
    register(set, set.registers, hash);
    return;
  }
  const { members, size } = set;
  if (members === null) {
    set.members = new Float64Array(ROOM_MIN);
    set.members[0] = hash;
    set.size = 1;
    return;
  }
  const at = placeOf(members, size, hash);
  if (at < size && members[at] === hash) return;
  if (size < EXACT_MEMBERS_MAX) insert(set, members, at, hash);
  else estimate(set, members, hash);
}

/** Number of members: exact to 512, estimated beyond. */
export function sizeOfSet({ size, registers, inverseSum, zeros }: DistinctSet): number {
  if (registers === null) return size;
  const raw = ((0.7213 / (1 + 1.079 / REGISTERS)) * REGISTERS * REGISTERS) / inverseSum;
  return raw <= 2.5 * REGISTERS && zeros > 0 ? REGISTERS * Math.log(REGISTERS / zeros) : raw;
}

/** The first place whose member is not below `hash`. */
function placeOf(members: Float64Array, size: number, hash: number): number {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (members[middle]! < hash) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insert(set: DistinctSet, members: Float64Array, at: number, hash: number): void {
  const { size } = set;
  let room = members;
  if (size === members.length) {
    room = new Float64Array(2 * size);
    room.set(members);
    set.members = room;
  }
  // Calling `copyWithin` takes as long as moving this many.
  if (size - at > MOVED_BY_HAND_MAX) room.copyWithin(at + 1, at, size);
  else for (let i = size; i > at; i--) room[i] = room[i - 1]!;
  room[at] = hash;
  set.size++;
}

/** From here on the members are not kept: as many as there are, and one more. */
function estimate(set: DistinctSet, members: Float64Array, hash: number): void {
  const registers = new Uint8Array(REGISTERS);
  set.registers = registers;
  for (let i = 0; i < set.size; i++) register(set, registers, members[i]!);
  register(set, registers, hash);
  set.members = null;
  set.size++;
}

/** The low 11 bits choose the register, the rank is that of the next 41 bits. A remainder of numbers beyond 2^32 is slow; their low bits are not. */
function register(set: DistinctSet, registers: Uint8Array, hash: number): void {
  const index = hash & (REGISTERS - 1);
  const rest = Math.floor(hash / REGISTERS);
  const high = Math.floor(rest / 4294967296);
  const low = rest >>> 0;
  const leading = high > 0 ? Math.clz32(high) - 23 : 9 + Math.clz32(low);
  raise(set, registers, index, leading + 1);
}

function raise(set: DistinctSet, registers: Uint8Array, index: number, rank: number): void {
  const before = registers[index]!;
  if (rank <= before) return;
  registers[index] = rank;
  set.inverseSum += 2 ** -rank - 2 ** -before;
  if (before === 0) set.zeros--;
}

/** Two members take 13 bytes: 52 bits each. */
const PAIR_BYTES = 13;
const NIBBLE = 2 ** 4;

/**
 * The set as stored: its members in ascending order, 6½ bytes each, or its 2,048 registers. At most 3,328 bytes, where the
 * table that is quick to add to takes 8 KiB.
 */
export function packSet({ members, registers, size }: DistinctSet): Uint8Array {
  if (registers !== null) return registers.slice();
  const bytes = new Uint8Array(Math.ceil((size * PAIR_BYTES) / 2));
  if (members === null) return bytes;
  for (let i = 0, at = 0; i < size; i += 2, at += PAIR_BYTES) {
    const one = members[i]!;
    const other = i + 1 < size ? members[i + 1]! : 0;
    const middle = (one % NIBBLE) * NIBBLE + Math.floor(other / 2 ** 48);
    write48(bytes, at, Math.floor(one / NIBBLE));
    bytes[at + 6] = middle;
    if (i + 1 < size) write48(bytes, at + 7, other % 2 ** 48);
  }
  return bytes;
}

/** The set that `packSet` stored; `estimated` is whether it held registers. */
export function unpackSet(bytes: Uint8Array, { estimated }: { estimated: boolean }): DistinctSet {
  const set = emptySet();
  if (estimated) {
    const registers = new Uint8Array(REGISTERS);
    set.registers = registers;
    for (let index = 0; index < REGISTERS; index++) raise(set, registers, index, bytes[index]!);
    return set;
  }
  const count = Math.floor((bytes.length * 2) / PAIR_BYTES);
  if (count === 0) return set;
  const members = new Float64Array(count);
  for (let i = 0, at = 0; i < count; i += 2, at += PAIR_BYTES) {
    const middle = bytes[at + 6]!;
    members[i] = read48(bytes, at) * NIBBLE + Math.floor(middle / NIBBLE);
    if (i + 1 < count) members[i + 1] = (middle % NIBBLE) * 2 ** 48 + read48(bytes, at + 7);
  }
  set.members = members;
  set.size = count;
  return set;
}

function write48(bytes: Uint8Array, at: number, value: number): void {
  const high = Math.floor(value / 2 ** 32);
  bytes[at] = high >>> 8;
  bytes[at + 1] = high;
  bytes[at + 2] = value >>> 24;
  bytes[at + 3] = value >>> 16;
  bytes[at + 4] = value >>> 8;
  bytes[at + 5] = value;
}

function read48(bytes: Uint8Array, at: number): number {
  const high = bytes[at]! * 256 + bytes[at + 1]!;
  const low = (bytes[at + 2]! << 24) | (bytes[at + 3]! << 16) | (bytes[at + 4]! << 8) | bytes[at + 5]!;
  return high * 2 ** 32 + (low >>> 0);
}
