import { createHash } from "node:crypto";
import { asInstant } from "../../src/base/time.js";
import type { World } from "../../src/base/world.js";
import { SIMULATE_DEFAULTS, type SimulateOptions } from "../../src/simulate/options.js";
import { type SimulateSummary, simulate } from "../../src/simulate/simulate.js";
import { memorySink } from "../../src/simulate/write-log.js";

export const quietWorld: World = {
  now: () => asInstant(0),
  seed: 1,
  threads: 1,
  log: { debug() {}, info() {}, warn() {} },
  signal: { aborted: false },
};

/** A row of a simulated log. */
export interface Row {
  readonly ts: number;
  readonly sessionId: number;
  readonly itemInSession: number;
  readonly page: string;
  readonly auth: string;
  readonly status: number;
  readonly level: string;
  readonly userId: string;
  readonly registration: number | null;
  readonly length: number | null;
}

/** A line of a truth file: the owner of a row, or a user. */
export interface TruthLine {
  readonly kind: "row" | "user";
  readonly line: number;
  readonly userId: string | null;
  readonly guest?: true;
  readonly user: string;
  readonly population: string;
  readonly beta: number;
  readonly cancelledAt: number | null;
}

export interface Simulated {
  readonly summary: SimulateSummary;
  /** SHA-256 of the log's bytes. */
  readonly digest: string;
  readonly rows: readonly Row[];
  readonly truth: readonly TruthLine[];
  /** Rows with the owner the truth gives them, by owner; guests who never register are left out. */
  readonly byUser: ReadonlyMap<string, readonly Row[]>;
}

/** Simulates in memory; of the rows only what tests look at is kept. */
export async function simulated(changes: Partial<SimulateOptions>): Promise<Simulated> {
  const rows: Row[] = [];
  const hash = createHash("sha256");
  const truth = memorySink();
  const log = {
    async write(bytes: Uint8Array) {
      hash.update(bytes);
      for (const line of new TextDecoder().decode(bytes).split("\n"))
        if (line !== "") rows.push(trimmed(JSON.parse(line) as Row));
    },
  };
  const summary = await simulate({ ...SIMULATE_DEFAULTS, ...changes }, { log, truth }, quietWorld);
  const lines = truth.text().split("\n").slice(0, -1);
  const found = lines.map((line) => JSON.parse(line) as TruthLine);
  return { summary, digest: hash.digest("hex"), rows, truth: found, byUser: ownedRows(rows, found) };
}

function trimmed(row: Row): Row {
  const { ts, sessionId, itemInSession, page, auth, status, level, userId, registration, length } = row;
  return { ts, sessionId, itemInSession, page, auth, status, level, userId, registration, length };
}

function ownedRows(rows: readonly Row[], truth: readonly TruthLine[]): Map<string, Row[]> {
  const owners = new Map(truth.filter((line) => line.kind === "row").map((line) => [line.line, line.userId]));
  const byUser = new Map<string, Row[]>();
  rows.forEach((row, i) => {
    const owner = row.userId === "" ? owners.get(i + 1) : row.userId;
    if (typeof owner !== "string") return;
    const own = byUser.get(owner);
    if (own === undefined) byUser.set(owner, [row]);
    else own.push(row);
  });
  return byUser;
}
