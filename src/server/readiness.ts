import { performance } from "node:perf_hooks";
import type { FieldError } from "./problem.js";
import type { ServingState } from "./serving.js";
import type { Shell } from "./shell.js";

const PATIENCE_MS = 3000;
/** However often it is asked, the store is asked no more often than this. */
const HOLDS_MS = 500;

/** Says what is missing before requests can be served; nothing when all is there. */
export function readiness(serving: ServingState, shell: Shell): () => Promise<readonly FieldError[]> {
  let asked: { readonly atMs: number; readonly answers: Promise<boolean> } | null = null;
  const storeAnswers = (): Promise<boolean> => {
    const now = performance.now();
    if (asked === null || now - asked.atMs > HOLDS_MS) asked = { atMs: now, answers: answersInTime(shell) };
    return asked.answers;
  };
  return async () => {
    const missing: FieldError[] = [];
    if (!(await storeAnswers())) missing.push({ field: "store", message: "does not answer" });
    if (serving.model === null) missing.push({ field: "model", message: "there is none yet: refrain train" });
    return missing;
  };
}

async function answersInTime(shell: Shell): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), PATIENCE_MS).unref());
  const answered = async () => {
    await shell.doors().ping();
    return true;
  };
  return Promise.race([late, answered().catch(() => false)]);
}
