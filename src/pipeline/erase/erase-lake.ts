import type { World } from "../../base/world.js";
import type { UserId } from "../../schema/user-id.js";
import { eraseFromQuarantine } from "../../store/erase-quarantine.js";
import { writeWithout } from "../../store/erase-rows.js";
import type { Lake } from "../../store/lake.js";
import { lakeVersion, type Manifest, readManifest, writeManifest } from "../../store/manifest.js";
import type { RowKey } from "../../store/tombstones.js";
import type { LakeRemoval } from "./pending.js";

/** A file of the lake that was replaced, by what; null where nothing is left of it. */
export type Replaced = ReadonlyMap<string, Manifest["files"][number] | null>;

/**
 * Removes a user, and rows that are known to be the user's, from the lake of a home: files are written anew without them, and one
 * manifest takes the place of the other. The attributions go, to be made again. Needs the home lock.
 *
 * @param note told what is going to be removed, before it is
 */
export async function eraseFromLake(
  home: string,
  { user, rows, note }: { user: UserId; rows: readonly RowKey[]; note: (removal: LakeRemoval) => void },
  world: World,
): Promise<Replaced> {
  const manifest = readManifest(home);
  const quarantine = eraseFromQuarantine(home, manifest.quarantine, user);
  const lake: Lake = { home, version: lakeVersion(manifest), manifest };
  const without = await writeWithout(lake, { user, rows }, world);
  const { received: events, recovered } = without;
  const removal = { files: without.renamed.size, events, recovered, quarantinedLines: quarantine.lines };
  if (removal.files === 0 && removal.quarantinedLines === 0) return new Map();
  note(removal);
  const lakeChanged = without.renamed.size > 0;
  writeManifest(home, {
    ...manifest,
    ...(lakeChanged ? { version: manifest.version + 1, files: [...without.files], users: without.users } : {}),
    quarantine: quarantine.files,
    attributions: lakeChanged ? null : manifest.attributions,
  });
  const byPath = new Map(without.files.map((file) => [file.path, file]));
  return new Map([...without.renamed].map(([from, to]) => [from, to === null ? null : (byPath.get(to) ?? null)]));
}
