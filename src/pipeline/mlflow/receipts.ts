import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeAtomically } from "../../store/atomic-file.js";

const receiptsSchema = z.object({
  /** Server, experiment and registered model; another one knows nothing of us yet. */
  target: z.string(),
  /** Versions that are there whole: version → its number in the registered model, null for a run alone. */
  done: z.record(z.string(), z.string().nullable()),
  /** The aliases as they were last given there. */
  aliases: z.record(z.string(), z.string()),
  /** Tries in a row that failed, why the last did, and when to try again. */
  failures: z.number(),
  reason: z.string().nullable(),
  nextAtMs: z.number(),
});

/** What MLflow is known to have. The registry says what it is to have: the difference is the queue. */
export type Receipts = z.infer<typeof receiptsSchema>;

const pathOf = (home: string): string => join(home, "uploads", "mlflow.json");
export const uploadLock = (home: string): string => join(home, "uploads", "lock");

/** What was last noted, of whatever target; null where there is nothing, or nothing that can be read. */
export function lastReceipts(home: string): Receipts | null {
  const path = pathOf(home);
  if (!existsSync(path)) return null;
  try {
    return receiptsSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}

/** Those of another target, or that cannot be read, are none: MLflow is then asked what it has. */
export function readReceipts(home: string, target: string): Receipts {
  const kept = lastReceipts(home);
  return kept?.target === target ? kept : { target, done: {}, aliases: {}, failures: 0, reason: null, nextAtMs: 0 };
}

export function writeReceipts(home: string, receipts: Receipts): void {
  writeAtomically(pathOf(home), `${JSON.stringify(receipts, null, 1)}\n`);
}
