import type { SurvivalDocument } from "../../schema/survival-document.js";
import { counted, interval, score } from "../format.js";
import type { Html } from "../html.js";
import { facts, figure } from "./section.js";

/** The survival view: who leaves first, and how long users are expected to stay. */
export function whenTheyLeave(survival: SurvivalDocument | null | undefined): Html | null {
  if (survival === undefined || survival === null) return null;
  const {
    capDays,
    rows,
    usersWhoLeft,
    tauDays,
    concordance,
    intervals,
    brierSkill,
    expected_days_left: left,
  } = survival;
  return figure(
    "When they leave",
    `Hazards in steps of ${survival.intervalDays} days on the same snapshots, judged forward in time on ${counted(rows, "row")}, with ${counted(usersWhoLeft, "user")} who left.`,
    facts([
      ["Who leaves first (Uno’s C; a coin: 0.500)", `${score(concordance)} (${interval(intervals.concordance)})`],
      [
        `Brier skill of the curves over ${tauDays} days (0: no better than without features)`,
        `${score(brierSkill)} (${interval(intervals.brierSkill)})`,
      ],
      [
        `Expected to stay, of the next ${capDays} days: median, and 80% of rows`,
        `${left.median.toFixed(1)} (${left.low.toFixed(1)} – ${left.high.toFixed(1)})`,
      ],
    ]),
  );
}
