import { asInstant, type Instant } from "../../base/time.js";
import { pointInTime } from "../../features/catalogue.js";
import { isAtRisk, RISK_SET } from "../../features/risk-set.js";
import { StateNames } from "../../features/state-names.js";
import type { States } from "../../features/states.js";
import type { ModelFile } from "../../registry/model-file.js";
import type { PredictionDocument } from "../../schema/documents.js";
import { LEVELS } from "../../schema/pages.js";
import type { UserId } from "../../schema/user-id.js";
import type { LiveDb } from "../../store/live/live-db.js";
import { UserFold } from "../incremental/fold-user.js";
import { predictRow } from "../scoring.js";
import { LiveUsers } from "./live-users.js";

/** What is known of a user as of a moment. */
export interface UserView {
  readonly userId: UserId;
  readonly asOf: Instant;
  /** Null where no event says. */
  readonly level: string | null;
  readonly state: string | null;
  /** The latest event of the user's. */
  readonly lastSeenMs: number;
  /** By name; null is missing. */
  readonly features: Readonly<Record<string, number | null>>;
  /** Null without a model. */
  readonly prediction: PredictionDocument | null;
}

/** Features and scores of single users from the states of the live store: the values that a batch gives. */
export class LiveScorer {
  readonly #db: LiveDb;
  readonly #names = new StateNames();
  readonly #catalogue = pointInTime(this.#names.names);

  constructor(db: LiveDb) {
    this.#db = db;
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
  async user(id: UserId, asOf: Instant, model: ModelFile | null): Promise<UserView | null> {
    const states = await this.#db.snapshot((sql) =>
      new UserFold(new LiveUsers(sql), this.#catalogue, this.#names).statesAt(id, asOf),
    );
    if (states === null) return null;
    const values = new Map(this.#catalogue.features.map((feature) => [feature.name, feature.read(states, asOf)]));
    const { profile } = states;
    return {
      userId: id,
      asOf,
      level: LEVELS[profile.level] ?? null,
      state: this.#names.nameOf(profile.state) || null,
      lastSeenMs: profile.lastTsMs,
      features: Object.fromEntries([...values].map(([name, value]) => [name, Number.isNaN(value) ? null : value])),
      prediction: model === null ? null : scored(id, { values, states, asOf }, model),
    };
  }
}

function scored(
  user: UserId,
  known: { readonly values: ReadonlyMap<string, number>; readonly states: States; readonly asOf: Instant },
  model: ModelFile,
): PredictionDocument {
  const row = Float64Array.from(model.features, (name) => known.values.get(name) ?? Number.NaN);
  const atRisk = isAtRisk(known.states.profile, known.asOf, model.riskSet ?? RISK_SET);
  return predictRow(model, row, { user, atRisk });
}
