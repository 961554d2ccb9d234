import { asInstant, type Instant } from "../../base/time.js";
import { DAY_FEATURES } from "../../features/families/days.js";
import type { Catalogue, Feature } from "../../features/fold.js";
import { isAtRisk, RISK_SET } from "../../features/risk-set.js";
import type { States } from "../../features/states.js";
import type { ModelFile } from "../../registry/model-file.js";
import type { PredictionDocument } from "../../schema/documents.js";
import type { CounterfactualDocument } from "../../schema/explanation-documents.js";
import { LEVELS } from "../../schema/pages.js";
import type { UserId } from "../../schema/user-id.js";
import type { LiveDb } from "../../store/live/live-db.js";
import { counterfactualOf } from "../counterfactual.js";
import { predictRow } from "../scoring.js";
import { type DecodedRows, LiveMemory } from "./live-memory.js";
import { LiveReader } from "./live-reader.js";

/** How a user stands as of a moment. */
export interface UserStanding {
  readonly userId: UserId;
  readonly asOf: Instant;
  /** Null where no event says. */
  readonly level: string | null;
  readonly state: string | null;
  /** The latest event of the user's. */
  readonly lastSeenMs: number;
  /** Null without a model. */
  readonly prediction: PredictionDocument | null;
}

/** What is known of a user as of a moment. */
export interface UserView extends UserStanding {
  /** By name; null is missing. */
  readonly features: Readonly<Record<string, number | null>>;
}

/** Features and scores of single users from the states of the live store: the values that a batch gives. */
export class LiveScorer {
  readonly #db: LiveDb;
  readonly #reader: LiveReader;

  constructor(db: LiveDb, memory = new LiveMemory()) {
    this.#db = db;
    this.#reader = new LiveReader(db, memory);
  }

  /** The latest moment of all known events; null where there are none. */
  async lastEvent(): Promise<Instant | null> {
    const [row] = await this.#db.query<{ last: number | null }>("SELECT max(ts_ms) AS last FROM events");
    return row?.last == null ? null : asInstant(row.last);
  }

  /** The same of the events that are not in the lake yet, which an index finds at once. */
  async lastLiveEvent(): Promise<Instant | null> {
    const [row] = await this.#db.query<{ last: number | null }>(
      "SELECT max(ts_ms) AS last FROM events WHERE texts IS NOT NULL",
    );
    return row?.last == null ? null : asInstant(row.last);
  }

  /** Null for a user of whom nothing is known by then. */
  score(id: UserId, asOf: Instant, model: ModelFile): Promise<PredictionDocument | null> {
    return this.#reader.read(id, asOf, (states, { catalogue }) => scored(id, { states, asOf, catalogue }, model));
  }

  /** The same with how the user stands, but for the features, which would take several times as long. */
  standing(id: UserId, asOf: Instant, model: ModelFile | null): Promise<UserStanding | null> {
    return this.#reader.read(id, asOf, (states, rows) => standing(id, { states, asOf, rows }, model));
  }

  /** Null for a user of whom nothing is known by then. */
  counterfactual(id: UserId, asOf: Instant, model: ModelFile): Promise<CounterfactualDocument | null> {
    return this.#reader.read(id, asOf, (states, { catalogue }) =>
      counterfactualOf(model, rowFor(model, { states, asOf, catalogue })),
    );
  }

  /** Null for a user of whom nothing is known by then. */
  user(id: UserId, asOf: Instant, model: ModelFile | null): Promise<UserView | null> {
    return this.#reader.read(id, asOf, (states, rows): UserView => {
      const values = rows.catalogue.features.map(({ name, read }) => [name, read(states, asOf)] as const);
      return {
        ...standing(id, { states, asOf, rows }, model),
        features: Object.fromEntries(values.map(([name, value]) => [name, Number.isNaN(value) ? null : value])),
      };
    });
  }
}

function standing(
  userId: UserId,
  { states, asOf, rows }: { readonly states: States; readonly asOf: Instant; readonly rows: DecodedRows },
  model: ModelFile | null,
): UserStanding {
  const { profile } = states;
  const { catalogue, names } = rows;
  return {
    userId,
    asOf,
    level: LEVELS[profile.level] ?? null,
    state: names.nameOf(profile.state) || null,
    lastSeenMs: profile.lastTsMs,
    prediction: model === null ? null : scored(userId, { states, asOf, catalogue }, model),
  };
}

interface Known {
  readonly states: States;
  readonly asOf: Instant;
  readonly catalogue: Catalogue<States>;
}

function scored(user: UserId, known: Known, model: ModelFile): PredictionDocument {
  const atRisk = isAtRisk(known.states.profile, known.asOf, model.riskSet ?? RISK_SET);
  return predictRow(model, rowFor(model, known), { user, atRisk });
}

/** The features of a model, in its order. */
function rowFor(model: ModelFile, { states, asOf, catalogue }: Known): Float64Array {
  const features = inputsOf(model, catalogue);
  const row = new Float64Array(features.length).fill(Number.NaN);
  // `Float64Array.from` takes several times as long, with an iterator and a call for each.
  for (const [i, feature] of features.entries()) if (feature !== undefined) row[i] = feature.read(states, asOf);
  return row;
}

type Inputs = readonly (Feature<States> | undefined)[];

const inputs = new WeakMap<ModelFile, WeakMap<Catalogue<States>, Inputs>>();

/** The features of a model, in its order. */
function inputsOf(model: ModelFile, catalogue: Catalogue<States>): Inputs {
  const known = inputs.get(model) ?? new WeakMap<Catalogue<States>, Inputs>();
  inputs.set(model, known);
  const found = known.get(catalogue) ?? named(model.features, catalogue);
  known.set(catalogue, found);
  return found;
}

function named(names: readonly string[], { features }: Catalogue<States>): Inputs {
  const byName = new Map([...features, ...DAY_FEATURES].map((feature) => [feature.name, feature]));
  return names.map((name) => byName.get(name));
}
