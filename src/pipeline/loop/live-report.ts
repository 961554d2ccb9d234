import { isoOf } from "../../base/time.js";
import { trendOf } from "../../monitor/concept/trend.js";
import { type ComparedWindow, trustOf } from "../../monitor/estimate/trust.js";
import type {
  ConceptFigures,
  EstimatedFigure,
  LiveModelDocument,
  LiveWindowDocument,
  WindowFigures,
} from "../../schema/loop-documents.js";
import type { LiveSql } from "../../store/live/live-db.js";
import { readFigures } from "./figures-table.js";

const WINDOWS_SHOWN = 12;

/** What is known of one model's live quality; null where it has scored nobody yet. */
export async function liveReport(sql: LiveSql, modelVersion: string): Promise<LiveModelDocument | null> {
  const [concept] = await readFigures<ConceptFigures>(sql, { kind: "concept", name: modelVersion, last: 1 });
  if (concept === undefined) return null;
  const stored = await readFigures<WindowFigures>(sql, {
    kind: "live-quality",
    name: modelVersion,
    last: WINDOWS_SHOWN,
  });
  const windows = stored.map(({ document }) => document);
  const { calibration, observedOverExpected, change, pooled } = concept.document;
  const { fromMs, toMs, ...figures } = pooled;
  const evidence = { calibration, observedOverExpected, changedAtMs: change.changedAtMs };
  return {
    model_version: modelVersion,
    verdict: pooled.enough ? "enough" : "too few to tell",
    pooled: { ...figures, from: isoOrNull(fromMs), to: isoOrNull(toMs) },
    trend: trendOf(
      windows.filter(isRipe).map(({ live }) => (live?.enough === true ? (live.figures.auc?.value ?? null) : null)),
    ),
    change: { ...change, changedAt: isoOrNull(change.changedAtMs) },
    observedOverExpected,
    calibration: calibration?.mean ?? null,
    estimates: trustOf(windows.flatMap(comparedOf), evidence),
    windows: windows.map(shown),
  };
}

const isRipe = ({ days, maturedDays }: WindowFigures): boolean => maturedDays === days;

function comparedOf(window: WindowFigures): ComparedWindow[] {
  const truth = window.live?.figures.auc?.value;
  const band = window.estimate?.figures.auc;
  if (!isRipe(window) || truth === undefined || band == null) return [];
  return [{ fromMs: window.fromMs, low: band.low, high: band.high, truth }];
}

function shown({ fromMs, toMs, days, maturedDays, live, treated, estimate }: WindowFigures): LiveWindowDocument {
  const truth = live?.figures.auc?.value ?? null;
  const band: EstimatedFigure | null = estimate?.figures.auc ?? null;
  const isOver = maturedDays === days;
  return {
    from: isoOf(fromMs),
    to: isoOf(toMs),
    days,
    matured_days: maturedDays,
    live,
    treated,
    estimate,
    estimate_held: !isOver || truth === null || band === null ? null : truth >= band.low && truth <= band.high,
  };
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : isoOf(ms);
}
