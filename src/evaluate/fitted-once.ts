import type { Matrix } from "../base/matrix.js";
import type { Fitted, Learner, Params } from "./learner.js";

/** The last fit on some rows. */
interface Last {
  readonly family: string;
  readonly size: number;
  readonly fitted: Fitted;
}

/**
 * The learner, which fits settings that differ in `Learner.size` alone once, if the largest of them comes first: of the last fit on the
 * same rows it takes what the smaller would have left.
 */
export function fittedOnce(learner: Learner): Learner {
  if (learner.size === undefined) return learner;
  const last = new WeakMap<Matrix, Last>();
  return {
    ...learner,
    fit(rows, params, world) {
      const family = familyOf(learner, params);
      const size = sizeOf(learner, params);
      const known = last.get(rows.x);
      if (known?.family === family) {
        if (known.size === size) return known.fitted;
        if (known.size > size && known.fitted.upTo !== undefined) return known.fitted.upTo(size);
      }
      const fitted = learner.fit(rows, params, world);
      last.set(rows.x, { family, size, fitted });
      return fitted;
    },
  };
}

/** The same for settings that differ in `Learner.size` alone. */
export function familyOf({ size }: Pick<Learner, "size">, params: Params): string {
  return JSON.stringify(size === undefined ? params : { ...params, [size]: null });
}

export function sizeOf({ size }: Pick<Learner, "size">, params: Params): number {
  return size === undefined ? 0 : Number(params[size]);
}
