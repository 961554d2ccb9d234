import { z } from "zod";
import { type ConfigKeyFacts, MS_MAX, whole } from "./config-key.js";
import { LIMIT_KEYS } from "./limit-keys.js";
import { ROLES } from "./roles.js";

/** More threads than this is a slip of the finger: each takes tens of megabytes. */
export const THREADS_MAX = 256;

export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** What risk levels are measured by. */
const RISK_SCALES = ["relative", "reference"] as const;
export type RiskScale = (typeof RISK_SCALES)[number];

/**
 * Every key of the configuration: what `--config FILE` may say and, as `REFRAIN_…` in capitals, the environment. Flags win over
 * the environment, the environment over the file. Secrets have no key: they are given by the environment alone.
 */
export const CONFIG_KEYS = {
  home: {
    values: z.string().min(1),
    about: "home folder; a relative one is relative to where the command runs (.refrain)",
  },
  seed: { values: whole(0, Number.MAX_SAFE_INTEGER), about: "seed of everything that is drawn (42)" },
  threads: { values: whole(1, THREADS_MAX), about: "threads to use (all cores)" },
  host: { values: z.string().min(1), about: "address that serve listens on", otherwise: "127.0.0.1" },
  port: { values: whole(0, 65_535), about: "port that serve listens on; 0 is any free one", otherwise: 8000 },
  poolSize: { values: whole(1, 1000), about: "connections to PostgreSQL", otherwise: 8 },
  statementTimeoutMs: {
    values: whole(100, MS_MAX),
    about: "a statement of PostgreSQL that takes longer is given up",
    unit: "ms",
    otherwise: 30_000,
  },
  connectTimeoutMs: {
    values: whole(100, MS_MAX),
    about: "how long to wait for a connection to PostgreSQL",
    unit: "ms",
    otherwise: 5_000,
  },
  logLevel: {
    values: z.enum(LOG_LEVELS),
    about: "the least that serve logs; --quiet is warn, --verbose is debug",
    otherwise: "info",
  },
  logTo: {
    values: z.enum(["stderr", "home"]),
    about: "where serve logs to: stderr, or log/serve.jsonl in the home",
    otherwise: "stderr",
  },
  ...LIMIT_KEYS,
  scoresHour: {
    values: whole(0, 23),
    about: "from when on serve writes the day's table of scores (reports/scores), UTC; REFRAIN_SCORES_WEBHOOK is told",
    unit: "h",
    otherwise: 3,
  },
  scoresKeptDays: {
    values: whole(1, 3650),
    about: "tables of scores that are kept, one a day",
    unit: "days",
    otherwise: 30,
  },
  contactCost: {
    values: z.number().min(0),
    about: "what one contact costs, in any currency: the report then tells profit (nothing)",
  },
  customerValue: {
    values: z.number().positive(),
    about: "what is lost with a listener who leaves, in the same currency (nothing)",
  },
  saveRate: {
    values: z.number().gt(0).max(1),
    about: "share of those about to leave whom a contact keeps, from 0 to 1 (nothing)",
  },
  contactsPerCutoff: { values: whole(1, 1_000_000_000), about: "contacts that can be made at a cutoff (nothing)" },
  predictionsKeptDays: {
    values: whole(1, 36_500),
    about: "days for which serve keeps the predictions that it answered by user_id",
    unit: "days",
    otherwise: 90,
  },
  alarmBudget: {
    values: z.number().positive().max(365),
    about: "false drift alarms a year that are allowed, at a check a day",
    unit: "1/year",
    otherwise: 1,
  },
  driftWindowDays: {
    values: whole(1, 365),
    about: "days whose users are compared with those that the model learned from",
    unit: "days",
    otherwise: 14,
  },
  retrainEveryDays: {
    values: whole(1, 3650),
    about: "age of the champion at which it is trained anew",
    unit: "days",
    otherwise: 30,
  },
  retrainPauseDays: {
    values: whole(0, 3650),
    about: "after a retraining, quality and drift do not cause another for so long",
    unit: "days",
    otherwise: 7,
  },
  retrainFloorAuc: {
    values: z.number().min(0).max(1),
    about: "matured ROC AUC that is surely below it causes a retraining (the champion's own lower bound)",
  },
  retrainFloorLift: {
    values: z.number().min(0),
    about: "the same for the lift of the riskiest tenth (the champion's own lower bound)",
  },
  retrainFloorF1: {
    values: z.number().min(0).max(1),
    about: "the same for F1; the reference system's 0.75 belongs to its leaky protocol (none)",
  },
  retrainRule: {
    values: z.enum(["not-worse", "better"]),
    about:
      "what a candidate must be, with 90% confidence, to serve: not worse by 10% of the champion's average precision, or better",
    otherwise: "not-worse",
  },
  retrainPositives: {
    values: whole(30, 1_000_000),
    about: "rows of users who left in the block on which candidate and champion are compared, at least",
    unit: "rows",
    otherwise: 100,
  },
  retrainModels: {
    values: z.string().min(1),
    about: "candidates of a retraining, separated by commas (those that the champion was chosen from)",
  },
  retrainSearch: {
    values: z.enum(["grid", "random", "halving", "none"]),
    about: "how a retraining looks for settings",
    otherwise: "grid",
  },
  retrainTrailingDays: {
    values: whole(30, 36_500),
    about: "a retraining learns from the cutoffs of so many last days",
    unit: "days",
    otherwise: 180,
  },
  sessionHours: { values: whole(1, 8760), about: "how long a login lasts", unit: "h", otherwise: 12 },
  loopZone: {
    values: z.string().refine(isZone, "is no time zone, as Europe/Berlin is"),
    about: "time zone of loopHour, as Europe/Berlin",
    otherwise: "UTC",
  },
  loopHour: {
    values: whole(0, 23),
    about: "from when on serve closes the day: observes, checks, alerts, retrains where that is due",
    unit: "h",
    otherwise: 2,
  },
  observedUsers: {
    values: whole(100, 10_000_000),
    about: "users at risk who are photographed and scored each day, the same ones each day",
    unit: "users",
    otherwise: 5_000,
  },
  observedKeptDays: {
    values: whole(1, 3650),
    about: "days for which their features are kept; scores and outcomes are kept for 400",
    unit: "days",
    otherwise: 60,
  },
  observeCatchUpDays: {
    values: whole(1, 3650),
    about: "closed days that are observed later, at most, after a pause",
    unit: "days",
    otherwise: 35,
  },
  qualityWindowDays: {
    values: whole(1, 365),
    about: "days of cutoffs that are measured together as live quality",
    unit: "days",
    otherwise: 10,
  },
  arpu: {
    values: z.number().positive(),
    about: "what a paying listener brings in a month, in any currency: revenue at risk is told by it (nothing)",
  },
  riskLevels: {
    values: z.enum(RISK_SCALES),
    about:
      "risk_level of serve and predict: relative to the base rate (medium from 1.5 times, high from 4 times), or the reference system's 0.3 and 0.7",
    otherwise: "relative",
  },
  mlflowExperiment: {
    values: z.string().min(1).max(250),
    about: "experiment that trainings are runs of, where MLFLOW_TRACKING_URI is set",
    otherwise: "refrain",
  },
  mlflowModel: {
    values: z
      .string()
      .max(250)
      .regex(/^[^/:\p{Cc}]+$/u, "No / and no : in it"),
    about: "registered model that honest ones are versions of, where MLFLOW_TRACKING_URI is set; one a home",
    otherwise: "churn",
  },
  metricsRole: {
    values: z.enum(["loopback", ...ROLES]),
    about: "who may read /metrics: a role, or loopback, which asks only other machines for a reader's key",
    otherwise: "loopback",
  },
} as const satisfies Record<string, ConfigKeyFacts>;

export type ConfigKey = keyof typeof CONFIG_KEYS;

type ConfigOf = { -readonly [K in ConfigKey]?: z.output<(typeof CONFIG_KEYS)[K]["values"]> };

/** A configuration, as far as somebody gave one. */
export type Config = Readonly<ConfigOf>;

type Settled = {
  [K in ConfigKey as (typeof CONFIG_KEYS)[K] extends { readonly otherwise: unknown } ? K : never]: z.output<
    (typeof CONFIG_KEYS)[K]["values"]
  >;
};

/** What serve works by: every key that has a default. */
export type Settings = Readonly<Settled>;

export const CONFIG_NAMES = Object.keys(CONFIG_KEYS) as readonly ConfigKey[];

/** `bodyBytesMax` → `REFRAIN_BODY_BYTES_MAX`. */
export function environmentName(name: ConfigKey): string {
  return `REFRAIN_${name.replace(/[A-Z]/g, "_$&").toUpperCase()}`;
}

/** The given configuration with the defaults of what it does not say. */
export function settingsOf(config: Config = {}): Settings {
  const defaults = CONFIG_NAMES.flatMap((name) => {
    const { otherwise } = CONFIG_KEYS[name] as ConfigKeyFacts;
    return otherwise === undefined ? [] : [[name, config[name] ?? otherwise]];
  });
  return Object.fromEntries(defaults) as Settings;
}
