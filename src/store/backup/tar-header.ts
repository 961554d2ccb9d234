import { assert } from "../../base/assert.js";

/** Headers and the ends of files fill blocks of so many bytes. */
export const TAR_BLOCK = 512;
const NAME_BYTES = 100;
const PREFIX = { at: 345, bytes: 155 } as const;
const SIZE_MAX = 8 ** 11 - 1;
const [NAME, MODE, SIZE, SUM, TYPE, MAGIC] = [0, 100, 124, 148, 156, 257];

export interface TarEntry {
  readonly path: string;
  readonly isFolder: boolean;
  readonly bytes: number;
}

/** A header of the ustar format (POSIX.1-1988), as every `tar` reads it. Owner and time are nobody's and none. */
export function tarHeader({ path, isFolder, bytes }: TarEntry): Buffer {
  assert(bytes <= SIZE_MAX, `${path} is larger than a tar file can hold`);
  const header = Buffer.alloc(TAR_BLOCK);
  const [prefix, name] = split(isFolder ? `${path}/` : path);
  header.write(name, NAME);
  header.write(prefix, PREFIX.at);
  header.write(isFolder ? "0000700\0" : "0000600\0", MODE);
  for (const at of [108, 116]) header.write("0000000\0", at);
  header.write(`${bytes.toString(8).padStart(11, "0")}\0`, SIZE);
  header.write("00000000000\0", 136);
  header.write(isFolder ? "5" : "0", TYPE);
  header.write("ustar\x0000", MAGIC);
  header.write(`${sumOf(header).toString(8).padStart(6, "0")}\0 `, SUM);
  return header;
}

/** Null at the end; throws for what is no header of a file or a folder. */
export function readTarHeader(header: Buffer): TarEntry | null {
  if (header.every((byte) => byte === 0)) return null;
  const text = (at: number, bytes: number) => header.toString("utf8", at, at + bytes).replace(/\0.*$/s, "");
  const [sum, bytes] = [text(SUM, 8), text(SIZE, 12)].map((octal) => Number.parseInt(octal, 8));
  if (sum !== sumOf(header) || !(Number(bytes) >= 0)) throw new Error("a header of it is damaged");
  const type = text(TYPE, 1);
  if (type !== "0" && type !== "5") throw new Error("it holds what is no file and no folder");
  const prefix = text(PREFIX.at, PREFIX.bytes);
  const path = `${prefix === "" ? "" : `${prefix}/`}${text(NAME, NAME_BYTES)}`;
  return { path: path.replace(/\/$/, ""), isFolder: type === "5", bytes: Number(bytes) };
}

/** How many bytes follow a file of so many. */
export function tarPadding(bytes: number): number {
  return (TAR_BLOCK - (bytes % TAR_BLOCK)) % TAR_BLOCK;
}

function split(path: string): [prefix: string, name: string] {
  if (Buffer.byteLength(path) <= NAME_BYTES) return ["", path];
  const at = path.indexOf("/", path.length - NAME_BYTES - 1);
  const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
  assert(at > 0 && Buffer.byteLength(prefix) <= PREFIX.bytes, `${path} is too long a name for a tar file`);
  return [prefix, name];
}

/** Of all bytes, with those of the sum itself as spaces. */
function sumOf(header: Buffer): number {
  return header.reduce((sum, byte, at) => sum + (at >= SUM && at < SUM + 8 ? 32 : byte), 0);
}
