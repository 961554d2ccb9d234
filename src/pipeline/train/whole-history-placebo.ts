import { seededRng } from "../../base/rng.js";
import { asInstant, type Instant } from "../../base/time.js";
import type { World } from "../../base/world.js";
import { DRAWS, judgeChance } from "../../evaluate/audits/chance.js";
import { drawPlaceboTimes } from "../../evaluate/audits/placebo.js";
import type { Learner, Params } from "../../evaluate/learner.js";
import { rocAuc } from "../../evaluate/metrics.js";
import { foldUsers } from "../../features/fold-users.js";
import { cancelRows } from "../../features/reference/cancel-rows.js";
import { referenceCatalogue } from "../../features/reference/catalogue.js";
import { history } from "../../features/reference/history.js";
import type { SnapshotTable } from "../../features/snapshot-table.js";
import { cancellation } from "../../labels/cancellation.js";
import type { NullAucDocument } from "../../schema/documents.js";
import type { EventColumns } from "../../schema/event-columns.js";
import { spanOf, userSpans } from "../user-spans.js";
import { pause } from "./pause.js";
import { shuffledScores } from "./shuffled-protocol.js";

/**
 * The whole-history recipe where churn is pure chance: users who never cancelled, some of them cut off at a fictitious cancel
 * time with the cancel rows appended, features to the end of the log, shuffled folds at the setting that tuning chose.
 */
export async function wholeHistoryPlacebo(
  columns: EventColumns,
  table: SnapshotTable,
  recipe: { learner: Learner; params: Params },
  world: World,
): Promise<NullAucDocument> {
  const spans = userSpans(columns, cancellation.eventTimes(columns));
  const draws = Array.from({ length: DRAWS }, (_, draw) =>
    drawPlaceboTimes(spans, seededRng(world.seed).fork(`placebo-${draw}`)),
  );
  world.log.info(`Placebo audit of the whole-history recipe: ${DRAWS} draws`);
  const cutShort = foldCutShort(columns, draws);
  const aucs: number[] = [];
  for (const [draw, times] of draws.entries()) {
    await pause(world);
    const { x, y } = placeboRows(table, times, (user) => cutShort.get(`${user}/${draw}`));
    aucs.push(y.includes(1) ? rocAuc({ y, p: shuffledScores({ x, y }, recipe, world) }) : Number.NaN);
  }
  return judgeChance(aucs);
}

/** Reference features of every drawn user with the log cut at the draw's time, by "user/draw". */
function foldCutShort(columns: EventColumns, draws: readonly Float64Array[]): Map<string, Float64Array> {
  const catalogue = referenceCatalogue(columns.states);
  const end = asInstant(spanOf(columns).lastTsMs);
  const found = new Map<string, Float64Array>();
  for (let user = 0; user < columns.users.length; user++) {
    const cuts = draws
      .map((times, draw) => ({ at: asInstant(times[user] ?? Number.NaN), draw }))
      .filter(({ at }) => Number.isFinite(at))
      .sort((a, b) => a.at - b.at);
    let next = 0;
    const cutoffs: Instant[] = cuts.map(({ at }) => at);
    foldUsers(columns, { catalogue, cutoffs, from: user, to: user + 1 }, (_user, cutoff, states) => {
      while (cuts[next] !== undefined && (cuts[next]?.at ?? 0) < cutoff) next++;
      const state = structuredClone(states.history);
      for (const row of cancelRows(state, cutoff)) history.add(state, row);
      const row = Float64Array.from(catalogue.features, (feature) => feature.read({ history: state }, end));
      found.set(`${user}/${cuts[next]?.draw}`, row);
      next++;
    });
  }
  return found;
}

/** Rows of the users who never cancelled: as they are, or cut short. */
function placeboRows(
  table: SnapshotTable,
  times: Float64Array,
  cutShort: (user: number) => Float64Array | undefined,
): { x: { rows: number; cols: number; data: Float64Array }; y: Uint8Array } {
  const cols = table.x.cols;
  const rows = Array.from(table.userIndex.keys()).filter(
    (row) => times[table.userIndex[row] ?? -1] !== Number.NEGATIVE_INFINITY,
  );
  const data = new Float64Array(rows.length * cols);
  const y = new Uint8Array(rows.length);
  rows.forEach((row, i) => {
    const drawn = cutShort(table.userIndex[row] ?? -1);
    data.set(drawn ?? table.x.data.subarray(row * cols, (row + 1) * cols), i * cols);
    if (drawn !== undefined) y[i] = 1;
  });
  return { x: { rows: rows.length, cols, data }, y };
}
