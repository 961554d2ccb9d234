import { existsSync, readdirSync, rmSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { homePaths } from "./home-paths.js";
import type { Manifest } from "./manifest.js";

/** Removes what a killed run left behind: temporary files, and files the manifest does not name. Needs the home lock. */
export function sweepLake(home: string, manifest: Manifest): void {
  const paths = homePaths(home);
  rmSync(paths.temp, { recursive: true, force: true });
  const used = new Set([...manifest.files, ...manifest.quarantine].map((file) => file.path));
  for (const folder of [paths.events, paths.quarantine]) {
    for (const file of filesUnder(folder)) {
      if (!used.has(relative(paths.lake, file).split(sep).join("/"))) rmSync(file, { force: true });
    }
  }
  if (!existsSync(paths.lake)) return;
  for (const name of readdirSync(paths.lake))
    if (name.endsWith(".tmp")) rmSync(join(paths.lake, name), { force: true });
}

function filesUnder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
}
