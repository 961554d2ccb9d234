import { jsonLine } from "../ingest/json-line.js";
import { reasonMessage } from "../ingest/reasons.js";
import { LineSplitter } from "../ingest/split-lines.js";
import type { PieceEnd } from "../ingest/splitter.js";

/** A line that was not taken, from 1, and why. The codes are those of quarantine files. */
export interface RejectedLine {
  readonly line: number;
  readonly code: string;
  readonly message: string;
}

/** Lines that follow one another. */
export interface LineBatch {
  /** What is JSON of them, and the number of each one's line. */
  readonly items: readonly unknown[];
  readonly lineOf: readonly number[];
  readonly rejected: readonly RejectedLine[];
  /** The number of the last of them. */
  readonly through: number;
}

export interface BatchBounds {
  readonly linesMax: number;
  readonly bytesMax: number;
}

/**
 * Cuts bytes into batches of lines of JSON. It holds no more than one batch and one chunk: more is asked for when the batch has
 * been dealt with. A last line without a newline is a line.
 */
export async function* lineBatches(chunks: AsyncIterable<Buffer>, bounds: BatchBounds): AsyncGenerator<LineBatch> {
  const gathered = new Gathered();
  const splitter = new LineSplitter(gathered.take.bind(gathered), {
    skipFirst: false,
    bytes: Number.POSITIVE_INFINITY,
  });
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += bounds.bytesMax) {
      splitter.push(chunk.subarray(at, at + bounds.bytesMax));
      yield* gathered.batches(bounds);
    }
  }
  splitter.end();
  yield* gathered.batches({ linesMax: 1, bytesMax: 0 });
}

class Gathered {
  #items: unknown[] = [];
  #lineOf: number[] = [];
  #rejected: RejectedLine[] = [];
  #bytes = 0;
  #line = 0;

  take(bytes: Buffer, start: number, end: number, how: PieceEnd): void {
    const isFirst = this.#line++ === 0;
    this.#bytes += end - start;
    const row = how === "too-long" ? "LINE_TOO_LONG" : jsonLine(bytes, { start, end, how, isFirst });
    if (typeof row === "string") {
      this.#rejected.push({ line: this.#line, code: row, message: reasonMessage(row) });
      return;
    }
    this.#items.push(row);
    this.#lineOf.push(this.#line);
  }

  /** What has gathered, where it is enough. */
  *batches({ linesMax, bytesMax }: BatchBounds): Generator<LineBatch> {
    const lines = this.#items.length + this.#rejected.length;
    if (lines < linesMax && this.#bytes < bytesMax) return;
    if (lines === 0) return;
    const batch = { items: this.#items, lineOf: this.#lineOf, rejected: this.#rejected, through: this.#line };
    this.#items = [];
    this.#lineOf = [];
    this.#rejected = [];
    this.#bytes = 0;
    yield batch;
  }
}
