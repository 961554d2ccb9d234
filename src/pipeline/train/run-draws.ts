import type { World } from "../../base/world.js";
import type { Learner } from "../../evaluate/learner.js";
import { nestedFit } from "../../evaluate/nested-fit.js";
import type { Search } from "../../evaluate/search/settings.js";
import type { SnapshotTable } from "../../features/snapshot-table.js";
import { estimatorNamed } from "../../models/registered.js";
import { WorkerPool, workerUrl } from "../threads.js";
import { spanOf } from "../user-spans.js";
import type { LearnerSpec } from "./learners.js";
import { type NullDraw, type NullWork, scoreDraw } from "./null-draws.js";
import { pause } from "./pause.js";
import type { Prepared } from "./prepare.js";

/** Snapshots below which starting threads costs more than it brings. */
const ROWS_FOR_THREADS = 2_000;

/** AUCs of all draws of both kinds, in the order of the draws; the same at any thread count. */
export async function runDraws(
  { columns, table, label, eventMs, tests, shape, procedure }: Prepared,
  { learner, search }: { learner: Learner; search: Search },
  world: World,
): Promise<Record<NullDraw["kind"], number[]>> {
  const { lastTsMs } = spanOf(columns);
  const spans = { firstTsMs: label.exposedFrom(columns), cancelledMs: eventMs, lastTsMs };
  const work: NullWork = { table, spans, tests, shape, search };
  // A procedure that is not the real one is a function, and those do not cross to a thread.
  const crosses = procedure.fit === nestedFit && estimatorNamed(learner.name) !== null;
  world.log.info(
    `Placebo and permuted labels: running the protocol ${2 * procedure.draws} times where there is nothing to find`,
  );
  if (world.threads > 1 && crosses && table.x.rows >= ROWS_FOR_THREADS) {
    const spec = { name: learner.name, features: table.features, resample: learner.resample ?? "none" };
    return inThreads({ ...work, table: onSharedMemory(table) }, spec, procedure.draws, world);
  }
  const score = async (kind: NullDraw["kind"]): Promise<number[]> => {
    const aucs: number[] = [];
    for (let draw = 0; draw < procedure.draws; draw++) {
      await pause(world);
      aucs.push(scoreDraw(work, { kind, draw }, { learner, fit: procedure.fit }, world));
    }
    return aucs;
  };
  return { placebo: await score("placebo"), permuted: await score("permuted") };
}

async function inThreads(
  work: NullWork,
  spec: LearnerSpec,
  draws: number,
  world: World,
): Promise<Record<NullDraw["kind"], number[]>> {
  const pool = new WorkerPool(workerUrl("draw-worker"), { work, spec, seed: world.seed }, world);
  const score = (kind: NullDraw["kind"]) =>
    Promise.all(Array.from({ length: draws }, (_, draw) => pool.run({ kind, draw }) as Promise<number>));
  try {
    const [placebo, permuted] = await Promise.all([score("placebo"), score("permuted")]);
    return { placebo, permuted };
  } finally {
    await pool.close();
  }
}

function onSharedMemory(table: SnapshotTable): SnapshotTable {
  const data = new Float64Array(new SharedArrayBuffer(table.x.data.byteLength));
  data.set(table.x.data);
  return { ...table, x: { ...table.x, data } };
}
