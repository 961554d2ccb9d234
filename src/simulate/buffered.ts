import type { TextSink } from "./write-log.js";

const CHUNK_CHARACTERS = 1 << 20;

/** Gathers lines until there is enough to be worth a write; one write may be under way while the next is gathered. */
export class LineBuffer {
  lines = 0;
  private text = "";
  private readonly sink: TextSink;
  private writing: Promise<void> = Promise.resolve();

  constructor(sink: TextSink) {
    this.sink = sink;
  }

  /** Adds a line that ends with a newline; true when it is time to flush. */
  add(line: string): boolean {
    this.text += line;
    this.lines++;
    return this.text.length >= CHUNK_CHARACTERS;
  }

  /** Begins to write what there is, once the write before has ended. */
  async flush(): Promise<void> {
    const { text } = this;
    this.text = "";
    await this.writing;
    this.writing = this.sink.write(text);
    this.writing.catch(() => {}); // it is thrown where it is waited for
  }

  /** Writes what is left and waits for it. */
  async finish(): Promise<void> {
    await this.flush();
    await this.writing;
  }
}
