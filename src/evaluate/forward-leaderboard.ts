import type { Rng } from "../base/rng.js";
import type { SelectionDocument } from "../schema/selection-document.js";
import { calibratedLosses, type NestedFit } from "./nested-fit.js";
import { leaderboard } from "./search/leaderboard.js";
import type { Search } from "./search/settings.js";
import { switchRule } from "./setting-rule.js";

/** What the tuning of a model tried inside its training cutoffs. Null where there was no choice. */
export function forwardLeaderboard({ inner }: NestedFit, search: Search, rng: Rng): SelectionDocument | null {
  if (!inner || inner.outcome.tried.length < 2) return null;
  const { outcome, rows } = inner;
  const losses = outcome.tried.map(({ scores }) => calibratedLosses(scores, rows));
  return leaderboard(
    { ...outcome, search },
    rows,
    {
      criterion: "lowest calibrated log loss, if it beats the defaults by two standard errors",
      choose: switchRule(losses, rows),
      metrics: ["averagePrecision", "rocAuc"],
    },
    rng,
  );
}
