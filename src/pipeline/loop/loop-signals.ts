import { isoOf, MS_PER_HOUR } from "../../base/time.js";
import type { World } from "../../base/world.js";
import type { SignalValue } from "../../monitor/alerts/evaluate-rules.js";
import { loadModel, readIndex } from "../../registry/local.js";
import type { DayKpis, DayQuality, LiveModelDocument } from "../../schema/loop-documents.js";
import { lakeVolumes } from "../../store/lake.js";
import type { LiveSql } from "../../store/live/live-db.js";
import { latestCheck } from "./drift-table.js";
import { readFigures } from "./figures-table.js";
import { liveReport } from "./live-report.js";

interface Place {
  readonly db: LiveSql;
  readonly home: string;
}

/** What a run of the loop met with. */
export interface RunFacts {
  readonly failed: readonly { readonly step: string; readonly reason: string }[];
  readonly skippedDays: number;
}

/** Everything that a rule may be about, as it stands after a run of the loop. */
export async function loopSignals(
  place: Place,
  { failed, skippedDays }: RunFacts,
  world: World,
): Promise<SignalValue[]> {
  const run: SignalValue[] = failed.map(({ step, reason }) => ({
    signal: "loop.failed",
    subject: step,
    value: 1,
    message: `The step ${step} of the loop failed: ${reason}`,
  }));
  if (skippedDays > 0) {
    const message = `${skippedDays} closed days were not observed: they were too long ago`;
    run.push({ signal: "loop.skipped_days", subject: "", value: skippedDays, message });
  }
  return [
    ...run,
    ...(await dataSignals(place, world)),
    ...(await qualitySignals(place)),
    ...(await churnSignals(place)),
    ...(await driftSignals(place.db)),
  ];
}

async function dataSignals({ db, home }: Place, world: World): Promise<SignalValue[]> {
  const [row] = await db.query<{ last: number | null }>("SELECT max(ts_ms) AS last FROM events");
  const lastMs = Math.max(row?.last ?? Number.NEGATIVE_INFINITY, lakeVolumes(home).lastTs ?? Number.NEGATIVE_INFINITY);
  const [day] = await readFigures<DayQuality>(db, { kind: "data-quality", last: 1 });
  const flags = (day?.document.flags ?? []).map(({ figure, about, value, low, high, side, fails }): SignalValue => {
    const band = `${round(low)} to ${round(high)}`;
    return {
      signal: fails ? "data.untrustworthy" : "data.unusual",
      subject: figure,
      value: 1,
      message: `On ${isoOf(day?.atMs ?? 0).slice(0, 10)} ${about} was ${round(value)}, ${side === "low" ? "below" : "above"} its band of ${band}`,
    };
  });
  if (!Number.isFinite(lastMs)) return flags;
  const hours = Math.max(0, world.now() - lastMs) / MS_PER_HOUR;
  const message = `No event for ${hours.toFixed(0)} hours: the last one is of ${isoOf(lastMs)}`;
  return [...flags, { signal: "data.silence_hours", subject: "", value: hours, message }];
}

async function qualitySignals({ db, home }: Place): Promise<SignalValue[]> {
  const { champion } = readIndex(home);
  const report = champion === null ? null : await liveReport(db, champion);
  if (report === null || champion === null) return [];
  const { pooled, trend, change, estimates } = report;
  const signals: SignalValue[] = [];
  const floor = lowerBoundOf(home, champion);
  if (pooled.enough && pooled.auc !== null && floor !== null) {
    signals.push({
      signal: "live.shortfall",
      subject: champion,
      value: floor - pooled.auc.upper95,
      message: `The live AUC of ${champion} is ${round(pooled.auc.value)} (at most ${round(pooled.auc.upper95)}); its own test promised at least ${round(floor)}`,
    });
  }
  const said = (signal: "live.falling" | "concept.changed" | "estimate.untrusted", holds: boolean, message: string) =>
    signals.push({ signal, subject: champion, value: Number(holds), message });
  said("live.falling", trend.verdict === "falling", `The live AUC of ${champion} falls: ${trendWords(trend)}`);
  said(
    "concept.changed",
    change.changedAt !== null,
    `What makes users leave has changed since about ${change.changedAt?.slice(0, 10) ?? "never"}, as the loss of ${champion} says`,
  );
  said(
    "estimate.untrusted",
    !estimates.trusted,
    `Estimated quality of ${champion} cannot be trusted: ${estimates.reasons.join("; ")}`,
  );
  return signals;
}

function trendWords({ slope, windows }: LiveModelDocument["trend"]): string {
  return slope === null ? "too few windows" : `${slope.toFixed(4)} a window over ${windows} windows`;
}

function lowerBoundOf(home: string, version: string): number | null {
  try {
    return loadModel(home, version).model.intervals.rocAuc?.low ?? null;
  } catch {
    return null;
  }
}

async function churnSignals({ db }: Place): Promise<SignalValue[]> {
  const days = await readFigures<DayKpis>(db, { kind: "kpis", last: 60 });
  const told = days.filter(({ document: { forecast, truth } }) => forecast !== null && truth !== null).at(-1);
  const { forecast, truth } = told?.document ?? {};
  if (told === undefined || forecast == null || truth == null) return [];
  const message = `Of the users of ${told.document.day} ${round(truth)} churned; the forecast was ${round(forecast.low)} to ${round(forecast.high)}`;
  return [{ signal: "churn.above_forecast", subject: "", value: truth - forecast.high, message }];
}

/** Whether features drift, as the last check says; none before it. */
export async function driftSignals(db: LiveSql): Promise<SignalValue[]> {
  const check = await latestCheck(db);
  if (check === null) return [];
  const { modelVersion, drifted, to } = check;
  const message = `Features have drifted from what ${modelVersion} learned from, as of ${to.slice(0, 10)}`;
  return [{ signal: "drift.alarm", subject: modelVersion, value: Number(drifted), message }];
}

function round(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
