import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { RefrainError } from "../base/errors.js";
import type { UserId } from "../schema/user-id.js";
import { writeAtomically } from "./atomic-file.js";
import { homePaths } from "./home-paths.js";

const fileSchema = z.object({
  format: z.literal(1),
  /** One, but for homes that share a database. */
  salts: z.array(z.string()),
  /** Hash → when. */
  erased: z.record(z.string(), z.number()),
});

type TombstoneFile = z.infer<typeof fileSchema>;

/** The key of a row that names nobody, with the page as received. */
export interface RowKey {
  readonly sessionId: number;
  readonly item: number;
  readonly tsMs: number;
  readonly page: string;
}

/** What is hashed, behind the salt: PostgreSQL and DuckDB put the same texts together. */
export const userText = (user: UserId): string => `user ${user}`;
export const rowText = ({ sessionId, item, tsMs, page }: RowKey): string => `row ${sessionId}/${item}/${tsMs}/${page}`;

/** What is left of who was erased: enough to know the user when he comes again, and nothing to find out who it was. */
export class Tombstones {
  readonly salts: readonly string[];
  readonly erased: ReadonlyMap<string, number>;

  constructor({ salts, erased }: Omit<TombstoneFile, "format">) {
    this.salts = salts;
    this.erased = new Map(Object.entries(erased));
  }

  get isEmpty(): boolean {
    return this.erased.size === 0;
  }

  hasUser(user: UserId): boolean {
    return this.hashesOf(userText(user)).some((hash) => this.erased.has(hash));
  }

  /** Under each salt. */
  hashesOf(text: string): string[] {
    return this.salts.map((salt) => tombstoneOf(salt, text));
  }

  /** Those of both. Of two salts the first is the one for what is erased from now on. */
  with({ salts, erased }: { readonly salts: readonly string[]; readonly erased: Iterable<readonly [string, number]> }) {
    return new Tombstones({
      salts: [...new Set([...this.salts, ...salts])],
      erased: Object.fromEntries([...this.erased, ...erased]),
    });
  }
}

/** SHA-256 of the salt and a text, in hex. The salt is the home's secret: ids are few, and without it all could be tried. */
export function tombstoneOf(salt: string, text: string): string {
  return createHash("sha256").update(salt).update(text).digest("hex");
}

/** The tombstones of a home; none where nobody was erased. Throws `FILE_UNREADABLE`: without them the erased would come again. */
export function readTombstones(home: string): Tombstones {
  const path = fileOf(home);
  if (!existsSync(path)) return new Tombstones({ salts: [], erased: {} });
  try {
    return new Tombstones(fileSchema.parse(JSON.parse(readFileSync(path, "utf8"))));
  } catch (cause) {
    throw new RefrainError("FILE_UNREADABLE", { path, reason: "it is no list of tombstones" }, cause);
  }
}

/** Needs the home lock. */
export function writeTombstones(home: string, { salts, erased }: Tombstones): void {
  const file: TombstoneFile = { format: 1, salts: [...salts], erased: Object.fromEntries(erased) };
  writeAtomically(fileOf(home), `${JSON.stringify(file, null, 1)}\n`);
}

function fileOf(home: string): string {
  return join(homePaths(home).erasures, "tombstones.json");
}
