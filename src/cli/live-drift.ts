import { RefrainError } from "../base/errors.js";
import { isoOf, MS_PER_DAY } from "../base/time.js";
import { closedData } from "../pipeline/loop/closed-days.js";
import { checkDrift } from "../pipeline/loop/drift-check.js";
import { loadModel } from "../registry/local.js";
import { settingsOf } from "../schema/config.js";
import type { DriftCheckDocument, DriftDocument } from "../schema/drift-document.js";
import type { Context } from "./context.js";
import { serviceInTheWay, withLiveIfAny } from "./live-place.js";
import { askService } from "./service-client.js";

/**
 * Drift of the last days: the latest check of the service that has the live store open, else a check made now. Throws NO_MODEL,
 * NO_DATA, REFERENCE_ABSENT, NOTHING_OBSERVED.
 */
export async function liveDrift(rule: DriftDocument["rule"], context: Context): Promise<DriftCheckDocument> {
  const service = serviceInTheWay(context);
  const found =
    service === null
      ? await checkedHere(context)
      : (await askService<{ latest: DriftCheckDocument | null }>(service, { method: "GET", path: "/drift?limit=1" }))
          .latest;
  if (found === null) throw nothingObserved(context);
  if (rule === "budget" || found.referenceRule === null) return found;
  return { ...found, rule, drifted: found.referenceRule.drifted };
}

function checkedHere(context: Context): Promise<DriftCheckDocument | null> {
  const { home, world, config } = context;
  loadModel(home);
  const { alarmBudget, driftWindowDays } = settingsOf(config);
  return withLiveIfAny(context, "drift", async (db) => {
    const closed = db === null ? null : await closedData({ db, home }, world);
    if (db === null || closed === null) return null;
    return checkDrift(db, home, { at: closed.before, alarmBudget, driftWindowDays }, world);
  });
}

function nothingObserved({ world, config }: Context): RefrainError {
  const to = world.now();
  const from = to - settingsOf(config).driftWindowDays * MS_PER_DAY;
  return new RefrainError("NOTHING_OBSERVED", { from: isoOf(from), to: isoOf(to) });
}
