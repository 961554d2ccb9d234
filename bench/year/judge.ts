import { takeColumns } from "#src/base/matrix.js";
import { seededRng } from "#src/base/rng.js";
import { MS_PER_DAY } from "#src/base/time.js";
import { type Comparison, comparePaired } from "#src/evaluate/comparison.js";
import { readObserved, readScored } from "#src/pipeline/loop/observed-table.js";
import { modelProbabilities } from "#src/pipeline/model-probabilities.js";
import type { ModelFile } from "#src/registry/model-file.js";
import type { LiveDb } from "#src/store/live/live-db.js";

interface Lived {
  readonly db: LiveDb;
  /** The model that served at each observed cutoff. */
  readonly championAt: ReadonlyMap<number, string>;
  /** The first champion, which was never trained again. */
  readonly first: ModelFile;
  readonly endMs: number;
  readonly days: number;
}

/** Scores that were stored as they were made, beside those that the first champion would have made of the same rows. */
export async function freshBesideStale({ db, championAt, first, endMs, days }: Lived): Promise<Comparison> {
  const range = { fromMs: endMs - days * MS_PER_DAY, toMs: endMs };
  const observed = await readObserved(db, range);
  const stored = new Map<string, number>();
  for (const modelVersion of new Set(championAt.values())) {
    const { users, cutoffMs, p } = await readScored(db, { ...range, modelVersion });
    users.forEach((user, row) => {
      if (championAt.get(cutoffMs[row] ?? 0) === modelVersion)
        stored.set(`${cutoffMs[row]} ${user}`, p[row] ?? Number.NaN);
    });
  }
  const columns = first.features.map((name) => observed.features.indexOf(name));
  const stale = modelProbabilities(first, takeColumns(observed.x, columns));
  const numbers = new Map([...new Set(observed.users)].map((user, number) => [user, number]));
  const rows = [...observed.users.keys()].filter(
    (row) => (observed.outcome[row] ?? -2) >= 0 && stored.has(`${observed.cutoffMs[row]} ${observed.users[row]}`),
  );
  return comparePaired(
    {
      y: Uint8Array.from(rows, (row) => observed.outcome[row] ?? 0),
      user: Int32Array.from(rows, (row) => numbers.get(observed.users[row] ?? "") ?? -1),
      cutoffMs: Float64Array.from(rows, (row) => observed.cutoffMs[row] ?? Number.NaN),
      candidate: Float64Array.from(
        rows,
        (row) => stored.get(`${observed.cutoffMs[row]} ${observed.users[row]}`) ?? Number.NaN,
      ),
      champion: Float64Array.from(rows, (row) => stale[row] ?? Number.NaN),
    },
    seededRng("fresh beside stale"),
  );
}
