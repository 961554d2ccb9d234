import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { asInstant, isoOf } from "../../base/time.js";
import { readIndex, readModel } from "../../registry/local.js";
import { writeAtomically } from "../../store/atomic-file.js";
import { homePaths } from "../../store/home-paths.js";
import type { LiveRemoval } from "../live/erase-live.js";
import type { LakeRemoval, PendingErasure } from "./pending.js";

/** What an erasure did, without a word about whom. */
export interface ErasureReceipt {
  readonly id: string;
  /** SHA-256 of the home's salt and the user id: whoever has the home can tell whose receipt it is by the id. */
  readonly tombstone: string;
  /** ISO 8601. */
  readonly erasedAt: string;
  /** Rows by where they were removed; null where there is no live store. */
  readonly live: (Omit<LiveRemoval, "recovered"> & { readonly recovered: number }) | null;
  readonly lake: LakeRemoval;
  /** Files removed since they may have named the user; commands make them again. */
  readonly removedFiles: readonly string[];
  /** Models that may have learned from the user's events, which no erasure takes out of them. */
  readonly trainedWith: readonly {
    readonly version: string;
    readonly registeredAt: string;
    readonly serves: boolean;
  }[];
  readonly hints: readonly string[];
}

const OUTSIDE =
  "Files written elsewhere with --out, backups made before, the logs that were ingested, and a database server's own logs and backups are not reached from here.";

/** Models that were trained on events up to the user's first one or later. */
export function trainedWith(home: string, { firstTsMs }: PendingErasure): ErasureReceipt["trainedWith"] {
  if (firstTsMs === null) return [];
  const { versions, champion } = readIndex(home);
  return versions.flatMap(({ version, registeredAt, protocol }) => {
    if (protocol === "table") return [];
    const through = readModel(home, version)?.training.throughMs ?? null;
    return through !== null && through < firstTsMs ? [] : [{ version, registeredAt, serves: version === champion }];
  });
}

export function writeReceipt(
  home: string,
  { id, startedAtMs }: PendingErasure,
  done: Pick<ErasureReceipt, "tombstone" | "live" | "lake" | "removedFiles" | "trainedWith">,
): ErasureReceipt {
  const models = done.trainedWith.length;
  const hints = [
    ...(models === 0
      ? []
      : [`Train again: ${models} ${models === 1 ? "model" : "models"} may have learned from the user.`]),
    OUTSIDE,
  ];
  const receipt = { id, erasedAt: isoOf(asInstant(startedAtMs)), ...done, hints };
  writeAtomically(
    join(homePaths(home).erasures, `receipt-${id}-${startedAtMs}.json`),
    `${JSON.stringify(receipt, null, 1)}\n`,
  );
  return receipt;
}

/** The latest receipt of an erasure, null where there is none. */
export function findReceipt(home: string, ids: readonly string[]): ErasureReceipt | null {
  const { erasures } = homePaths(home);
  if (!existsSync(erasures)) return null;
  const isOne = (name: string) => ids.some((id) => name.startsWith(`receipt-${id}-`));
  const last = readdirSync(erasures).filter(isOne).sort().at(-1);
  return last === undefined ? null : (JSON.parse(readFileSync(join(erasures, last), "utf8")) as ErasureReceipt);
}
