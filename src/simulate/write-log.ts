import { open, rename, rm } from "node:fs/promises";
import { RefrainError } from "../base/errors.js";

/** Takes UTF-8 in large pieces; a piece must not be read after its promise has settled. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
}

/** Where a simulated log goes, and the truth behind it, if anybody wants it. */
export interface SimulateSink {
  readonly log: ByteSink;
  readonly truth: ByteSink | null;
}

/** A file that appears, whole, when it is committed, and never otherwise. */
export interface AtomicFile extends ByteSink {
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
    async write(bytes) {
      await file.appendFile(bytes);
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
export function memorySink(): ByteSink & { text(): string } {
  const parts: string[] = [];
  return {
    async write(bytes) {
      parts.push(new TextDecoder().decode(bytes));
    },
    text: () => parts.join(""),
  };
}
