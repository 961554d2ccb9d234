import { open, rename, rm } from "node:fs/promises";
import { RefrainError } from "../base/errors.js";

/** Takes text in large pieces. */
export interface TextSink {
  write(text: string): Promise<void>;
}

/** Where a simulated log goes, and the truth behind it, if anybody wants it. */
export interface SimulateSink {
  readonly log: TextSink;
  readonly truth: TextSink | null;
}

/** A file that appears, whole, when it is committed, and never otherwise. */
export interface AtomicFile extends TextSink {
  commit(): Promise<void>;
  abandon(): Promise<void>;
}

/** Opens a file for writing under a name of its own beside `path`. */
export async function atomicFile(path: string): Promise<AtomicFile> {
  const temporary = `${path}.part`;
  const file = await open(temporary, "w").catch((cause: Error) => {
    const advice = `Give a path that can be written to (${cause.message}).`;
    throw new RefrainError("VALUE_BAD", { name: "The output file", value: path, advice }, cause);
  });
  return {
    async write(text) {
      await file.appendFile(text, "utf8");
    },
    async commit() {
      await file.sync();
      await file.close();
      await rename(temporary, path);
    },
    async abandon() {
      await file.close();
      await rm(temporary, { force: true });
    },
  };
}

/** Keeps all text; for tests and small logs. */
export function memorySink(): TextSink & { text(): string } {
  const parts: string[] = [];
  return {
    async write(text) {
      parts.push(text);
    },
    text: () => parts.join(""),
  };
}
