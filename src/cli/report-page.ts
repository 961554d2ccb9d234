import { readFileSync } from "node:fs";
import { join } from "node:path";

const NO_REPORT =
  "<!doctype html><title>Refrain</title><p>There is no report: refrain run makes one. Erasing a user removes it.</p>";

/** The page of the last run of a home, as it lies there now: a run beside a service makes another, an erasure takes it away. */
export function reportPage(home: string): string {
  try {
    return readFileSync(join(home, "reports", "report.html"), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return NO_REPORT;
    throw error;
  }
}
