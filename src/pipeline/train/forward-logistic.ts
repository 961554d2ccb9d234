import type { Matrix } from "../../base/matrix.js";
import { seededRng } from "../../base/rng.js";
import type { World } from "../../base/world.js";
import { type LabelledRows, type Learner, learnerOf, type Params } from "../../evaluate/learner.js";
import { CORE, PROVEN, SIGNALS } from "../../features/proven.js";
import type { SettingRange } from "../../models/estimator.js";
import { fitKinds, type KindsState, type Signal, withKinds } from "../../models/kinds.js";
import { type LogisticState, logistic } from "../../models/logistic.js";

/** Which features it looks at besides the kinds of users. */
type Looked = "core" | "proven" | "all";

/** `CPerUser` is the inverse strength of the penalty were each user one row. */
const setting = (features: Looked, CPerUser: number): Params => ({
  penalty: "l2",
  CPerUser,
  classWeight: null,
  selectK: null,
  features,
});

const DEFAULT = setting("core", 0.06);
const OTHERS = [
  setting("core", 0.02),
  setting("core", 0.2),
  setting("proven", 0.02),
  setting("proven", 0.06),
  setting("all", 0.02),
  setting("all", 0.06),
];

const RANGES: Readonly<Record<string, SettingRange>> = {
  features: { kind: "choice", values: ["core", "proven", "all"] },
  CPerUser: { kind: "logUniform", low: 0.002, high: 1 },
  penalty: { kind: "choice", values: ["l2", "l1"] },
  classWeight: { kind: "choice", values: [null, "balanced"] },
};

/**
 * Logistic regression for snapshots. It first learns kinds of users from their counts, without labels, and sees P(of the kind)
 * besides features. A user's rows at many cutoffs repeat one another, so the penalty is set against users, not
 * rows: C = CPerUser · users ÷ rows, and a setting means the same on two cutoffs and on twenty. Which features it may look
 * at is one more thing to tune.
 *
 * @param features names of the columns it will be given
 */
export function forwardLogistic(features: readonly string[]): Learner {
  const plain = learnerOf(logistic);
  const columns = {
    core: columnsOf(CORE, features),
    proven: columnsOf(PROVEN, features),
    all: Array.from(features.keys()),
  };
  const kindsOf = rememberedKinds(signalsIn(features));
  return {
    name: plain.name,
    defaults: DEFAULT,
    grid: OTHERS,
    ranges: RANGES,
    fit: (rows, { features: looked, CPerUser, ...params }, world) => {
      const kinds = kindsOf(rows, world);
      const x = withKinds(kinds, rows.x);
      const C = (Number(CPerUser) * rows.users) / x.rows;
      const added = kinds.names.map((_, i) => rows.x.cols + i);
      const own = { ...params, C, columns: [...columns[looked as Looked], ...added] };
      const fitted = plain.fit({ ...rows, x }, own, world);
      const state: LogisticState = { ...(fitted.state as LogisticState), inputs: rows.x.cols, kinds };
      return { state, predict: (fresh) => logistic.predict(state, fresh) };
    },
  };
}

function columnsOf(names: readonly string[], features: readonly string[]): number[] {
  return names.map((name) => features.indexOf(name)).filter((column) => column >= 0);
}

function signalsIn(features: readonly string[]): Signal[] {
  return SIGNALS.map(({ name, exposure }) => ({
    name,
    events: features.indexOf(name),
    exposure: features.indexOf(exposure),
  })).filter(({ events, exposure }) => events >= 0 && exposure >= 0);
}

/** Kinds depend neither on labels nor on settings: each set of rows is looked at once. */
function rememberedKinds(signals: readonly Signal[]): (rows: LabelledRows, world: World) => KindsState {
  const known = new WeakMap<Matrix, KindsState>();
  return (rows, world) => {
    const found = known.get(rows.x) ?? fitKinds(rows.x, latestRows(rows), signals, seededRng(world.seed).fork("kinds"));
    known.set(rows.x, found);
    return found;
  };
}

/** Each user's latest row, in row order. */
function latestRows({ user, cutoffMs }: LabelledRows): Int32Array {
  const latest = new Map<number, number>();
  user.forEach((id, row) => {
    const held = latest.get(id);
    if (held === undefined || (cutoffMs?.[row] ?? 0) >= (cutoffMs?.[held] ?? 0)) latest.set(id, row);
  });
  return Int32Array.from(latest.values()).sort();
}
