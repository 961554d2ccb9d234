import { RefrainError } from "../../base/errors.js";
import { type Instant, isoOf } from "../../base/time.js";
import type { World } from "../../base/world.js";
import type { ModelFile } from "../../registry/model-file.js";
import type { PredictionDocument, ScoresDocument } from "../../schema/documents.js";
import type { UserId } from "../../schema/user-id.js";
import type { LiveDb } from "../../store/live/live-db.js";
import type { LiveScorer } from "./live-scorer.js";
import { type NightlyOptions, nightlyScores } from "./nightly-scores.js";
import { type ScoreRow, ScoreTable, type Scoring } from "./score-table.js";

/** What scores are made by: null before the first event, and without a model. */
export interface ScoringMoment {
  readonly asOf: Instant | null;
  readonly model: ModelFile | null;
  /** Whether any event, or any that the model learned from, comes from `refrain simulate`. */
  readonly simulated: boolean;
}

/** Keeps the scores of all users in a table that follows the events, and hands them out every night. */
export class ScoreKeeper {
  readonly #db: LiveDb;
  readonly #table: ScoreTable;
  readonly #scorer: Pick<LiveScorer, "standing">;
  readonly #now: () => ScoringMoment;
  readonly #world: World;
  #scoringAll: Promise<ScoresDocument | null> | null = null;

  constructor(db: LiveDb, scorer: Pick<LiveScorer, "standing">, now: () => ScoringMoment, world: World) {
    this.#db = db;
    this.#table = new ScoreTable(db);
    this.#scorer = scorer;
    this.#now = now;
    this.#world = world;
  }

  /** Users whose states have changed since they were scored. */
  changed(users: Iterable<UserId>): void {
    this.#table.changed(users);
  }

  /** Riskiest first; those without a score come last. */
  page(...asked: Parameters<ScoreTable["page"]>): Promise<ScoreRow[]> {
    return this.#table.page(...asked);
  }

  /** Scores up to `most` of the users who changed, and returns how many. */
  async refresh(most: number): Promise<number> {
    const scoring = this.#scoring();
    return scoring === null ? 0 : this.#table.refresh(scoring, most);
  }

  /**
   * Scores everybody as of now; false where it was broken off.
   *
   * @param pause waits, between portions of them, for what is more urgent; false: not to go on
   */
  async rescore(pause?: () => Promise<boolean>): Promise<boolean> {
    const first = this.#scoring();
    return first === null || this.#table.rescore(() => this.#scoring() ?? first, this.#world, pause);
  }

  /**
   * Scores everybody anew, riskiest first and those at risk only; null while there is no model or no event. Who asks while that is
   * being done gets the same.
   */
  all(): Promise<ScoresDocument | null> {
    this.#scoringAll ??= this.#documentOf((scoring, model) =>
      this.#table.rescore(() => scoring, this.#world).then(() => this.#table.predictions(model.version)),
    ).finally(() => {
      this.#scoringAll = null;
    });
    return this.#scoringAll;
  }

  /** The same of these users, in their order, whether at risk or not. Throws `USER_UNKNOWN`. */
  of(users: readonly UserId[]): Promise<ScoresDocument | null> {
    return this.#documentOf(async ({ asOf }, model) => {
      const views = await Promise.all(users.map((user) => this.#scorer.standing(user, asOf, model)));
      return views.map((view, i) => {
        if (!view?.prediction) throw new RefrainError("USER_UNKNOWN", { user: users[i] ?? "" });
        return view.prediction;
      });
    });
  }

  async #documentOf(
    score: (scoring: Scoring, model: ModelFile) => Promise<readonly PredictionDocument[]>,
  ): Promise<ScoresDocument | null> {
    const { model, simulated } = this.#now();
    const scoring = this.#scoring();
    if (model === null || scoring === null) return null;
    const { version, label, baseRate } = model;
    const document = { modelVersion: version, asOf: isoOf(scoring.asOf), label: label.name, baseRate, simulated };
    return { ...document, users: await score(scoring, model) };
  }

  /** Makes the night's table where it is due: see `nightlyScores`. */
  nightly(options: Omit<NightlyOptions, "scores">): Promise<string | null> {
    return nightlyScores(this.#db, { ...options, scores: () => this.all() }, this.#world);
  }

  /** By the model and the moment there are now, however long it takes. */
  #scoring(): Scoring | null {
    const { asOf, model } = this.#now();
    if (asOf === null) return null;
    return {
      asOf,
      modelVersion: model?.version ?? null,
      users: async (ids) => {
        const views = await Promise.all(ids.map((id) => this.#scorer.standing(id, asOf, model)));
        return views.filter((view) => view !== null);
      },
    };
  }
}
