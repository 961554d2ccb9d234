/** A hash of bytes that come four by four, so that it can be made while they are looked at for another reason. */
export function hashOfMore(hash: number, word: number): number {
  return Math.imul((hash >>> 15) ^ hash ^ word, 0x2c1b3c6d);
}

/** The hash of all `length` bytes: of the last word, those that are left over count. */
export function hashOfAll(hash: number, lastWord: number, length: number): number {
  const rest = lastWord & ((1 << ((length & 3) << 3)) - 1);
  const all = Math.imul(hashOfMore(hash, rest) ^ length, 0x297a2d39);
  return (all >>> 15) ^ all;
}

/** The hash of the bytes from `start` to `end`; up to four bytes behind them must be there. */
export function hashOfBytes(view: DataView, start: number, end: number): number {
  let hash = 0;
  let at = start;
  for (; at + 4 <= end; at += 4) hash = hashOfMore(hash, view.getInt32(at, true));
  return hashOfAll(hash, view.getInt32(at, true), end - start);
}
