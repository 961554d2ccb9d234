import { seededRng } from "../../src/base/rng.js";
import { asInstant, isoOf, MS_PER_DAY } from "../../src/base/time.js";
import type {
  CandidateDocument,
  FeatureDensity,
  Metrics,
  PlotData,
  PredictionDocument,
  RunDocument,
  SkippedDocument,
  TrainingDocument,
} from "../../src/schema/documents.js";
import type { SurvivalDocument } from "../../src/schema/survival-document.js";
import { EXPLORED } from "./explore-fixture.js";

const FIRST_MS = Date.UTC(2018, 9, 1);
const CUTOFFS = Array.from({ length: 21 }, (_, i) =>
  isoOf(asInstant(FIRST_MS + (8 + 2 * i) * MS_PER_DAY + 50_400_000)),
);

const METRICS: Metrics = {
  averagePrecision: 0.168,
  rocAuc: 0.716,
  f1: 0.244,
  precision: 0.181,
  recall: 0.374,
  brier: 0.0462,
  brierSkill: 0.041,
  logLoss: 0.178,
  ece: 0.0071,
  eceExpected: 0.0124,
  calibrationSlope: 0.97,
  liftAt10: 3.42,
};

function candidate(model: string, rocAuc: number, averagePrecision: number): CandidateDocument {
  return {
    model,
    params: model === "logistic" ? { C: 0.1, penalty: "l2" } : { trees: 300, depth: 5 },
    metrics: { ...METRICS, rocAuc, averagePrecision },
    intervals: {
      rocAuc: { low: rocAuc - 0.041, high: rocAuc + 0.038 },
      averagePrecision: { low: averagePrecision - 0.034, high: averagePrecision + 0.051 },
      brier: { low: 0.039, high: 0.0531 },
      liftAt10: { low: 2.71, high: 4.11 },
    },
    threshold: 0.094,
    thresholdWhy: "best F1 on inner out-of-fold predictions",
    calibration: "Platt",
  };
}

function rival(rocAuc: number, averagePrecision: number): TrainingDocument["rivals"][string] {
  const metrics = { ...METRICS, rocAuc, averagePrecision, brierSkill: 0, calibrationSlope: null, liftAt10: 1.4 };
  return { metrics, intervals: { rocAuc: { low: rocAuc - 0.03, high: rocAuc + 0.03 } } };
}

function density(feature: string): FeatureDensity {
  const shares = (centre: number) =>
    Array.from({ length: 20 }, (_, bin) => Math.exp(-((bin - centre) ** 2) / 18) / 7.5);
  return {
    feature,
    edges: Array.from({ length: 21 }, (_, edge) => edge / 20),
    kept: shares(8),
    churned: shares(12),
    rows: { kept: 7977, churned: 236 },
    missing: { kept: 0, churned: 0 },
  };
}

function plots(): PlotData {
  const steps = Array.from({ length: 1001 }, (_, i) => i / 1000);
  const rng = seededRng(7);
  const reliability = [0.006, 0.011, 0.017, 0.023, 0.031, 0.041, 0.052, 0.068, 0.094, 0.171];
  return {
    roc: { x: steps, y: steps.map((x) => x ** 0.42) },
    precisionRecall: { x: steps, y: steps.map((x) => 0.051 + 0.42 * Math.exp(-5 * x) + 0.06 * (1 - x)) },
    reliability: { x: reliability, y: reliability.map((p) => Math.max(0, p * (1 + 0.4 * (rng.uniform() - 0.5)))) },
    lift: { x: reliability.map((_, i) => i + 1), y: [3.42, 1.71, 1.22, 0.96, 0.78, 0.63, 0.5, 0.37, 0.25, 0.16] },
    perCutoff: CUTOFFS.slice(9).map((cutoff, i) => ({
      cutoff,
      rows: 402 - 3 * i,
      churned: 12 + Math.round(14 * rng.uniform()),
      rocAuc: i === 5 ? null : 0.64 + 0.15 * rng.uniform(),
    })),
  };
}

export const SURVIVAL: SurvivalDocument = {
  capDays: 30,
  intervalDays: 5,
  rows: 1848,
  usersWhoLeft: 58,
  tauDays: 25,
  concordance: 0.6934,
  integratedBrier: 0.0442,
  integratedBrierBaseline: 0.0458,
  brierSkill: 0.0349,
  intervals: { concordance: { low: 0.6212, high: 0.7541 }, brierSkill: { low: -0.0021, high: 0.0446 } },
  expected_days_left: { low: 26.35, median: 28.38, high: 28.77 },
};

export const TRAINING: TrainingDocument = {
  simulated: false,
  protocol: "point-in-time",
  leaky: false,
  label: "cancellation",
  rows: 8213,
  users: 448,
  positives: 236,
  baseRate: 0.0512,
  churnedUsersInTest: 61,
  tooFewToTell: false,
  cutoffs: CUTOFFS,
  testBlocks: [
    { from: CUTOFFS[9] ?? "", to: CUTOFFS[12] ?? "", trainCutoffs: 4 },
    { from: CUTOFFS[13] ?? "", to: CUTOFFS[16] ?? "", trainCutoffs: 8 },
    { from: CUTOFFS[17] ?? "", to: CUTOFFS[20] ?? "", trainCutoffs: 12 },
  ],
  inGap: 38,
  catchableShare: 0.717,
  wholeLogShare: 0.221,
  features: Array.from({ length: 46 }, (_, i) => `feature_${i + 1}`),
  candidates: [
    candidate("logistic", 0.716, 0.168),
    candidate("forest", 0.701, 0.159),
    candidate("xgboost", 0.694, 0.15),
  ],
  rivals: {
    everyone: rival(0.5, 0.051),
    nobody: rival(0.5, 0.051),
    recency: rival(0.571, 0.071),
    tenure: rival(0.628, 0.088),
  },
  survival: SURVIVAL,
  unseenUsers: { rows: 611, rocAuc: 0.688, averagePrecision: 0.139 },
  best: { model: "logistic", params: { C: 0.1, penalty: "l2" } },
  strongest: [
    { feature: "log_thumbs_down_per_song", effect: 0.61 },
    { feature: "log_adverts_per_free_song", effect: 0.44 },
    { feature: "days_since_registration", effect: -0.39 },
    { feature: "downgrade_visits_28d", effect: 0.31 },
    { feature: "thumbs_up_share", effect: -0.28 },
    { feature: "hours_28d", effect: -0.21 },
    { feature: "silence_against_usual", effect: 0.18 },
    { feature: "log_sessions_per_day", effect: 0.12 },
  ],
  plots: plots(),
  densities: [density("log_thumbs_down_per_song"), density("hours_28d")],
  audits: {
    placebo: { auc: 0.497, low: 0.471, high: 0.523, draws: 20, verdict: "passed" },
    futureShuffle: {
      cutoffs: CUTOFFS.slice(0, 3),
      rowsAltered: 120_344,
      featuresChanged: [],
      trainingUnchanged: true,
      modelsUnchanged: true,
      verdict: "passed",
    },
    permutedLabels: { auc: 0.503, low: 0.474, high: 0.532, draws: 20, verdict: "passed" },
    oneFeature: { feature: "hours_28d", auc: 0.331, features: 85, alarms: [], verdict: "passed" },
    adversarial: {
      auc: 1,
      behaviourAuc: 0.731,
      trainRows: 5_771,
      testRows: 903,
      strongest: [{ feature: "log_events", auc: 0.68 }],
    },
    verdict: "passed",
  },
  gate: METRICS,
  version: "2018-12-01-6c1f",
  seconds: 41.27,
};

const LEAKY: TrainingDocument = {
  ...TRAINING,
  protocol: "whole-history",
  leaky: true,
  candidates: [
    { ...candidate("xgboost", 0.921, 0.842), intervals: { rocAuc: { low: 0.889, high: 0.948 } } },
    candidate("logistic", 0.874, 0.71),
  ],
  best: { model: "xgboost", params: { trees: 300, depth: 5 } },
  audits: { placebo: { auc: 0.842, low: 0.815, high: 0.869, draws: 20, verdict: "failed" }, verdict: "failed" },
};

function user(i: number): PredictionDocument {
  return {
    user_id: String(100_000 + 37 * i),
    churn_probability: 0.412 * 0.94 ** i,
    churn_prediction: i < 16,
    risk_level: i < 8 ? "high" : i < 30 ? "medium" : "low",
    at_risk: i !== 2,
    reasons: [
      {
        feature: "log_thumbs_down_per_song",
        value: 0.11,
        effect: 0.92,
        text: "11 thumbs down in 100 songs, far more than most",
      },
      { feature: "adverts_per_free_song", value: 0.31, effect: 0.55, text: "an advert every 3 songs" },
      { feature: "hours_28d", value: 31, effect: -0.31, text: "31 hours of listening in 28 days" },
    ],
  };
}

/** A run where everything could be done. */
export const COMPLETE: RunDocument = {
  home: "/home/ada/.refrain",
  explore: EXPLORED,
  ingest: {
    lines: 543_705,
    accepted: 543_221,
    duplicates: 341,
    quarantined: 143,
    reasons: { not_json: 12, ts_missing: 98, page_missing: 33 },
    users: 448,
    firstTs: FIRST_MS,
    lastTs: FIRST_MS + 61.4 * MS_PER_DAY,
  },
  recovery: {
    blank: 15_700,
    attributable: 14_233,
    recovered: 13_904,
    abstained: 329,
    guests: 94,
    coverage: 13_904 / 14_233,
    simulated: false,
    sharedSessions: 61,
    withoutKnownRow: 1373,
    accuracy: 0.9871,
    precisionByConfidence: [
      { from: 0.5, to: 0.9, rows: 402, precision: 0.794 },
      { from: 0.9, to: 1, rows: 13_502, precision: 0.993 },
    ],
    rivals: {
      lastKnownUser: { coverage: 1, accuracy: 0.941 },
      onlyUserOfSession: { coverage: 0.871, accuracy: 0.989 },
    },
  },
  training: TRAINING,
  wholeHistory: LEAKY,
  audits: TRAINING.audits,
  scores: {
    modelVersion: "2018-12-01-6c1f",
    asOf: "2018-12-01T09:36:00.000Z",
    baseRate: 0.0514,
    simulated: false,
    users: Array.from({ length: 60 }, (_, i) => user(i)),
  },
  files: {
    report: "/home/ada/.refrain/reports/run.html",
    scores: "/home/ada/.refrain/reports/scores.csv",
    quarantine: "/home/ada/.refrain/lake/quarantine.jsonl",
    model: "/home/ada/.refrain/models/2018-12-01-6c1f/model.json",
  },
  simulated: false,
  seconds: 63.9,
};

const SKIPPED: SkippedDocument = {
  skipped: {
    code: "LABELS_TOO_FEW",
    message: "Only 3 users cancel where a model could learn from it; an honest one needs 10.",
    hint: "Ingest more users or a longer log. Everything else was done and kept.",
  },
};

/** Five users: all that needs no model was done. */
export const WITHOUT_MODEL: RunDocument = {
  ...COMPLETE,
  training: SKIPPED,
  wholeHistory: SKIPPED,
  audits: null,
  scores: SKIPPED,
};

export const HOSTILE = `"><script>alert('x')</script>&\u001b[2J\u202e\`\n`;

/** The same run with the worst text wherever text can come from outside. */
export function hostileRun(): RunDocument {
  return {
    ...COMPLETE,
    home: HOSTILE,
    simulated: true,
    ingest: { ...COMPLETE.ingest, reasons: { [HOSTILE]: 1 } },
    recovery: { ...COMPLETE.recovery, rivals: { [HOSTILE]: { coverage: null, accuracy: null } } },
    training: {
      ...TRAINING,
      label: HOSTILE,
      version: HOSTILE,
      features: [HOSTILE],
      cutoffs: [HOSTILE],
      testBlocks: [{ from: HOSTILE, to: HOSTILE, trainCutoffs: 1 }],
      candidates: [
        {
          ...candidate(HOSTILE, 0.7, 0.1),
          params: { [HOSTILE]: HOSTILE },
          calibration: HOSTILE,
          thresholdWhy: HOSTILE,
        },
      ],
      rivals: { [HOSTILE]: rival(0.6, 0.1) },
      best: { model: HOSTILE, params: {} },
      strongest: [{ feature: HOSTILE, effect: 1 }],
      densities: [density(HOSTILE)],
      plots: { ...plots(), perCutoff: [{ cutoff: HOSTILE, rows: 1, churned: 1, rocAuc: 0.6 }] },
    },
    audits: {
      placebo: { auc: null, low: null, high: null, draws: 0, verdict: "inconclusive" },
      futureShuffle: {
        cutoffs: [],
        rowsAltered: 1,
        featuresChanged: [HOSTILE],
        trainingUnchanged: false,
        modelsUnchanged: false,
        verdict: "inconclusive",
      },
      permutedLabels: { auc: null, low: null, high: null, draws: 0, verdict: "inconclusive" },
      oneFeature: {
        feature: HOSTILE,
        auc: 0.9,
        features: 1,
        alarms: [{ feature: HOSTILE, auc: 0.9 }],
        verdict: "failed",
      },
      adversarial: {
        auc: 0.5,
        behaviourAuc: 0.5,
        trainRows: 1,
        testRows: 1,
        strongest: [{ feature: HOSTILE, auc: 0.5 }],
      },
      verdict: "inconclusive",
    },
    scores: {
      modelVersion: HOSTILE,
      asOf: HOSTILE,
      baseRate: 0.05,
      simulated: true,
      users: [
        {
          ...user(0),
          user_id: HOSTILE,
          reasons: [{ feature: HOSTILE, value: null, effect: Number.NaN, text: HOSTILE }],
        },
      ],
    },
    files: { [HOSTILE]: HOSTILE },
  };
}
