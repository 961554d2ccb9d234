import { MS_PER_DAY } from "#src/base/time.js";
import type { World } from "#src/base/world.js";
import { closeDays } from "#src/pipeline/loop/daily.js";
import { driftPage } from "#src/pipeline/loop/drift-table.js";
import { makeHere } from "#src/pipeline/retrain/make.js";
import { retrain } from "#src/pipeline/retrain/retrain.js";
import { candidateRuleOf, retrainRuleOf } from "#src/pipeline/retrain/rules.js";
import { dueSources } from "#src/pipeline/retrain/sources.js";
import { type Config, settingsOf } from "#src/schema/config.js";
import type { LiveDb } from "#src/store/live/live-db.js";

export interface DriftDay {
  /** Days since the start of the log. */
  readonly day: number;
  readonly alarmed: boolean;
  readonly features: readonly string[];
}

/** What a service does once a day, on a clock that is given, in one thread. */
export function loopOf(home: string, db: LiveDb, config: Config, world: World) {
  const settings = settingsOf(config);
  const place = {
    home,
    db,
    sources: dueSources({ db, home }),
    make: makeHere(home, candidateRuleOf(settings, config)),
  };
  const options = {
    rule: retrainRuleOf(settings, config),
    ifDue: true,
    dryRun: false,
    askedBy: "schedule",
    holder: "the year",
  };
  return {
    /** Everything that is due on this day. Throws what a step of it threw. */
    async day(): Promise<void> {
      const { failed } = await closeDays({ home, db, holder: "the year" }, { settings }, world);
      const [first] = failed ?? [];
      if (first !== undefined) throw new Error(`${first.step}: ${first.reason}`);
      await retrain(place, options, world);
    },
    async drift(startMs: number): Promise<DriftDay[]> {
      const checks = (await driftPage(db, { after: null, limit: 1000 })).reverse();
      const dayOf = (ms: number) => Math.floor((ms - startMs) / MS_PER_DAY);
      return checks.map(({ cutoffMs, alarmed, features }) => ({ day: dayOf(cutoffMs), alarmed, features }));
    },
  };
}
