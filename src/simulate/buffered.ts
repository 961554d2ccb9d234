import type { ByteSink } from "./write-log.js";

const CHUNK_BYTES = 1 << 20;
/** No line is longer than this. */
const LINE_BYTES_MAX = 1 << 14;

/** Gathers lines until there is enough to be worth a write; one write may be under way while the next is gathered. */
export class LineBuffer {
  lines = 0;
  private bytes = 0;
  private filling = Buffer.allocUnsafe(CHUNK_BYTES + LINE_BYTES_MAX);
  private spare = Buffer.allocUnsafe(CHUNK_BYTES + LINE_BYTES_MAX);
  private writing: Promise<void> = Promise.resolve();
  private readonly sink: ByteSink;

  constructor(sink: ByteSink) {
    this.sink = sink;
  }

  /** Adds a line that ends with a newline; true when it is time to flush, before another is added. */
  add(line: string): boolean {
    this.bytes += this.filling.write(line, this.bytes, "utf8");
    this.lines++;
    return this.bytes >= CHUNK_BYTES;
  }

  /** Begins to write what there is, once the write before has ended. */
  async flush(): Promise<void> {
    await this.writing;
    this.writing = this.sink.write(this.filling.subarray(0, this.bytes));
    this.writing.catch(() => {}); // it is thrown where it is waited for
    [this.filling, this.spare] = [this.spare, this.filling];
    this.bytes = 0;
  }

  /** Writes what is left and waits for it. */
  async finish(): Promise<void> {
    await this.flush();
    await this.writing;
  }
}
