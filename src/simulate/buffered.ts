import type { TextSink } from "./write-log.js";

const CHUNK_CHARACTERS = 1 << 20;

/** Gathers lines until there is enough to be worth a write. */
export class LineBuffer {
  lines = 0;
  private text = "";
  private readonly sink: TextSink;

  constructor(sink: TextSink) {
    this.sink = sink;
  }

  /** Adds a line that ends with a newline; true when it is time to flush. */
  add(line: string): boolean {
    this.text += line;
    this.lines++;
    return this.text.length >= CHUNK_CHARACTERS;
  }

  async flush(): Promise<void> {
    const { text } = this;
    this.text = "";
    if (text !== "") await this.sink.write(text);
  }
}
