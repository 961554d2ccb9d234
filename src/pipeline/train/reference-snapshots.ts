import { takeColumns, takeRows } from "../../base/matrix.js";
import { seededRng, shuffledIndices } from "../../base/rng.js";
import type { World } from "../../base/world.js";
import type { Dataset } from "../../evaluate/dataset.js";
import { POINT_IN_TIME } from "../../features/catalogue.js";
import type { ReferenceSnapshots } from "../../registry/reference-file.js";

/** More users than this say no more of what is usual. */
const USERS_MAX = 2_500;

/** Rows with what a model that had not seen them said. */
export interface UnseenScores {
  readonly rows: Pick<Dataset, "user" | "cutoffMs">;
  readonly p: Float64Array;
}

/**
 * What is kept of the rows that a model learned from: all snapshots of at most 2,500 users, drawn by the seed, under numbers that say
 * nothing of who they are.
 *
 * @param score of the model, a value a row of `data`
 */
export function referenceSnapshots(
  data: Dataset,
  score: Float64Array,
  unseen: readonly UnseenScores[],
  world: Pick<World, "seed">,
): ReferenceSnapshots {
  const users = [...new Set(data.user)];
  const order = shuffledIndices(users.length, seededRng(world.seed).fork("reference"));
  const numberOf = new Map(Array.from(order.subarray(0, USERS_MAX), (at, number) => [users[at] ?? -1, number]));
  const rows = Array.from(data.user.keys()).filter((row) => numberOf.has(data.user[row] ?? -1));
  const unseenOf = new Map(
    unseen.flatMap(({ rows: of, p }) => Array.from(p, (score, i) => [keyOf(of, i), score] as const)),
  );
  const features = POINT_IN_TIME.features.map(({ name }) => name).filter((name) => data.features.includes(name));
  const x = takeColumns(
    takeRows(data.x, rows),
    features.map((name) => data.features.indexOf(name)),
  );
  return {
    features,
    user: Int32Array.from(rows, (row) => numberOf.get(data.user[row] ?? -1) ?? -1),
    cutoffMs: Float64Array.from(rows, (row) => data.cutoffMs[row] ?? Number.NaN),
    x: { ...x, data: x.data.map(Math.fround) },
    score: Float64Array.from(rows, (row) => score[row] ?? Number.NaN),
    unseenScore: Float64Array.from(rows, (row) => unseenOf.get(keyOf(data, row)) ?? Number.NaN),
  };
}

function keyOf({ user, cutoffMs }: Pick<Dataset, "user" | "cutoffMs">, row: number): string {
  return `${user[row]} ${cutoffMs[row]}`;
}
