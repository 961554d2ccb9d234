import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, readdirSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { moveIntoPlace } from "../atomic-file.js";
import { BACKUP_FORMAT, BACKUP_MANIFEST, type BackupManifest } from "./manifest.js";
import { TAR_BLOCK, tarHeader, tarPadding } from "./tar-header.js";

/** What is made again, belongs to a process, or is of one machine. */
const LEFT_OUT = [
  /^lock(\.|$)/,
  /^live\.lock/,
  /^uploads\/lock/,
  /^lake\/temp(\/|$)/,
  /^lake\/folded(\/|$)/,
  /^log(\/|$)/,
  /\.tmp$/,
];

/**
 * Writes all of a home that cannot be made again into one file, a gzipped tar whose first entry lists the others with their SHA-256.
 * Nothing may write to the home meanwhile. Atomic.
 */
export async function writeBackup(
  home: string,
  path: string,
  made: Pick<BackupManifest, "version" | "madeAt" | "live">,
): Promise<BackupManifest> {
  const entries = existsSync(home) ? entriesUnder(home) : [];
  const files: { path: string; bytes: number; sha256: string }[] = [];
  for (const name of entries.filter(({ isFolder }) => !isFolder).map((entry) => entry.path)) {
    files.push({ path: name, bytes: statSync(join(home, name)).size, sha256: await sha256Of(join(home, name)) });
  }
  const folders = entries.filter(({ isFolder }) => isFolder).map((entry) => entry.path);
  const manifest: BackupManifest = { format: BACKUP_FORMAT, ...made, folders, files };
  const temporary = `${path}.${process.pid}.tmp`;
  await pipeline(Readable.from(tarOf(home, manifest)), createGzip(), createWriteStream(temporary, { mode: 0o600 }));
  moveIntoPlace(temporary, path);
  return manifest;
}

async function* tarOf(home: string, manifest: BackupManifest): AsyncGenerator<Buffer> {
  const list = Buffer.from(JSON.stringify(manifest));
  yield tarHeader({ path: BACKUP_MANIFEST, isFolder: false, bytes: list.length });
  yield list;
  yield Buffer.alloc(tarPadding(list.length));
  for (const path of manifest.folders) yield tarHeader({ path, isFolder: true, bytes: 0 });
  for (const { path, bytes } of manifest.files) {
    yield tarHeader({ path, isFolder: false, bytes });
    if (bytes > 0) for await (const chunk of createReadStream(join(home, path))) yield chunk as Buffer;
    yield Buffer.alloc(tarPadding(bytes));
  }
  yield Buffer.alloc(2 * TAR_BLOCK);
}

function entriesUnder(home: string): { readonly path: string; readonly isFolder: boolean }[] {
  return readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => ({
      path: relative(home, join(entry.parentPath, entry.name)).split(sep).join("/"),
      isFolder: entry.isDirectory(),
    }))
    .filter(({ path }) => !LEFT_OUT.some((pattern) => pattern.test(path)))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
