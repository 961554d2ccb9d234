import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { UserId } from "../schema/user-id.js";
import { writeAtomically } from "./atomic-file.js";
import { homePaths } from "./home-paths.js";
import type { Manifest } from "./manifest.js";
import { mayName, withoutContent } from "./names-user.js";
import type { QuarantinedLine } from "./quarantine.js";

/**
 * Takes out of the quarantine files of a lake what may name a user; the lines stay, with place and reason. The files with another
 * content are new ones: they are in use when a manifest names them. Returns how many lines lost their content.
 */
export function eraseFromQuarantine(
  home: string,
  files: Manifest["quarantine"],
  user: UserId,
): { readonly files: Manifest["quarantine"]; readonly lines: number } {
  const { lake } = homePaths(home);
  let erased = 0;
  const kept = files.map((file) => {
    const lines = readFileSync(join(lake, file.path), "utf8").trimEnd().split("\n");
    const without = lines.map((text) => {
      const line = JSON.parse(text) as QuarantinedLine;
      if (!mayName(line, (id) => id === user)) return text;
      erased++;
      return JSON.stringify(withoutContent(line));
    });
    if (without.every((line, i) => line === lines[i])) return file;
    const content = `${without.join("\n")}\n`;
    const path = `quarantine/${createHash("sha256").update(content).digest("hex").slice(0, 16)}.jsonl`;
    writeAtomically(join(lake, path), content);
    return { ...file, path };
  });
  return { files: kept, lines: erased };
}
