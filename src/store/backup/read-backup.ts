import { createHash } from "node:crypto";
import { closeSync, createReadStream, fsyncSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { createGunzip } from "node:zlib";
import { z } from "zod";
import { RefrainError } from "../../base/errors.js";
import { BACKUP_FORMAT, BACKUP_MANIFEST, type BackupManifest, backupManifestSchema } from "./manifest.js";
import { readTarHeader, TAR_BLOCK, tarPadding } from "./tar-header.js";

const MANIFEST_BYTES_MAX = 256 * 2 ** 20;
const anyFormat = z.object({ format: z.number() });

/**
 * Unpacks a backup into a folder that is not there yet, and makes sure that it is whole: each file it lists, with the SHA-256 that it
 * lists, and no other. Throws `BACKUP_BROKEN`, `HOME_NEWER`; the folder then holds nothing of use.
 */
export async function readBackup(path: string, folder: string): Promise<BackupManifest> {
  try {
    return await unpacked(path, folder);
  } catch (error) {
    if (error instanceof RefrainError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new RefrainError("BACKUP_BROKEN", { path, reason }, error);
  }
}

async function unpacked(path: string, folder: string): Promise<BackupManifest> {
  const source = createReadStream(path);
  const unzipped = createGunzip();
  source.on("error", (error) => unzipped.destroy(error));
  const bytes = new TarBytes(source.pipe(unzipped));
  const first = readTarHeader(await bytes.take(TAR_BLOCK));
  if (first?.path !== BACKUP_MANIFEST || first.bytes > MANIFEST_BYTES_MAX)
    throw new Error("it is no backup of Refrain");
  const manifest = parsed(path, (await bytes.take(first.bytes)).toString("utf8"));
  await bytes.take(tarPadding(first.bytes));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of manifest.folders) mkdirSync(join(folder, inside(name)), { recursive: true, mode: 0o700 });
  const expected = new Map(manifest.files.map((file) => [file.path, file]));
  for (let entry = await next(bytes); entry !== null; entry = await next(bytes)) {
    if (entry.isFolder) continue;
    const file = expected.get(entry.path);
    if (file === undefined || file.bytes !== entry.bytes) throw new Error(`${entry.path} is not as it is listed`);
    expected.delete(entry.path);
    if ((await unpack(bytes, entry.bytes, join(folder, inside(entry.path)))) !== file.sha256) {
      throw new Error(`${entry.path} is damaged`);
    }
    await bytes.take(tarPadding(entry.bytes));
  }
  const [missing] = expected.keys();
  if (missing !== undefined) throw new Error(`${missing} is missing`);
  return manifest;
}

async function next(bytes: TarBytes) {
  return readTarHeader(await bytes.take(TAR_BLOCK));
}

function parsed(path: string, text: string): BackupManifest {
  const content: unknown = JSON.parse(text);
  const { format } = anyFormat.parse(content);
  if (format > BACKUP_FORMAT) throw new RefrainError("HOME_NEWER", { home: path, format, known: BACKUP_FORMAT });
  return backupManifestSchema.parse(content);
}

/** The path, if it stays in the folder it is unpacked into. */
function inside(path: string): string {
  const parts = path.split("/");
  const leaves = /[\\\0:]/.test(path) || parts.some((part) => part === "" || part === "." || part === "..");
  if (leaves) throw new Error(`it would write to ${JSON.stringify(path)}`);
  return path;
}

async function unpack(bytes: TarBytes, count: number, to: string): Promise<string> {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  const hash = createHash("sha256");
  const file = openSync(to, "wx", 0o600);
  try {
    for (let left = count; left > 0; ) {
      const part = await bytes.some(left);
      hash.update(part);
      for (let at = 0; at < part.length; ) at += writeSync(file, part, at);
      left -= part.length;
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return hash.digest("hex");
}

/** The bytes of a stream, so many at a time. */
class TarBytes {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  async take(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let left = count; left > 0; ) {
      const part = await this.some(left);
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** At least one, at most so many. */
  async some(most: number): Promise<Buffer> {
    while (this.#rest.length === 0) {
      const { value, done } = await this.#chunks.next();
      if (done === true) throw new Error("it ends too early");
      this.#rest = value;
    }
    const part = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(part.length);
    return part;
  }
}
