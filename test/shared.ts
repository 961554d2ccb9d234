import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const folder = resolve(import.meta.dirname, "../../shared");

/** The folder of reference figures and real data beside the repository; null when it is absent. */
export const SHARED: string | null = existsSync(folder) ? folder : null;

/**
 * For `describe.skipIf(needsShared("reference/logistic.json"))`: true when that file is absent, so that the tests are
 * skipped by name. With REFRAIN_REQUIRE_ALL=1 they run all the same, and fail.
 */
export function needsShared(name: string): boolean {
  return process.env.REFRAIN_REQUIRE_ALL !== "1" && (SHARED === null || !existsSync(join(SHARED, name)));
}

export function sharedPath(name: string): string {
  return join(SHARED ?? folder, name);
}

/** The parsed JSON of a shared file; the caller knows its shape. */
export function readShared<T>(name: string): T {
  return JSON.parse(readFileSync(sharedPath(name), "utf8")) as T;
}
