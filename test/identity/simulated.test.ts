import { expect, test } from "vitest";
import { asInstant } from "../../src/base/time.js";
import { recoverSessions } from "../../src/identity/recover-sessions.js";
import { scoreRecovery } from "../../src/identity/score.js";
import { AUTHS, LEVELS, pageCode } from "../../src/schema/pages.js";
import { SIMULATE_DEFAULTS } from "../../src/simulate/options.js";
import { simulate } from "../../src/simulate/simulate.js";
import type { TruthOfRow } from "../../src/simulate/truth.js";
import { columnsOfRows, type LoggedRow } from "./columns-of-rows.js";

interface LoggedEvent {
  readonly ts: number;
  readonly userId?: string;
  readonly sessionId: number;
  readonly itemInSession: number;
  readonly page: string;
  readonly auth: string;
  readonly level: string;
}

const silent = { debug() {}, info() {}, warn() {} };
const world = { now: () => asInstant(0), seed: 1, threads: 1, log: silent, signal: { aborted: false } };

function memory() {
  const parts: string[] = [];
  const sink = { write: async (bytes: Uint8Array) => void parts.push(Buffer.from(bytes).toString("utf8")) };
  return { sink, lines: () => parts.join("").trim().split("\n") };
}

function rowOf(line: string, row: number): LoggedRow {
  const { userId, ts, itemInSession, page, auth, level, sessionId } = JSON.parse(line) as LoggedEvent;
  const codes = {
    auth: (AUTHS as readonly (string | null | undefined)[]).indexOf(auth),
    level: (LEVELS as readonly (string | null | undefined)[]).indexOf(level),
  };
  return { user: userId ?? "", tsMs: ts, item: itemInSession, page: pageCode(page), ...codes, sessionId, row };
}

test("a mini-size simulated log: coverage ≥ 98.8 %, accuracy ≥ 99.9 %, better than the rivals", async () => {
  const log = memory();
  const truth = memory();
  await simulate({ ...SIMULATE_DEFAULTS, seed: 7936 }, { log: log.sink, truth: truth.sink }, world);
  const { columns, order } = columnsOfRows(log.lines().map(rowOf));
  const told = truth.lines().map((line) => JSON.parse(line) as TruthOfRow | { readonly kind: "user" });
  const ownerOf = new Map<number, string | null>();
  for (const one of told) if (one.kind === "row") ownerOf.set(one.line - 1, one.guest ? null : one.userId);
  const truthOf = new Map<number, string | null>();
  order.forEach((line, i) => {
    const owner = ownerOf.get(line);
    if (owner !== undefined) truthOf.set(i, owner);
  });
  const recovery = recoverSessions(columns);
  const score = scoreRecovery(columns, recovery, truthOf);
  expect(recovery.summary.coverage).toBeGreaterThanOrEqual(0.988);
  expect(recovery.summary.sharedSessions).toBeGreaterThanOrEqual(100);
  expect(recovery.summary.attributable).toBeGreaterThanOrEqual(0.8 * recovery.summary.blank);
  expect(score.accuracy).toBeGreaterThanOrEqual(0.999);
  for (const rival of Object.values(score.rivals)) expect(score.accuracy).toBeGreaterThan(rival.accuracy ?? 1);
});
