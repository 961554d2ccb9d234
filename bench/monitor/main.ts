import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRng } from "#src/base/rng.js";
import { asInstant, MS_PER_DAY } from "#src/base/time.js";
import type { World } from "#src/base/world.js";
import { conceptChange } from "#src/monitor/concept/change.js";
import { liveQuality } from "#src/monitor/concept/live-quality.js";
import { type MaturedRows, takeMatured } from "#src/monitor/concept/matured-rows.js";
import { observedOverExpected } from "#src/monitor/concept/observed-over-expected.js";
import { pooledFrom } from "#src/monitor/concept/windows.js";
import { believed } from "#src/monitor/estimate/calibration-belief.js";
import { maturedCalibration } from "#src/monitor/estimate/calibration-line.js";
import { expectedQuality } from "#src/monitor/estimate/expected-quality.js";
import { type ComparedWindow, trustOf } from "#src/monitor/estimate/trust.js";
import { provenance } from "../machine.js";
import { table } from "../measure.js";
import { type ScoredWorld, scoredWorld, type WorldShape } from "./scored-world.js";

/** How estimated quality does beside the truth, in SIMULATED worlds: `node main.js [worlds] [users] [days] [scenarios]`. */

const [WORLDS = 6, USERS = 600, DAYS = 160] = process.argv.slice(2, 5).map(Number);
const SCENARIOS = (process.argv[5]?.split(",") ?? ["steady", "concept"]) as ("steady" | "concept")[];
const LEARN_DAYS = 60;
const CHANGE_DAY = 100;
const WINDOW_DAYS = 10;
const RECENT_POSITIVES = 60;
const GAP_MS = MS_PER_DAY;
const HORIZON_MS = 10 * MS_PER_DAY;

const world: World = {
  now: () => asInstant(Date.now()),
  seed: 42,
  threads: 2,
  log: { debug() {}, info() {}, warn() {} },
  signal: { aborted: false },
};

interface WindowResult {
  readonly day: number;
  readonly estimate: { readonly value: number; readonly low: number; readonly high: number };
  readonly truth: number;
  readonly positives: number;
  readonly trusted: boolean;
  readonly reasons: readonly string[];
}

/** −1 in the gap, 1, 0; −2 where that cannot be known at `nowMs`. */
function outcomeAt(cutoffMs: number, cancelledMs: number, nowMs: number): number {
  const from = cutoffMs + GAP_MS;
  if (cancelledMs <= nowMs) return cancelledMs <= from ? -1 : +(cancelledMs <= from + HORIZON_MS);
  return from + HORIZON_MS <= nowMs ? 0 : -2;
}

function taken(rows: ScoredWorld, { fromMs, toMs, nowMs }: { fromMs: number; toMs: number; nowMs: number }) {
  const at = Array.from(rows.cutoffMs.keys()).filter((row) => {
    const cutoff = rows.cutoffMs[row] ?? 0;
    return cutoff >= fromMs && cutoff < toMs;
  });
  return {
    users: at.map((row) => rows.users[row] ?? ""),
    cutoffMs: Float64Array.from(at, (row) => rows.cutoffMs[row] ?? 0),
    p: Float64Array.from(at, (row) => rows.p[row] ?? 0),
    flagged: Uint8Array.from(at, (row) => rows.flagged[row] ?? 0),
    outcome: Int8Array.from(at, (row) => outcomeAt(rows.cutoffMs[row] ?? 0, rows.cancelledMs[row] ?? 0, nowMs)),
  };
}

function matured(rows: ReturnType<typeof taken>): MaturedRows {
  const at = Array.from(rows.outcome.keys()).filter((row) => (rows.outcome[row] ?? -2) >= 0);
  const byTime = at.sort((a, b) => (rows.cutoffMs[a] ?? 0) - (rows.cutoffMs[b] ?? 0));
  return {
    users: byTime.map((row) => rows.users[row] ?? ""),
    cutoffMs: Float64Array.from(byTime, (row) => rows.cutoffMs[row] ?? 0),
    p: Float64Array.from(byTime, (row) => rows.p[row] ?? 0),
    flagged: Uint8Array.from(byTime, (row) => rows.flagged[row] ?? 0),
    y: Uint8Array.from(byTime, (row) => rows.outcome[row] ?? 0),
  };
}

function windowsOf(rows: ScoredWorld, seed: number): WindowResult[] {
  const results: WindowResult[] = [];
  const compared: ComparedWindow[] = [];
  const rng = seededRng(seed).fork("bench");
  for (let fromMs = rows.firstMs; fromMs + 2 * WINDOW_DAYS * MS_PER_DAY + 2 * MS_PER_DAY <= rows.lastMs; ) {
    const toMs = fromMs + WINDOW_DAYS * MS_PER_DAY;
    const past = matured(taken(rows, { fromMs: rows.firstMs, toMs: fromMs, nowMs: toMs }));
    const since = pooledFrom(past, { windowDays: WINDOW_DAYS, positives: RECENT_POSITIVES });
    const recent = takeMatured(past, (row) => (past.cutoffMs[row] ?? 0) >= since);
    const calibration = recent.y.includes(1) ? maturedCalibration(recent) : null;
    const belief = believed(rows.prior, calibration);
    const waiting = taken(rows, { fromMs, toMs, nowMs: toMs });
    const shape = { gapMs: GAP_MS, horizonMs: HORIZON_MS, knownToMs: toMs, belief };
    const estimate = expectedQuality(waiting, shape, rng.fork(fromMs)).figures.auc;
    const truth = liveQuality(matured(taken(rows, { fromMs, toMs, nowMs: Number.POSITIVE_INFINITY })), rng);
    const change = conceptChange(past, { apartDays: 10, rankOf: (user) => seededRng(user).uniform() });
    const evidence = {
      calibration,
      observedOverExpected: observedOverExpected(recent),
      changedAtMs: change.changedAtMs,
    };
    const ripe = compared.filter((window) => window.fromMs + (2 * WINDOW_DAYS + 1) * MS_PER_DAY <= toMs);
    const trust = trustOf(ripe, evidence);
    const auc = truth.figures.auc?.value;
    if (estimate !== null && auc !== undefined) {
      const day = Math.round((fromMs - rows.firstMs) / MS_PER_DAY) + LEARN_DAYS;
      results.push({ day, estimate, truth: auc, positives: truth.positives, ...trust });
      compared.push({ fromMs, low: estimate.low, high: estimate.high, truth: auc });
    }
    fromMs = toMs;
  }
  return results;
}

async function main(): Promise<void> {
  console.log(`${provenance(`npm run bench:monitor ${WORLDS} ${USERS} ${DAYS}`)}\n`);
  console.log(
    "SIMULATED worlds; AUC of windows of 10 days, estimated at the window's end and once all outcomes are known.\n",
  );
  for (const scenario of SCENARIOS) {
    const all: WindowResult[] = [];
    const rows: string[][] = [];
    for (let seed = 1; seed <= WORLDS; seed++) {
      const shape: WorldShape = {
        users: USERS,
        days: DAYS,
        learnDays: LEARN_DAYS,
        scenario,
        changeDay: CHANGE_DAY,
        seed,
      };
      const found = windowsOf(await scoredWorld(mkdtempSync(join(tmpdir(), "bench-monitor-")), shape, world), seed);
      all.push(...found);
      for (const { day, estimate, truth, positives, trusted, reasons } of found) {
        const inside = truth >= estimate.low && truth <= estimate.high;
        rows.push([
          `${seed}`,
          `${day}`,
          estimate.value.toFixed(3),
          `${estimate.low.toFixed(3)}–${estimate.high.toFixed(3)}`,
          truth.toFixed(3),
          `${positives}`,
          inside ? "yes" : "NO",
          trusted ? "yes" : reasons.join("; "),
        ]);
      }
    }
    console.log(`### ${scenario}\n`);
    console.log(table(["world", "day", "estimate", "band", "truth", "churned", "inside", "trusted"], rows));
    const share = (windows: readonly WindowResult[], is: (one: WindowResult) => boolean) =>
      `${windows.filter(is).length} of ${windows.length} (${((100 * windows.filter(is).length) / windows.length).toFixed(0)}%)`;
    const isInside = ({ truth, estimate }: WindowResult) => truth >= estimate.low && truth <= estimate.high;
    const width = all.reduce((sum, { estimate }) => sum + estimate.high - estimate.low, 0) / all.length;
    const before = all.filter(({ day }) => day + WINDOW_DAYS <= CHANGE_DAY);
    const after = all.filter(({ day }) => day >= CHANGE_DAY + 2 * WINDOW_DAYS);
    console.log(`- band covers the truth in ${share(all, isInside)}, mean width ${width.toFixed(3)}`);
    console.log(`- called trusted: ${share(all, ({ trusted }) => trusted)} of all windows`);
    if (scenario === "concept") {
      console.log(
        `- before the change: covered ${share(before, isInside)}, trusted ${share(before, ({ trusted }) => trusted)}`,
      );
      console.log(
        `- from 20 days after it: covered ${share(after, isInside)}, called untrusted ${share(after, ({ trusted }) => !trusted)}`,
      );
    }
    console.log("");
  }
}

await main();
