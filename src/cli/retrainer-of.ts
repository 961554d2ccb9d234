import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { World } from "../base/world.js";
import { makeInThread } from "../pipeline/retrain/make-in-thread.js";
import { Retrainer } from "../pipeline/retrain/retrainer.js";
import { candidateRuleOf, retrainRuleOf } from "../pipeline/retrain/rules.js";
import { dueSources } from "../pipeline/retrain/sources.js";
import { type Config, settingsOf } from "../schema/config.js";
import type { LiveDb } from "../store/live/live-db.js";

/** The retrainings of this process on a home and its live store, as the configuration says. */
export function retrainerOf(
  { home, db, config }: { readonly home: string; readonly db: LiveDb; readonly config: Config },
  world: World,
): Retrainer {
  const settings = settingsOf(config);
  const make = makeInThread(home, candidateRuleOf(settings, config));
  const place = { home, db, make, sources: dueSources({ db, home }) };
  const holder = `${hostname()} ${process.pid} ${randomUUID()}`;
  return new Retrainer(place, retrainRuleOf(settings, config), holder, world);
}
