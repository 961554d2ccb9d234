import { RefrainError } from "../../base/errors.js";
import { readIndex } from "../../registry/local.js";
import { lastReceipts } from "../mlflow/receipts.js";
import { type Check, ok, warn } from "./check.js";

/** What MLflow is known to have, by what was noted when it was last told; a home that never told one has no such check. */
export function checkMlflow(home: string): readonly Check[] {
  const receipts = lastReceipts(home);
  if (receipts === null) return [];
  const { done, failures, reason } = receipts;
  const waiting = versionsOf(home).filter((version) => !Object.hasOwn(done, version)).length;
  const detail = `it has ${Object.keys(done).length} of our models, ${waiting} wait`;
  const advice = "refrain serve sends what is missing, or run refrain models sync.";
  if (failures > 0) return [warn("mlflow", `${detail}; the last ${failures} tries failed: ${reason}`, advice)];
  return [waiting === 0 ? ok("mlflow", detail) : warn("mlflow", detail, advice)];
}

/** None where the registry cannot be read: the check of the models says so. */
function versionsOf(home: string): string[] {
  try {
    return readIndex(home).versions.map(({ version }) => version);
  } catch (error) {
    if (error instanceof RefrainError) return [];
    throw error;
  }
}
