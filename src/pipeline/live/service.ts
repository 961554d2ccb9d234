import { assert } from "../../base/assert.js";
import { RefrainError } from "../../base/errors.js";
import { asInstant, isoOf } from "../../base/time.js";
import type { World } from "../../base/world.js";
import type { PredictionDocument } from "../../schema/documents.js";
import type { UserId } from "../../schema/user-id.js";
import { type Lake, openLake } from "../../store/lake.js";
import type { LiveDb } from "../../store/live/live-db.js";
import { type LiveDbPlace, openLiveDb } from "../../store/live/open-live-db.js";
import { predictRow } from "../scoring.js";
import { Access } from "./access.js";
import { checkEvents, type Rejected } from "./check-events.js";
import { LiveEvents } from "./live-events.js";
import { LiveScorer, type UserView } from "./live-scorer.js";
import { type ModelInfo, ServingModel } from "./serving-model.js";
import { takeLake } from "./take-lake.js";

/** What became of a list of events; none of it is acknowledged before it is committed. */
export interface Taken {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly Rejected[];
}

/** The live service of a home, without HTTP: events in, features and scores out. */
export class LiveService {
  /** Keys, logins, the audit log. */
  readonly access: Access;
  readonly #db: LiveDb;
  readonly #events: LiveEvents;
  readonly #scorer: LiveScorer;
  readonly #models: ServingModel;
  readonly #world: World;
  /** The latest moment of all known events, as far as this process knows. */
  #lastMs: number | null = null;

  private constructor(db: LiveDb, models: ServingModel, world: World) {
    this.#db = db;
    this.access = new Access(db, world);
    this.#events = new LiveEvents(db, world);
    this.#scorer = new LiveScorer(db);
    this.#models = models;
    this.#world = world;
  }

  /**
   * Opens the live store and takes the lake of the home into it. Throws `STORE_UNAVAILABLE`, `STORE_NEWER`, `MODEL_BROKEN`; a home
   * without data or model serves what it can.
   */
  static async open(home: string, place: LiveDbPlace, world: World): Promise<LiveService> {
    const models = new ServingModel(home);
    const db = await openLiveDb(place, world);
    try {
      const service = new LiveService(db, models, world);
      const lake = openLakeIfAny(home);
      if (lake !== null) await takeLake(lake, db, service.#events, world);
      service.#lastMs = await service.#scorer.lastEvent();
      return service;
    } catch (error) {
      await db.close();
      throw error;
    }
  }

  /** The model in use, null while there is none. */
  get model(): ModelInfo | null {
    return this.#models.current?.info ?? null;
  }

  /** Takes up another champion of the home, if there is one. What is being answered goes on with the model it began with. */
  followModel(): void {
    this.#models.follow(this.#world);
  }

  async add(items: readonly unknown[]): Promise<Taken> {
    const { events, rejected } = checkEvents(items, this.#world.now());
    const { accepted, duplicates } = events.length === 0 ? NOTHING : await this.#events.add(events);
    for (const { tsMs } of events) this.#lastMs = Math.max(this.#lastMs ?? tsMs, tsMs);
    return { accepted, duplicates, rejected };
  }

  /** As of a moment; null is the end of the data. */
  async user(id: UserId, asOfMs: number | null): Promise<UserView | null> {
    const at = asOfMs ?? this.#lastMs;
    return at === null ? null : this.#scorer.user(id, asInstant(at), this.#models.current?.model ?? null);
  }

  /** A feature that is absent or null is missing. To be called only with a model. */
  scoreFeatures(values: Readonly<Record<string, number | null>>): PredictionDocument {
    const { model } = this.#models.current ?? {};
    assert(model !== undefined, "a route scored before a model was loaded");
    const row = Float64Array.from(model.features, (name) => values[name] ?? Number.NaN);
    return predictRow(model, row, { user: "", atRisk: true });
  }

  /** The last event that scores could know of, ISO 8601. */
  get freshThrough(): string | null {
    return this.#lastMs === null ? null : isoOf(this.#lastMs);
  }

  close(): Promise<void> {
    return this.#db.close();
  }
}

const NOTHING = { accepted: 0, duplicates: 0 };

function openLakeIfAny(home: string): Lake | null {
  try {
    return openLake(home);
  } catch (error) {
    if (error instanceof RefrainError && error.code === "NO_DATA") return null;
    throw error;
  }
}
