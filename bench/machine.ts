import { execFileSync } from "node:child_process";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";

/** Where and when figures were made: they mean little without it. */
export function provenance(command: string): string {
  const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8" }).trim();
  const changed = git("status", "--porcelain", "--untracked-files=no") === "" ? "" : " with changes";
  return [
    `- machine: ${availableParallelism()} × ${cpus()[0]?.model.trim() ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}, Node ${process.version}`,
    `- date: ${new Date().toISOString().slice(0, 16)}Z, load before: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(" ")}`,
    `- commit: ${git("rev-parse", "--short", "HEAD")}${changed}`,
    `- command: ${command}`,
  ].join("\n");
}
