import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { RefrainError } from "../../src/base/errors.js";
import { HomeSource } from "../../src/pipeline/live/home-source.js";
import type { ModelInfo } from "../../src/pipeline/live/serving-model.js";
import { type Settings, settingsOf } from "../../src/schema/config.js";
import type { PredictionDocument, ScoresDocument } from "../../src/schema/documents.js";
import { METRIC_NAMES, type Metrics } from "../../src/schema/documents.js";
import { buildApp } from "../../src/server/app.js";
import type { Guard } from "../../src/server/guard.js";
import type { HostRule } from "../../src/server/host-rule.js";
import type { KnownRoute } from "../../src/server/route-list.js";
import type { LiveSource, ServingState } from "../../src/server/serving.js";

/** A home in which nothing is. */
const NOWHERE = join(import.meta.dirname, "no-such-home");

export const MODEL: ModelInfo = {
  version: "v1",
  uri: "models/v1/model.json",
  lastUpdated: "2018-12-01T00:00:00.000Z",
  features: ["sessions_28d", "is_paid"],
  metrics: Object.fromEntries(METRIC_NAMES.map((name) => [name, 0.5])) as Metrics,
  protocol: "point-in-time",
  threshold: 0.08,
  audits: null,
  simulated: true,
};

const SCORES: ScoresDocument = {
  modelVersion: "v1",
  asOf: "2018-12-01T00:00:00.000Z",
  baseRate: 0.05,
  simulated: true,
  users: [],
};

/** Nothing has been retrained, and nothing is due. */
const NO_RETRAININGS: ServingState["retrainings"] = {
  list: async () => [],
  get: async () => null,
  begin: async () => ({
    due: false,
    causes: [],
    candidate: null,
    champion: { version: MODEL.version },
    difference: null,
    promoted: false,
    serves: MODEL.version,
    reasons: [],
    block: null,
    dataSha256: null,
    audits: null,
    simulated: true,
    ledgerId: null,
    seconds: 0,
  }),
};

/** Nothing has been measured, and nothing is alarming. */
const NO_FINDINGS: ServingState["loop"] = {
  quality: async () => ({
    as_of: null,
    simulated: false,
    fresh_through: null,
    silence_hours: null,
    data: { verdict: "too few days to tell", false_days_a_year: 2, days: [] },
    live: null,
    challengers: [],
  }),
  kpis: async () => ({ simulated: false, days: [] }),
  alerts: async () => [],
  ack: async (id) => {
    throw new RefrainError("ALERT_UNKNOWN", { id });
  },
  gauges: async () => ({
    openAlerts: { info: 0, warning: 0, critical: 0 },
    silenceSeconds: null,
    closedThroughMs: null,
    dataFlaws: null,
    liveAuc: null,
    drifted: null,
  }),
};

/** A store that takes what it is given, and knows nobody. */
export const NO_EVENTS: LiveSource = {
  add: async () => ({ accepted: 0, duplicates: 0, rejected: [] }),
  user: async () => null,
  counterfactual: async () => null,
  timeline: async () => [],
  follow: async () => false,
  predictions: async () => [],
  droppedPredictions: 0,
  retry: async (id) => {
    throw new RefrainError("QUARANTINE_UNKNOWN", { id });
  },
  quarantine: { page: async () => [], dropped: async () => 0 },
  loop: { driftChecks: async () => [], latestDrift: async () => null },
  compact: async () => ({ before: null, rows: 0, present: 0, files: [] }),
  scores: { page: async () => [], all: async () => SCORES, of: async () => SCORES },
};

export function prediction(user_id: string): PredictionDocument {
  return {
    user_id,
    churn_probability: 0.21,
    churn_prediction: true,
    risk_level: "high",
    at_risk: true,
    reasons: [{ feature: "sessions_28d", value: 2, effect: 0.7, text: "2 sessions in 28 days" }],
  };
}

export function servingState(model: ModelInfo | null = MODEL): ServingState {
  return {
    model,
    asOf: "2018-12-01T00:00:00.000Z",
    freshThrough: "2018-11-30T23:59:59.000Z",
    scoreUser: async (id) => (/^1\d*$/.test(id) ? prediction(id) : null),
    loop: NO_FINDINGS,
    retrainings: NO_RETRAININGS,
    live: NO_EVENTS,
    home: new HomeSource(NOWHERE),
    scoreFeatures: () => prediction("0"),
    erase: async (user) => {
      throw new RefrainError("USER_UNKNOWN", { user });
    },
    reportHtml: () => "<!doctype html><title>Refrain</title>",
  };
}

/** Whoever asks may read and write. */
const OPEN: Guard = { access: null, keyless: "writer" };

interface Options {
  readonly serving?: ServingState;
  readonly guard?: Guard;
  readonly hostRule?: HostRule;
  readonly logged?: string[];
  readonly settings?: Partial<Settings>;
  readonly logger?: Logger;
}

export function routesOf(app: FastifyInstance): readonly KnownRoute[] {
  return app.routeList;
}

export function testApp({
  serving = servingState(),
  guard = OPEN,
  hostRule = "any",
  logged = [],
  settings = {},
  logger,
}: Options = {}): FastifyInstance {
  const note = (message: string) => {
    logged.push(message);
  };
  const world = { log: { debug: note, info: note, warn: note } };
  return buildApp({
    serving,
    guard,
    hostRule,
    settings: settingsOf(settings),
    world,
    ...(logger === undefined ? {} : { logger }),
  });
}
