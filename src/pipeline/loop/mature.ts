import { addDays, asInstant } from "../../base/time.js";
import type { World } from "../../base/world.js";
import { type Label, OUTCOME, settledAt } from "../../labels/label.js";
import { LABELS } from "../../labels/labels.js";
import type { EventColumns } from "../../schema/event-columns.js";
import { isLabelName, type LabelName } from "../../schema/label-words.js";
import type { PageName } from "../../schema/pages.js";
import type { UserId } from "../../schema/user-id.js";
import { arrayText } from "../../store/live/array-text.js";
import type { LiveDb } from "../../store/live/live-db.js";
import { readEventsBetween } from "../../store/read-event-columns.js";
import { recoverIfNeeded } from "../recover.js";
import { closedData } from "./closed-days.js";
import { OBSERVED_OUTCOME, type ObservedDay, type ObservedLabel, readObservedDays } from "./observed-table.js";

/** The pages that a label looks at; null where it looks at all. */
const PAGES_OF: Readonly<Record<LabelName, readonly PageName[] | null>> = {
  cancellation: ["Cancellation Confirmation"],
  downgrade: ["Submit Downgrade", "Cancellation Confirmation"],
  inactivity: null,
};
/** How far back of a cutoff anything can lie that still counts: who is at risk was heard of in so many days. */
const BACK_DAYS = 28;

export interface MatureSummary {
  /** Days whose outcomes are now known. */
  readonly days: number;
  readonly rows: number;
  readonly churned: number;
}

/**
 * Says of observed days what became of their users, once all that could tell lies in closed data. The same as a training would say:
 * the outcome of the label, with what was known when it was settled. Idempotent, a day at a time.
 */
export async function matureDays(
  { db, home }: { readonly db: LiveDb; readonly home: string },
  world: World,
): Promise<MatureSummary> {
  const closed = await closedData({ db, home }, world);
  const done = { days: 0, rows: 0, churned: 0 };
  if (closed === null) return done;
  await noteTreated(db);
  const ripe = (await readObservedDays(db)).filter(
    ({ isMatured, label, cutoffMs }) => !isMatured && settledAt(cutoffMs, label) <= closed.before,
  );
  for (const days of sameLabel(ripe)) {
    const label = labelOf(days[0]?.label);
    if (label === null) continue;
    const columns = await eventsFor(home, label, days, world);
    for (const { cutoffMs } of days) {
      const counts = await matureDay(db, { label, columns, cutoffMs, now: world.now() });
      done.days++;
      done.rows += counts.rows;
      done.churned += counts.churned;
    }
  }
  return done;
}

/** An offer within a row's window changes what becomes of it. */
async function noteTreated(db: LiveDb): Promise<void> {
  await db.query(
    `UPDATE observed AS o SET treated = true FROM user_states AS u, observed_days AS d
     WHERE o.user_id = u.user_id AND d.cutoff_ms = o.cutoff_ms AND d.matured_at_ms IS NULL
       AND u.treated_at_ms IS NOT NULL AND NOT o.treated`,
  );
}

/** Runs of days whose outcomes are of one label. */
function sameLabel(days: readonly ObservedDay[]): ObservedDay[][] {
  const runs = new Map<string, ObservedDay[]>();
  for (const day of days) {
    const key = JSON.stringify(day.label);
    const run = runs.get(key);
    if (run === undefined) runs.set(key, [day]);
    else run.push(day);
  }
  return [...runs.values()];
}

function labelOf(said: ObservedLabel | undefined): Label | null {
  return said === undefined || !isLabelName(said.name) ? null : LABELS[said.name](said);
}

async function eventsFor(
  home: string,
  label: Label,
  days: readonly ObservedDay[],
  world: World,
): Promise<EventColumns> {
  const cutoffs = days.map(({ cutoffMs }) => cutoffMs);
  const fromMs = addDays(asInstant(Math.min(...cutoffs)), -BACK_DAYS);
  const toMs = settledAt(Math.max(...cutoffs), label.window);
  const lake = await recoverIfNeeded(home, world);
  return readEventsBetween(lake, { fromMs, toMs, pages: PAGES_OF[label.name] }, world);
}

async function matureDay(
  db: LiveDb,
  { label, columns, cutoffMs, now }: { label: Label; columns: EventColumns; cutoffMs: number; now: number },
): Promise<{ rows: number; churned: number }> {
  const rows = await db.query<{ user: UserId }>(
    `SELECT user_id AS "user" FROM observed WHERE cutoff_ms = $1 ORDER BY user_id`,
    [cutoffMs],
  );
  const users = rows.map(({ user }) => user);
  const known = withUsers(columns, users);
  const outcomes = label.outcomes(known);
  const places = new Map(known.users.map((user, i) => [user, i]));
  const codes = users.map((user) => {
    const outcome = outcomes(places.get(user) ?? -1, cutoffMs);
    if (outcome === OUTCOME.inGap || outcome === OUTCOME.gone) return OBSERVED_OUTCOME.excluded;
    return outcome === OUTCOME.churned ? 1 : 0;
  });
  await db.transaction(async (sql) => {
    await sql.query(
      `UPDATE observed AS o SET outcome = t.outcome FROM unnest($2::text[], $3::int2[]) AS t(user_id, outcome)
       WHERE o.cutoff_ms = $1::int8 AND o.user_id = t.user_id`,
      [cutoffMs, arrayText(users), arrayText(codes)],
    );
    await sql.query("UPDATE observed_days SET matured_at_ms = $2 WHERE cutoff_ms = $1", [cutoffMs, now]);
  });
  return { rows: codes.length, churned: codes.filter((code) => code === 1).length };
}

/**
 * What is known of open rows already: who left in time, or in the gap, did, whatever comes. The rest is open still, and nobody of
 * them has left up to `knownToMs`. A silence cannot be seen before it is over: of that label nothing is known early.
 */
export async function outcomesSoFar(
  { home }: { readonly home: string },
  rows: { readonly users: readonly UserId[]; readonly cutoffMs: Float64Array; readonly outcome: Int8Array },
  { label: said, closedMs }: { readonly label: { readonly name: string }; readonly closedMs: number },
  world: World,
): Promise<{ readonly outcome: Int8Array; readonly knownToMs: number }> {
  const label = isLabelName(said.name) && said.name !== "inactivity" ? LABELS[said.name]() : null;
  const first = rows.cutoffMs.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
  if (label === null || first >= closedMs) return { outcome: rows.outcome, knownToMs: Number.NEGATIVE_INFINITY };
  const lake = await recoverIfNeeded(home, world);
  const span = { fromMs: addDays(asInstant(first), -BACK_DAYS), toMs: closedMs - 1, pages: PAGES_OF[label.name] };
  const known = withUsers(await readEventsBetween(lake, span, world), [...new Set(rows.users)]);
  const outcomes = label.outcomes(known);
  const places = new Map(known.users.map((user, i) => [user, i]));
  const outcome = rows.outcome.map((now, row) => {
    if (now !== OBSERVED_OUTCOME.unripe) return now;
    const seen = outcomes(places.get(rows.users[row] ?? "") ?? -1, rows.cutoffMs[row] ?? 0);
    if (seen === OUTCOME.churned) return 1;
    return seen === OUTCOME.inGap || seen === OUTCOME.gone ? OBSERVED_OUTCOME.excluded : OBSERVED_OUTCOME.unripe;
  });
  return { outcome, knownToMs: closedMs };
}

/** The columns with users beside theirs, of whom no event is in them. */
function withUsers(columns: EventColumns, users: readonly UserId[]): EventColumns {
  const there = new Set(columns.users);
  const more = users.filter((user) => !there.has(user));
  const end = columns.userStart.at(-1) ?? 0;
  const userStart = new Int32Array(columns.users.length + more.length + 1).fill(end);
  userStart.set(columns.userStart);
  return { ...columns, users: [...columns.users, ...more], userStart };
}
