/** Numbers of PostgreSQL's types, as `pg_type.oid` has them. */
export const OID = { bytea: 17, int8: 20, float8: 701 } as const;

/** How values come back, by the number of their type: the same from both drivers. Whole numbers beyond 2^53 are never stored. */
export const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [OID.int8]: Number,
  [OID.float8]: Number,
  [OID.bytea]: bytesOfHex,
};

/** `\x0a1b` as bytes that own their buffer, so that they can be handed to another thread. */
function bytesOfHex(text: string): Uint8Array {
  const bytes = new Uint8Array((text.length - 2) / 2);
  Buffer.from(bytes.buffer).write(text.slice(2), "hex");
  return bytes;
}
