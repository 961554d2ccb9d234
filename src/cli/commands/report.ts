import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { RefrainError } from "../../base/errors.js";
import { renderReport } from "../../report/report.js";
import type { RunDocument } from "../../schema/documents.js";
import { writeAtomically } from "../../store/atomic-file.js";
import type { Register } from "../register.js";

export const reportCommand: Register = (root, act) =>
  root
    .command("report")
    .description("write the report of the last run as one self-contained HTML page")
    .requiredOption("--out <file>", "an .html file")
    .action(
      act(async ({ home, answer }, { out }: { out: string }) => {
        const kept = join(home, "reports", "run.json");
        if (!existsSync(kept)) throw new RefrainError("NO_DATA", { home });
        const file = resolve(out);
        writeAtomically(file, renderReport(keptRun(kept)));
        answer({ file }, `Report: ${file}`);
        return undefined;
      }),
    );

/** Fails with FILE_UNREADABLE. */
function keptRun(path: string): RunDocument {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as RunDocument;
  } catch (cause) {
    throw new RefrainError("FILE_UNREADABLE", { path, reason: "it is not JSON" }, cause);
  }
}
