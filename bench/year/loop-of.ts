import { RefrainError } from "#src/base/errors.js";
import { MS_PER_DAY } from "#src/base/time.js";
import type { World } from "#src/base/world.js";
import { closeDays } from "#src/pipeline/loop/daily.js";
import { checkDrift } from "#src/pipeline/loop/drift-check.js";
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
  const checks: { readonly atMs: number; readonly alarmed: boolean; readonly features: readonly string[] }[] = [];
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
  const drift = async () => {
    try {
      const { drifted, features } = await checkDrift(db, home, { ...settings, at: world.now() }, world);
      const named = features.filter((feature) => feature.drifted).map(({ name }) => name);
      checks.push({ atMs: world.now(), alarmed: drifted, features: named });
    } catch (error) {
      if (!(error instanceof RefrainError && error.code === "NOTHING_OBSERVED")) throw error;
    }
  };
  return {
    /** Everything that is due on this day. Throws what a step of it threw. */
    async day(): Promise<void> {
      const steps = [{ name: "drift", run: drift }];
      const { failed } = await closeDays({ home, db, holder: "the year", steps }, { settings }, world);
      const [first] = failed ?? [];
      if (first !== undefined) throw new Error(`${first.step}: ${first.reason}`);
      await retrain(place, options, world);
    },
    drift: (startMs: number): DriftDay[] =>
      checks.map(({ atMs, ...check }) => ({ ...check, day: Math.floor((atMs - startMs) / MS_PER_DAY) })),
  };
}
