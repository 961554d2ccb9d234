import { type Instant, isoOf } from "../../base/time.js";
import type { World } from "../../base/world.js";
import type { ModelFile } from "../../registry/model-file.js";
import type { ScoresDocument } from "../../schema/documents.js";
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
  readonly #scorer: Pick<LiveScorer, "user">;
  readonly #now: () => ScoringMoment;
  readonly #world: World;

  constructor(db: LiveDb, scorer: Pick<LiveScorer, "user">, now: () => ScoringMoment, world: World) {
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

  /** Scores everybody as of now, and returns how many that are. */
  async rescore(): Promise<number> {
    const scoring = this.#scoring();
    return scoring === null ? 0 : this.#table.rescore(scoring, this.#world);
  }

  /** Scores everybody anew; null while there is no model or no event. Riskiest first, those at risk only. */
  async all(): Promise<ScoresDocument | null> {
    const { model, simulated } = this.#now();
    const scoring = this.#scoring();
    if (model === null || scoring === null) return null;
    await this.#table.rescore(scoring, this.#world);
    const users = await this.#table.predictions(model.version);
    const { version, label, baseRate } = model;
    return { modelVersion: version, asOf: isoOf(scoring.asOf), label: label.name, baseRate, simulated, users };
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
        const views = await Promise.all(ids.map((id) => this.#scorer.user(id, asOf, model)));
        return views.filter((view) => view !== null);
      },
    };
  }
}
