import { RefrainError } from "../base/errors.js";
import { asInstant, type Instant, isoOf, MS_PER_DAY } from "../base/time.js";
import type { World } from "../base/world.js";
import { isActionable } from "../features/actionable.js";
import { POINT_IN_TIME } from "../features/catalogue.js";
import { KNOWN_AT } from "../features/fold.js";
import { RISK_SET } from "../features/risk-set.js";
import type { SnapshotPlan } from "../features/snapshot-plan.js";
import { joinTables, type SnapshotTable } from "../features/snapshot-table.js";
import type { EventColumns } from "../schema/event-columns.js";
import { lakeSummary } from "../store/lake.js";
import { readEventColumns } from "../store/read-event-columns.js";
import { userRanges } from "../store/user-ranges.js";
import { type OutTable, writeTable } from "../store/write-table.js";
import { recoverIfNeeded } from "./recover.js";
import { snapshotUsers } from "./snapshot.js";
import { spanOf } from "./user-spans.js";

const CUTOFFS_MAX = 2_000;
/** About 1.5 GiB while they are read. */
const ROWS_AT_ONCE = 12_000_000;

export interface FeaturesOptions {
  readonly out: string;
  /** `at`: one cutoff, null the end of the data; `every`: one each so many days; `whole-history`: the 46 at the end. */
  readonly cutoffs: { readonly at: Instant | null } | { readonly everyDays: number } | "whole-history";
  readonly allUsers: boolean;
}

export interface FeaturesDocument {
  readonly rows: number;
  readonly users: number;
  readonly cutoffs: readonly string[];
  readonly features: readonly string[];
  /** Whether any event behind it comes from `simulate`. */
  readonly simulated: boolean;
  readonly seconds: number;
  readonly file: string;
}

/** The catalogue, as `features --list` prints it, and what its words for "known at" mean. */
export function listFeatures() {
  return {
    features: POINT_IN_TIME.features.map(({ name, family, unit, knownAt, description }) => ({
      name,
      family,
      unit,
      knownAt,
      actionable: isActionable({ name, family }),
      description,
    })),
    knownAt: KNOWN_AT,
  };
}

/**
 * Writes a snapshot table of the risk set, of everyone, or of the whole history. A lake of more than `rowsAtOnce` events is read and
 * folded a range of users at a time: the same table, and in memory beside it only so many events. Fails with NO_DATA.
 */
export async function writeFeatures(
  home: string,
  options: FeaturesOptions,
  world: World,
  rowsAtOnce: number = ROWS_AT_ONCE,
): Promise<FeaturesDocument> {
  const lake = await recoverIfNeeded(home, world);
  world.log.info("Reading the lake");
  if (lakeSummary(lake).rows <= rowsAtOnce) return snapshotFile(await readEventColumns(lake, world), options, world);
  const started = world.now();
  const { ranges, ...span } = await userRanges(lake, rowsAtOnce, world);
  const plan = planOf(options, span);
  const tables: SnapshotTable[] = [];
  let simulated = false;
  for (const [at, range] of ranges.entries()) {
    world.log.info(`Folding users ${at + 1} of ${ranges.length} parts`);
    const columns = await readEventColumns(lake, world, range);
    simulated ||= columns.simulated;
    tables.push(await snapshotUsers(columns, plan, world));
  }
  return writeSnapshots(joinTables(tables), { plan, started, simulated, out: options.out }, world);
}

/** The same for events already read. */
export async function snapshotFile(
  columns: EventColumns,
  options: FeaturesOptions,
  world: World,
): Promise<FeaturesDocument> {
  const started = world.now();
  const plan = planOf(options, spanOf(columns));
  const table = await snapshotUsers(columns, plan, world);
  return writeSnapshots(table, { plan, started, simulated: columns.simulated, out: options.out }, world);
}

function planOf(options: FeaturesOptions, span: { firstTsMs: number; lastTsMs: number }): SnapshotPlan {
  const whole = options.cutoffs === "whole-history";
  const cutoffs = cutoffsOf(options.cutoffs, span);
  return {
    catalogue: whole ? "whole-history" : "point-in-time",
    cutoffs,
    riskSet: options.allUsers || whole ? null : RISK_SET,
  };
}

async function writeSnapshots(
  table: SnapshotTable,
  { plan, started, simulated, out }: { plan: SnapshotPlan; started: number; simulated: boolean; out: string },
  world: World,
): Promise<FeaturesDocument> {
  world.log.info(`Writing ${table.x.rows} rows to ${out}`);
  if (table.x.rows === 0) world.log.warn("Nobody is in the risk set at that time: the table has no row.");
  await writeTable(out, outTable(table), world);
  return {
    rows: table.x.rows,
    users: new Set(table.userIndex).size,
    cutoffs: plan.cutoffs.map(isoOf),
    features: table.features,
    simulated,
    seconds: (world.now() - started) / 1000,
    file: out,
  };
}

function cutoffsOf(
  wanted: FeaturesOptions["cutoffs"],
  { firstTsMs, lastTsMs }: { firstTsMs: number; lastTsMs: number },
) {
  if (wanted === "whole-history") return [asInstant(lastTsMs)];
  if ("at" in wanted) return [wanted.at ?? asInstant(lastTsMs)];
  const count = Math.floor((lastTsMs - firstTsMs) / (wanted.everyDays * MS_PER_DAY)) + 1;
  if (count > CUTOFFS_MAX) {
    const advice = `That would be ${count} cutoffs; at most ${CUTOFFS_MAX} are written at once.`;
    throw new RefrainError("VALUE_BAD", { name: "--every", value: `${wanted.everyDays}d`, advice });
  }
  const cutoffs: Instant[] = [];
  for (let at = lastTsMs; at >= firstTsMs; at -= wanted.everyDays * MS_PER_DAY) cutoffs.unshift(asInstant(at));
  return cutoffs;
}

function outTable(table: SnapshotTable): OutTable {
  const { cols, rows, data } = table.x;
  return {
    textColumns: ["user_id", "cutoff"],
    numberColumns: table.features,
    rows,
    text: (row, column) =>
      column === 0 ? (table.users[table.userIndex[row] ?? -1] ?? "") : isoOf(table.cutoffMs[row] ?? Number.NaN),
    number: (row, column) => data[row * cols + column] ?? Number.NaN,
  };
}
