import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { meanInterval } from "#src/base/math/student-t.js";
import { asInstant, MS_PER_DAY } from "#src/base/time.js";
import type { World } from "#src/base/world.js";
import { simulateToFiles } from "#src/pipeline/simulate.js";
import { SIMULATE_DEFAULTS } from "#src/simulate/options.js";
import { provenance } from "../machine.js";
import { table } from "../measure.js";
import { liveYear, type YearFigures, type YearPlan } from "./live-year.js";

/**
 * `npm run bench:year`: a year of a SIMULATED service in minutes, by the real handlers and a clock of its own. Some 400 listeners at a
 * time, who come and go; what pages mean for leaving changes on one day (`concept`), which pages come on another (`drift`), and in one
 * month labels are shuffled. Options: `--seeds 1,2,3,4,5`.
 */

const DAYS = 365;
const DRIFT_DAY = 120;
const CONCEPT_DAY = 190;
const PLAN: YearPlan = { trainDay: 63, poison: { from: 240, to: 270 }, judgedDays: 60 };
/** Users whose rows there are in the year; at any time some 400 of them are at risk. */
const USERS = 900;
const GROWTH = 1.2;

const { values } = parseArgs({ options: { seeds: { type: "string", default: "1" } } });
const folder = mkdtempSync(join(tmpdir(), "refrain-year-"));
try {
  console.log(`${provenance(`npm run bench:year -- --seeds ${values.seeds}`)}\n`);
  const differences: number[] = [];
  for (const seed of values.seeds.split(",").map(Number)) {
    const world = worldOf(seed);
    const log = join(folder, "year.jsonl");
    const changes = {
      scenario: "drift",
      changeDay: DRIFT_DAY,
      thenChanges: [{ scenario: "concept", day: CONCEPT_DAY }],
    } as const;
    const options = { ...SIMULATE_DEFAULTS, ...changes, users: USERS, days: DAYS, growth: GROWTH, seed };
    await simulateToFiles(options, { out: log, truth: null }, world);
    const began = performance.now();
    const figures = await liveYear(log, folder, PLAN, world);
    differences.push(figures.lastMonths.difference.value);
    print(seed, figures, (performance.now() - began) / 60_000);
  }
  if (differences.length > 1) printMean(differences);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function worldOf(seed: number): World {
  const info = (text: string) => {
    if (text.startsWith("Retraining")) console.error(text);
  };
  const log = { debug() {}, info, warn: (text: string) => console.error(text) };
  return { now: () => asInstant(0), seed, threads: 2, log, signal: { aborted: false } };
}

function print(seed: number, { retrainings, checks, lastMonths, startMs }: YearFigures, minutes: number): void {
  console.log(`### Seed ${seed}: ${minutes.toFixed(1)} minutes for ${DAYS - PLAN.trainDay} days (SIMULATED)\n`);
  const rows = retrainings.map(({ begunAtMs, state, causes, document }) => [
    String(Math.floor((begunAtMs - startMs) / MS_PER_DAY)),
    causes.map(({ kind }) => kind).join(", "),
    state,
    estimate(document?.champion.averagePrecision),
    estimate(document?.candidate?.averagePrecision),
    estimate(document?.difference),
    document?.reasons.join(" ") ?? "",
  ]);
  console.log(
    table(["day", "cause", "state", "champion's PR-AUC", "candidate's", "difference (95%)", "reasons"], rows),
  );
  const episodes = episodesOf(checks);
  console.log(
    `\nDrift checks: ${checks.length}; episodes of alarm: ${episodes.map(({ from, to, features }) => `day ${from} to ${to} (${features})`).join("; ") || "none"}.`,
  );
  const early = episodes.filter(({ from }) => from < DRIFT_DAY).length;
  const found = episodes.find(({ from }) => from >= DRIFT_DAY);
  console.log(
    `Before anything drifted (day ${DRIFT_DAY}): ${early}. First alarm after it: ${found === undefined ? "none" : `day ${found.from}, ${found.from - DRIFT_DAY} days later`}.`,
  );
  const { difference, candidate, champion } = lastMonths;
  console.log(
    `Last ${PLAN.judgedDays} days, kept fresh beside never retrained: PR-AUC ${estimate(candidate.averagePrecision)} beside ${estimate(champion.averagePrecision)}, difference ${estimate(difference)}; ROC AUC ${estimate(candidate.rocAuc)} beside ${estimate(champion.rocAuc)}.\n`,
  );
}

/** Consecutive checks with an alarm. */
function episodesOf(checks: YearFigures["checks"]): { from: number; to: number; features: string }[] {
  const episodes: { from: number; to: number; features: string }[] = [];
  checks.forEach(({ day, alarmed, features }, i) => {
    if (!alarmed) return;
    const open = checks[i - 1]?.alarmed === true ? episodes.at(-1) : undefined;
    if (open === undefined) episodes.push({ from: day, to: day, features: features.slice(0, 4).join(", ") });
    else open.to = day;
  });
  return episodes;
}

function estimate(of: { value: number; low: number; high: number } | null | undefined): string {
  return of == null ? "-" : `${of.value.toFixed(3)} (${of.low.toFixed(3)} – ${of.high.toFixed(3)})`;
}

/** Mean over years, with its 95% interval by Student's t. */
function printMean(differences: readonly number[]): void {
  const { mean, low, high } = meanInterval(differences, 0.95);
  console.log(
    `Kept fresh − never retrained, PR-AUC of the last ${PLAN.judgedDays} days, mean over ${differences.length} years: ${mean.toFixed(3)} (95%: ${low.toFixed(3)} – ${high.toFixed(3)}).`,
  );
}
