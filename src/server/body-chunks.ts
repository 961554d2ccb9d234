import type { IncomingMessage } from "node:http";
import { Transform } from "node:stream";
import { createGunzip } from "node:zlib";
import { HttpProblemError } from "./http-problems.js";

/** Logs shrink some 15 times; what grows far more was made to. */
const INFLATION_MAX = 100;
const INFLATION_FREE_BYTES = 1 << 20;

/**
 * The bytes of a body as they come, unpacked where it is gzip. Throws the problems `ENCODING_UNKNOWN`, `BODY_INFLATES`, `BODY_SLOW`
 * (nothing came for `patienceMs`) and `BODY_BROKEN` (it ended too early, or is no gzip). Giving up reading leaves the connection.
 */
export function bodyChunks(
  request: IncomingMessage,
  { patienceMs }: { readonly patienceMs: number },
): AsyncGenerator<Buffer> {
  const encoding = request.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (encoding === "identity") return patient(request.iterator({ destroyOnReturn: false }), patienceMs);
  if (encoding !== "gzip") throw new HttpProblemError("ENCODING_UNKNOWN");
  return patient(unpacked(request), patienceMs);
}

async function* unpacked(request: IncomingMessage): AsyncGenerator<Buffer> {
  let packedBytes = 0;
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      packedBytes += chunk.length;
      done(null, chunk);
    },
  });
  const gunzip = createGunzip();
  const broken = (error: Error) => gunzip.destroy(error);
  request.once("error", broken);
  request.pipe(counted).pipe(gunzip);
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > INFLATION_FREE_BYTES + INFLATION_MAX * packedBytes) throw new HttpProblemError("BODY_INFLATES");
      yield chunk;
    }
  } finally {
    request.off("error", broken);
    request.unpipe(counted);
  }
}

async function* patient(chunks: AsyncIterable<Buffer>, patienceMs: number): AsyncGenerator<Buffer> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await within(iterator.next(), patienceMs);
      if (next.done === true) return;
      yield next.value;
    }
  } catch (error) {
    throw error instanceof HttpProblemError ? error : new HttpProblemError("BODY_BROKEN");
  } finally {
    // Of a body that does not go on the iterator would never return.
    void iterator.return?.()?.catch(() => {});
  }
}

function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new HttpProblemError("BODY_SLOW")), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
