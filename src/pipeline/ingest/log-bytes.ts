import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { createGunzip } from "node:zlib";
import { RefrainError } from "../../base/errors.js";

/** Fits the processor's cache, and bounds what one chunk can make of rejects. */
const CHUNK_BYTES = 1 << 18;

export function isGzip(path: string): boolean {
  return /\.gz$/i.test(path);
}

/** The bytes of a file from `from` to its end, chunk by chunk, unpacked where it is gzip. Throws `FILE_UNREADABLE`. */
export async function* logBytes(path: string, from: number): AsyncGenerator<Buffer> {
  try {
    if (isGzip(path)) yield* unpackedBytes(path);
    else yield* plainBytes(path, from);
  } catch (error) {
    throw new RefrainError("FILE_UNREADABLE", { path, reason: (error as Error).message }, error);
  }
}

/** Piece by piece, so that what was unpacked before a broken place is handed on before the failure is. */
async function* unpackedBytes(path: string): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  let unpacked: Buffer[] = [];
  let failure: Error | null = null;
  gunzip.on("data", (chunk: Buffer) => unpacked.push(chunk));
  const failed = new Promise<void>((resolve) => {
    gunzip.on("error", (error) => {
      failure = error;
      resolve();
    });
  });
  const fed = (piece: Buffer | null) =>
    new Promise<void>((resolve) => {
      if (piece === null) gunzip.once("end", resolve).end();
      else gunzip.write(piece, () => resolve());
    });
  for await (const piece of (async function* () {
    yield* createReadStream(path) as AsyncIterable<Buffer>;
    yield null;
  })()) {
    await Promise.race([fed(piece), failed]);
    const ready = unpacked;
    unpacked = [];
    yield* ready;
    if (failure !== null) throw failure;
  }
}

/** Read synchronously: the thread has nothing else to do, and the way through the thread pool costs more than the copy. */
function* plainBytes(path: string, from: number): Generator<Buffer> {
  const file = openSync(path, "r");
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let at = from; ; ) {
      const bytesRead = readSync(file, chunk, 0, CHUNK_BYTES, at);
      if (bytesRead === 0) return;
      yield chunk.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    closeSync(file);
  }
}
