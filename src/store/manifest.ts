import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { RefrainError } from "../base/errors.js";
import { writeAtomically } from "./atomic-file.js";
import { homePaths } from "./home-paths.js";

const eventFile = z.object({
  /** Relative to the lake folder. */
  path: z.string(),
  rows: z.number().int(),
  blankRows: z.number().int(),
  firstTs: z.number(),
  lastTs: z.number(),
  /** Changes with any idempotency key in the file, not with their order. */
  digest: z.string(),
});

/** The layout of a home that this version writes. It reads this one and all before; a newer one it refuses. */
const FORMAT = 1;

const manifestSchema = z.object({
  format: z.literal(FORMAT),
  /** How many times events were added. */
  version: z.number().int(),
  files: z.array(eventFile),
  /** Distinct user ids, `""` left out. */
  users: z.number().int(),
  /** The logs that rows came from. */
  sources: z.array(z.object({ path: z.string(), rows: z.number().int() })),
  quarantine: z.array(z.object({ path: z.string(), lines: z.number().int() })),
  /** Which lake the attributions were made for, and by which `IDENTITY_VERSION`; homes that do not say it have the first. */
  attributions: z
    .object({ lake: z.string(), rows: z.number().int(), identity: z.number().int().default(1) })
    .nullable(),
});

const anyFormat = z.object({ format: z.number() });

export type EventFile = z.infer<typeof eventFile>;

/** The only list of the files in use: what it does not name does not exist. */
export type Manifest = z.infer<typeof manifestSchema>;

const EMPTY: Manifest = {
  format: FORMAT,
  version: 0,
  files: [],
  users: 0,
  sources: [],
  quarantine: [],
  attributions: null,
};

/** The manifest of a home, an empty one where there is none. Throws `LAKE_BROKEN` when it or a file it names is damaged, `HOME_NEWER` when a later version wrote it. */
export function readManifest(home: string): Manifest {
  const paths = homePaths(home);
  if (!existsSync(paths.manifest)) return EMPTY;
  const manifest = parsed(home, readFileSync(paths.manifest, "utf8"));
  for (const file of manifest.files) {
    if (!existsSync(join(paths.lake, file.path))) {
      throw new RefrainError("LAKE_BROKEN", { home, reason: `${file.path} is missing` });
    }
  }
  return manifest;
}

export function writeManifest(home: string, manifest: Manifest): void {
  writeAtomically(homePaths(home).manifest, `${JSON.stringify(manifest, null, 1)}\n`);
}

/** Names the set of events in the lake: 16 hex digits, equal for equal files. */
export function lakeVersion(manifest: Manifest): string {
  const list = manifest.files.map((file) => [file.path, file.rows, file.firstTs, file.lastTs, file.digest]);
  return createHash("sha256").update(JSON.stringify(list)).digest("hex").slice(0, 16);
}

function parsed(home: string, text: string): Manifest {
  try {
    const manifest: unknown = JSON.parse(text);
    const { format } = anyFormat.parse(manifest);
    if (format > FORMAT) throw new RefrainError("HOME_NEWER", { home, format, known: FORMAT });
    return manifestSchema.parse(manifest);
  } catch (cause) {
    if (cause instanceof RefrainError) throw cause;
    throw new RefrainError("LAKE_BROKEN", { home, reason: "manifest.json cannot be read" }, cause);
  }
}
