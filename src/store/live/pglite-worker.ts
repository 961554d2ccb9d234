import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { assert } from "../../base/assert.js";
import type { PgliteAnswer, PgliteTask } from "./pglite-messages.js";
import { OID, PARSERS } from "./row-types.js";
import { Turns } from "./turns.js";

/** Runs PGlite, which computes where it is called, in a thread of its own, so that it never keeps a request waiting. */
assert(parentPort !== null, "the worker of PGlite runs in a thread");
const port = parentPort;
const { folder } = workerData as { folder: string };

// Bytes are sent as they are; PGlite's own way writes them as hexadecimal text.
const raw = (bytes: unknown): string => bytes as string;
const turns = new Turns();
const opened = PGlite.create(folder, { parsers: { ...PARSERS }, serializers: { [OID.bytea]: raw } });

async function answer(task: PgliteTask): Promise<readonly unknown[]> {
  const db = await opened;
  switch (task.kind) {
    case "query":
      return (await db.query(task.text, [...task.values])).rows;
    case "exec":
      await db.exec(task.text);
      return [];
    case "close":
      await db.close();
      return [];
  }
}

function failure(error: unknown): PgliteAnswer {
  const { code } = error as { code?: unknown };
  const reason = error instanceof Error ? error.message : String(error);
  return { kind: "failed", reason, code: typeof code === "string" ? code : null };
}

/** The memory of all bytes in rows, which goes with them. */
function buffersOf(rows: readonly unknown[]): ArrayBuffer[] {
  return rows.flatMap((row) =>
    Object.values(row as object).flatMap((value) => (value instanceof Uint8Array ? [value.buffer as ArrayBuffer] : [])),
  );
}

port.on("message", (task: PgliteTask) => {
  turns
    .take(() => answer(task))
    .then(
      (rows) => port.postMessage({ kind: "rows", rows } satisfies PgliteAnswer, buffersOf(rows)),
      (error: unknown) => port.postMessage(failure(error)),
    );
});
