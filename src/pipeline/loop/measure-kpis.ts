import { seededRng } from "../../base/rng.js";
import { isoOf, MS_PER_DAY, utcDay } from "../../base/time.js";
import type { World } from "../../base/world.js";
import { believed } from "../../monitor/estimate/calibration-belief.js";
import { churnForecast } from "../../monitor/kpis/churn-forecast.js";
import { byCohort, byPlan } from "../../monitor/kpis/group-kpis.js";
import type { ConceptFigures, DayKpis, ForecastFigure } from "../../schema/loop-documents.js";
import { openLake } from "../../store/lake.js";
import type { LiveDb } from "../../store/live/live-db.js";
import { type DayActivity, readActivity } from "../../store/read-activity.js";
import { closedData } from "./closed-days.js";
import { putFigures, readFigures } from "./figures-table.js";
import { type ObservedDay, readObservedDays, readScored } from "./observed-table.js";
import { priorOfModel } from "./prior-of-model.js";
import { scoringModels } from "./scoring-models.js";

export interface KpiOptions {
  /** What a paying listener brings in a month; null where nobody said. */
  readonly arpu: number | null;
}

const NAME = "days";
const BACK_DAYS = 365;

type Days = readonly (ObservedDay & { readonly isMatured: boolean })[];

/** Measures every closed day that has not been, and puts the truth beside forecasts that have come to their end. Returns how many days. */
export async function measureKpis(
  place: { readonly db: LiveDb; readonly home: string },
  options: KpiOptions,
  world: World,
): Promise<number> {
  const { db, home } = place;
  const closed = await closedData(place, world);
  if (closed === null) return 0;
  const observed = await readObservedDays(db);
  await addTruths(db, observed, world);
  const [last] = await readFigures<DayKpis>(db, { kind: "kpis", last: 1 });
  const earliest = Math.max(utcDay(closed.firstMs), utcDay(closed.before) - BACK_DAYS) * MS_PER_DAY;
  const fromMs = last === undefined ? earliest : Math.max(earliest, last.atMs + MS_PER_DAY);
  const activity = await readActivity(openLake(home), { fromMs, toMs: closed.before }, world);
  const forecast = await forecaster(place, { observed, options, fromMs }, world);
  for (const day of activity) {
    const document = { ...activityKpis(day), ...forecast(day.dayMs) };
    await putFigures(db, { kind: "kpis", name: NAME, atMs: day.dayMs, document }, world.now());
  }
  if (activity.length > 0) await addTruths(db, observed, world);
  return activity.length;
}

function activityKpis({ dayMs, active1, active7, active28, groups }: DayActivity) {
  const paid = groups.filter(({ plan }) => plan === "paid").reduce((sum, { active }) => sum + active, 0);
  return {
    day: isoOf(dayMs).slice(0, 10),
    active_1d: active1,
    active_7d: active7,
    active_28d: active28,
    paid_share: active28 === 0 ? null : paid / active28,
    churned: groups.reduce((sum, { churned }) => sum + churned, 0),
    by_plan: byPlan(groups),
    by_cohort: byCohort(groups),
  };
}

const UNSCORED = {
  at_risk: null,
  model_version: null,
  forecast: null,
  forecast_rate: null,
  truth: null,
  truth_rate: null,
  users_flagged: null,
  revenue_at_risk: null,
  revenue_expected_loss: null,
} as const;

/** What the champion says of observed days. */
async function forecaster(
  { db, home }: { readonly db: LiveDb; readonly home: string },
  { observed, options, fromMs }: { observed: Days; options: KpiOptions; fromMs: number },
  world: World,
): Promise<(dayMs: number) => Omit<DayKpis, keyof ReturnType<typeof activityKpis>>> {
  const byDay = new Map(observed.map((day) => [utcDay(day.cutoffMs) * MS_PER_DAY, day]));
  const { champion } = scoringModels(home, world);
  if (champion === null) return (dayMs) => ({ ...UNSCORED, at_risk: byDay.get(dayMs)?.atRisk ?? null });
  const modelVersion = champion.version;
  const scored = await readScored(db, { modelVersion, fromMs, toMs: Number.MAX_SAFE_INTEGER });
  const [concept] = await readFigures<ConceptFigures>(db, { kind: "concept", name: modelVersion, last: 1 });
  const belief = believed(priorOfModel(champion), concept?.document.calibration ?? null);
  return (dayMs) => {
    const day = byDay.get(dayMs);
    if (day === undefined) return UNSCORED;
    const rows = Array.from(scored.cutoffMs.keys()).filter((row) => scored.cutoffMs[row] === day.cutoffMs);
    if (rows.length === 0) return { ...UNSCORED, at_risk: day.atRisk };
    const times = day.atRisk / rows.length;
    const p = Float64Array.from(rows, (row) => scored.p[row] ?? 0);
    const forecast = churnForecast({ p, atRisk: day.atRisk, belief }, seededRng(modelVersion).fork(day.cutoffMs));
    const sum = (of: (row: number) => number) => times * rows.reduce((total, row) => total + of(row), 0);
    const paid = (row: number) => scored.level[row] ?? 0;
    const perUser = options.arpu;
    return {
      ...UNSCORED,
      at_risk: day.atRisk,
      model_version: modelVersion,
      forecast,
      forecast_rate: forecast === null ? null : rateOf(forecast, day.atRisk),
      users_flagged: Math.round(sum((row) => scored.flagged[row] ?? 0)),
      revenue_at_risk: perUser === null ? null : perUser * sum((row) => (scored.flagged[row] ?? 0) * paid(row)),
      revenue_expected_loss: perUser === null ? null : perUser * sum((row) => (scored.p[row] ?? 0) * paid(row)),
    };
  };
}

function rateOf({ expected, low, high }: ForecastFigure, atRisk: number): ForecastFigure {
  return { expected: expected / atRisk, low: low / atRisk, high: high / atRisk };
}

/** How many of the users at risk did churn, of days whose outcomes have become known. */
async function addTruths(db: LiveDb, observed: Days, world: World): Promise<void> {
  const matured = new Map(
    observed.filter(({ isMatured }) => isMatured).map((day) => [utcDay(day.cutoffMs) * MS_PER_DAY, day]),
  );
  for (const { name, atMs, document } of await readFigures<DayKpis>(db, { kind: "kpis" })) {
    const day = matured.get(atMs);
    if (day === undefined || document.truth !== null) continue;
    const [row] = await db.query<{ churned: number; rows: number }>(
      `SELECT count(*) FILTER (WHERE outcome = 1)::int4 AS churned, count(*)::int4 AS rows FROM observed WHERE cutoff_ms = $1`,
      [day.cutoffMs],
    );
    if (row === undefined || row.rows === 0) continue;
    const truth_rate = row.churned / row.rows;
    const told: DayKpis = { ...document, truth: (row.churned * day.atRisk) / row.rows, truth_rate };
    await putFigures(db, { kind: "kpis", name, atMs, document: told }, world.now());
  }
}
