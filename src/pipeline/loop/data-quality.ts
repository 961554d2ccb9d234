import { MS_PER_DAY, utcDay } from "../../base/time.js";
import type { World } from "../../base/world.js";
import { type DayMeasured, judgeDay } from "../../monitor/quality/judge-day.js";
import { PAGE_PREFIX } from "../../monitor/quality/quality-figures.js";
import type { DayQuality } from "../../schema/loop-documents.js";
import type { LiveDb, LiveSql } from "../../store/live/live-db.js";
import { type DayFigures, readDayFigures } from "../../store/read-day-figures.js";
import { recoverIfNeeded } from "../recover.js";
import { closedData } from "./closed-days.js";
import { putFigures, readFigures } from "./figures-table.js";

/** Days before a day that its bands are made of. */
const HISTORY_DAYS = 70;
const DAYS_A_YEAR = 365;
const NAME = "days";

/** Measures the data of every closed day that has not been, against what the days before it were like. Returns how many. */
export async function measureData(
  place: { readonly db: LiveDb; readonly home: string },
  world: World,
): Promise<number> {
  const { db, home } = place;
  const closed = await closedData(place, world);
  if (closed === null) return 0;
  const [last] = await readFigures<DayQuality>(db, { kind: "data-quality", last: 1 });
  const earliest = Math.max(utcDay(closed.firstMs), utcDay(closed.before) - DAYS_A_YEAR) * MS_PER_DAY;
  const fromMs = last === undefined ? earliest : Math.max(earliest, last.atMs + MS_PER_DAY);
  if (fromMs >= closed.before) return 0;
  const lake = await recoverIfNeeded(home, world);
  const days = new Map(
    (await readDayFigures(lake, { fromMs, toMs: closed.before }, world)).map((day) => [day.dayMs, day]),
  );
  const live = await liveCounts(db, { fromMs, toMs: closed.before });
  const known = await readFigures<DayQuality>(db, {
    kind: "data-quality",
    fromMs: fromMs - HISTORY_DAYS * MS_PER_DAY,
    toMs: fromMs,
  });
  const before: (DayMeasured | null)[] = known.map(({ document }) => document);
  let measured = 0;
  for (let dayMs = fromMs; dayMs < closed.before; dayMs += MS_PER_DAY) {
    const day = measuredOf(dayMs, days.get(dayMs) ?? null, live.get(dayMs));
    const document = judgeDay(day, before);
    await putFigures(db, { kind: "data-quality", name: NAME, atMs: dayMs, document }, world.now());
    before.push(day);
    if (before.length > HISTORY_DAYS) before.shift();
    measured++;
  }
  return measured;
}

interface LiveCounts {
  received: number;
  quarantined: number;
  unknownFields: string[];
}

/** By the day on which it was received. */
async function liveCounts(
  sql: LiveSql,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<Map<number, LiveCounts>> {
  const counts = new Map<number, LiveCounts>();
  const of = (dayMs: number): LiveCounts => {
    const own = counts.get(dayMs) ?? { received: 0, quarantined: 0, unknownFields: [] };
    counts.set(dayMs, own);
    return own;
  };
  const byDay = (table: string) =>
    sql.query<{ day: number; n: number }>(
      `SELECT received_at_ms / ${MS_PER_DAY} AS day, count(*)::int4 AS n FROM ${table}
       WHERE received_at_ms >= $1 AND received_at_ms < $2 GROUP BY 1`,
      [fromMs, toMs],
    );
  for (const { day, n } of await byDay("events")) of(day * MS_PER_DAY).received = n;
  for (const { day, n } of await byDay("quarantine")) of(day * MS_PER_DAY).quarantined = n;
  const fields = await sql.query<{ day: number; name: string }>(
    "SELECT day_ms AS day, name FROM unknown_fields WHERE day_ms >= $1 AND day_ms < $2 ORDER BY rows DESC, name",
    [fromMs, toMs],
  );
  for (const { day, name } of fields) of(day).unknownFields.push(name);
  return counts;
}

function measuredOf(dayMs: number, day: DayFigures | null, live: LiveCounts | undefined): DayMeasured {
  const unknownFields = live?.unknownFields ?? [];
  const sent = (live?.received ?? 0) + (live?.quarantined ?? 0);
  const quarantine_share = sent === 0 ? null : (live?.quarantined ?? 0) / sent;
  if (day === null)
    return { dayMs, unknownFields, figures: { events: 0, users: 0, active_hours: 0, quarantine_share } };
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
  const named = day.events - day.blank;
  const missing = Object.entries(day.missing).map(([name, rows]) => [`missing_${name}`, share(rows, named)] as const);
  const pages = Object.entries(day.pages).map(
    ([page, rows]) => [`${PAGE_PREFIX}${page}`, share(rows, day.events)] as const,
  );
  return {
    dayMs,
    unknownFields,
    figures: {
      events: day.events,
      users: day.users,
      active_hours: day.activeHours,
      blank_share: share(day.blank, day.events),
      ...Object.fromEntries(missing),
      missing_song: share(day.songsUnnamed, day.songs),
      unknown_pages: share(day.unknownPages, day.events),
      quarantine_share,
      recovered_share: day.recovered === null ? null : share(day.recovered, day.blank),
      recovery_confidence: day.confidence,
      ...Object.fromEntries(pages),
    },
  };
}

export interface BlockQuality {
  readonly passes: boolean;
  readonly reasons: readonly string[];
}

/** So many days of a block may be out of band: one day by chance is no reason to distrust three weeks. */
const BAD_SHARE_MAX = 0.1;

/**
 * Whether the data of a block of days can be learned from and judged by: nearly all of its closed days were measured, and were within
 * their bands.
 */
export async function blockQuality(
  sql: LiveSql,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<BlockQuality> {
  const days = await readFigures<DayQuality>(sql, {
    kind: "data-quality",
    fromMs: utcDay(fromMs) * MS_PER_DAY,
    toMs,
  });
  if (days.length === 0) return { passes: false, reasons: ["no day of the block was measured"] };
  const most = Math.max(1, Math.floor(BAD_SHARE_MAX * days.length));
  const bad = days.flatMap(({ atMs, document: { flags } }) => {
    const failing = flags.filter(({ fails }) => fails);
    return failing.length === 0 ? [] : [{ atMs, failing }];
  });
  const reasons = bad.map(({ atMs, failing }) => {
    const told = failing.map(({ about, side }) => `${about} ${side === "low" ? "below" : "above"} the band`);
    return `${new Date(atMs).toISOString().slice(0, 10)}: ${told.join(", ")}`;
  });
  return { passes: bad.length <= most, reasons };
}
