import { randomBytes } from "node:crypto";
import { RefrainError } from "../base/errors.js";
import { HomeSource } from "../pipeline/live/home-source.js";
import type { LiveService } from "../pipeline/live/service.js";
import type { LoopFigures } from "../pipeline/loop/loop-figures.js";
import type { Retrainer } from "../pipeline/retrain/retrainer.js";
import type { ServingState } from "../server/serving.js";
import { reportPage } from "./report-page.js";

export const SALT_BYTES = 32;
const WAITING = "<!doctype html><title>Refrain</title><p>Refrain is starting: reload this page in a moment.</p>";

/** What there is to serve: `current` is null until it is opened. */
export interface Served {
  readonly current: LiveService | null;
  readonly retrainings?: Retrainer | null;
  readonly loop?: LoopFigures | null;
  readonly home: string;
}

/** What the routes serve from, read anew by each request. */
export function servingOf(served: Served): ServingState {
  const opened = (): LiveService => {
    if (served.current === null) throw new Error("a route scored before a model was loaded");
    return served.current;
  };
  return {
    get model() {
      return served.current?.model ?? null;
    },
    get asOf() {
      return served.current?.freshThrough ?? null;
    },
    get freshThrough() {
      return served.current?.freshThrough ?? null;
    },
    scoreUser: (id) => opened().score(id),
    scoreFeatures: (features) => opened().scoreFeatures(features),
    reportHtml: () => (served.current === null ? WAITING : reportPage(served.home)),
    home: new HomeSource(served.home),
    erase: async (id) => {
      if (served.current === null) throw new RefrainError("STARTING");
      return served.current.erase(id, randomBytes(SALT_BYTES).toString("hex"));
    },
    get live() {
      return served.current;
    },
    get loop() {
      return served.loop ?? null;
    },
    get retrainings() {
      return served.retrainings ?? null;
    },
  };
}
