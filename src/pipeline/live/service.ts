import { assert } from "../../base/assert.js";
import { RefrainError } from "../../base/errors.js";
import { asInstant, isoOf, MS_PER_DAY } from "../../base/time.js";
import type { World } from "../../base/world.js";
import type { RiskScale } from "../../schema/config.js";
import type { PredictionDocument } from "../../schema/documents.js";
import type { CounterfactualDocument } from "../../schema/explanation-documents.js";
import type { UserId } from "../../schema/user-id.js";
import { lakeIsSimulated } from "../../store/holds-simulated.js";
import { waitForHomeLock } from "../../store/home-lock.js";
import { type JobQueue, openJobQueue } from "../../store/live/job-queue.js";
import type { LiveDb } from "../../store/live/live-db.js";
import { type LiveDbPlace, openLiveDb } from "../../store/live/open-live-db.js";
import { Turns } from "../../store/live/turns.js";
import { type CompactSummary, compact } from "../compact.js";
import type { ErasureReceipt } from "../erase/receipt.js";
import { eraseUser, finishErasure } from "../erase.js";
import type { OwnedRow } from "../incremental/event-store.js";
import { LoopFindings } from "../loop/loop-findings.js";
import { predictRow } from "../scoring.js";
import { Access } from "./access.js";
import { checkEvents, type Rejected, rejectErased } from "./check-events.js";
import { holdsSimulated, isSimulated } from "./event-texts.js";
import { rowOf } from "./given-features.js";
import { openLakeIfAny } from "./lake-if-any.js";
import { LiveEvents } from "./live-events.js";
import { LiveMemory } from "./live-memory.js";
import { LiveQuarantine } from "./live-quarantine.js";
import { LiveScorer, type UserView } from "./live-scorer.js";
import { PredictionLog } from "./prediction-log.js";
import { forgetPredictions, predictionsOf, type StoredPrediction } from "./prediction-table.js";
import { ScoreKeeper, type ScoringMoment } from "./score-keeper.js";
import { type ModelInfo, ServingModel } from "./serving-model.js";
import { syncTombstones } from "./sync-tombstones.js";
import { takeLake } from "./take-lake.js";
import { timeline } from "./timeline.js";
import { UnknownFields } from "./unknown-fields.js";

/** What became of a list of events; none of it is acknowledged before it is committed. */
export interface Taken {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly Rejected[];
}

/** How scores are told. */
interface ScoringOptions {
  readonly riskLevels?: RiskScale;
}

/** The live service of a home, without HTTP: events in, features and scores out. */
export class LiveService {
  /** Keys, logins, the audit log. */
  readonly access: Access;
  /** The last scores of all users, brought up to date behind the events. */
  readonly scores: ScoreKeeper;
  /** Events that were not taken. */
  readonly quarantine: LiveQuarantine;
  /** What the loop has found. */
  readonly loop: LoopFindings;
  readonly #db: LiveDb;
  readonly #events: LiveEvents;
  readonly #scorer: LiveScorer;
  readonly #predictions: PredictionLog;
  readonly #models: ServingModel;
  readonly #unknownFields = new UnknownFields();
  readonly #world: World;
  readonly #home: string;
  /** What writes to the lake comes one after the other. */
  readonly #lakeTurns = new Turns();
  /** The lake that has been taken in. */
  #lakeVersion: string | null = null;
  /** The latest moment of all known events, as far as this process knows. */
  #lastMs: number | null = null;
  /** The same as text, for every answer says it. */
  #lastIso: { readonly ms: number; readonly text: string } | null = null;
  /** Whether any event comes from `refrain simulate`. */
  #simulated = false;

  private constructor(db: LiveDb, models: ServingModel, home: string, world: World) {
    this.#db = db;
    this.#home = home;
    this.access = new Access(db, world);
    this.quarantine = new LiveQuarantine(db, world);
    this.loop = new LoopFindings(db);
    const memory = new LiveMemory();
    this.#events = new LiveEvents(db, world, memory);
    this.#scorer = new LiveScorer(db, memory);
    this.#predictions = new PredictionLog(db, world);
    this.#models = models;
    this.#world = world;
    this.scores = new ScoreKeeper(db, this.#scorer, () => this.#now(), world);
  }

  /** What scores are made by at this moment. */
  #now(): ScoringMoment {
    const model = this.#models.current?.model ?? null;
    return { asOf: this.#lastMs === null ? null : asInstant(this.#lastMs), model, simulated: this.simulated };
  }

  /**
   * Opens the live store and takes the lake of the home into it. Throws `STORE_UNAVAILABLE`, `STORE_NEWER`; a home
   * without data, or without a model that can be used, serves what it can.
   */
  static async open(home: string, place: LiveDbPlace & ScoringOptions, world: World): Promise<LiveService> {
    const models = new ServingModel(home, place.riskLevels);
    models.follow(world);
    const db = await openLiveDb(place, world);
    try {
      const service = new LiveService(db, models, home, world);
      await finishErasure(home, db, world);
      await syncTombstones(home, db);
      await service.followLake();
      const lake = openLakeIfAny(home);
      service.#lastMs = await service.#scorer.lastEvent();
      service.#simulated = (lake !== null && (await lakeIsSimulated(lake, world))) || (await holdsSimulated(db));
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

  /**
   * Takes up what others have changed: another champion of the home, and of a store that is shared the moment up to which it
   * knows. What is being answered goes on with the model it began with. Returns whether the model is another one.
   */
  async follow(): Promise<boolean> {
    const changed = this.#models.follow(this.#world);
    const last = await this.#scorer.lastLiveEvent();
    if (last !== null) this.#lastMs = Math.max(this.#lastMs ?? last, last);
    return changed;
  }

  async add(items: readonly unknown[]): Promise<Taken> {
    const taken = await this.#take(items);
    if (taken.rejected.length > 0) this.quarantine.keep(items, taken.rejected);
    return taken;
  }

  async #take(items: readonly unknown[]): Promise<Taken> {
    const checked = checkEvents(items, this.#world.now());
    this.#unknownFields.count(items);
    const { events } = checked;
    const { accepted, duplicates, users, erased } = events.length === 0 ? NOTHING : await this.#events.add(events);
    const rejected = [...checked.rejected, ...rejectErased(checked, erased)];
    this.scores.changed(users);
    this.#simulated ||= events.some(({ texts }) => isSimulated(texts));
    for (const { tsMs } of events) this.#lastMs = Math.max(this.#lastMs ?? tsMs, tsMs);
    return { accepted, duplicates, rejected };
  }

  /** Takes an event out of quarantine, mended where `event` is given. Throws `QUARANTINE_UNKNOWN`, `QUARANTINE_PARTIAL`. */
  retry(id: number, event: unknown): Promise<Taken> {
    return this.quarantine.retry(id, event, (item) => this.#take([item]));
  }

  /** As of a moment; null is the end of the data. */
  async user(id: UserId, asOfMs: number | null): Promise<UserView | null> {
    const at = asOfMs ?? this.#lastMs;
    return at === null ? null : this.#scorer.user(id, asInstant(at), this.#models.current?.model ?? null);
  }

  /** The same for what would take the user below the threshold. Throws `NO_MODEL`; null for a user that is not known. */
  async counterfactual(id: UserId, asOfMs: number | null): Promise<CounterfactualDocument | null> {
    const { model } = this.#models.current ?? {};
    if (model === undefined) throw new RefrainError("NO_MODEL", { home: this.#home });
    const at = asOfMs ?? this.#lastMs;
    return at === null ? null : this.#scorer.counterfactual(id, asInstant(at), model);
  }

  /** Events known to be a user's, newest first. Throws `USER_UNKNOWN`. */
  async timeline(id: UserId, page: Parameters<typeof timeline>[2]): Promise<readonly OwnedRow[]> {
    const rows = await timeline(this.#db, id, page);
    if (rows.length === 0 && page.after === null) throw new RefrainError("USER_UNKNOWN", { user: id });
    return rows;
  }

  /** Where what is kept beside the events lies. */
  get db(): LiveDb {
    return this.#db;
  }

  /** Jobs on the database of this store. */
  jobs(): Promise<JobQueue> {
    return openJobQueue(this.#db, this.#world.log);
  }

  /**
   * As of the end of the data; null for a user that is not known. The prediction is stored within a second, behind the answer. To
   * be called only with a model.
   */
  async score(id: UserId): Promise<PredictionDocument | null> {
    const { model } = this.#models.current ?? {};
    assert(model !== undefined, "a route scored before a model was loaded");
    if (this.#lastMs === null) return null;
    const asOf = asInstant(this.#lastMs);
    const scored = await this.#scorer.score(id, asOf, model);
    if (scored === null) return null;
    this.#predictions.add({
      userId: id,
      madeAtMs: this.#world.now(),
      asOfMs: asOf,
      modelVersion: model.version,
      probability: scored.churn_probability,
      isChurn: scored.churn_prediction,
      riskLevel: scored.risk_level,
      expectedDaysLeft: scored.expected_days_left ?? null,
      atRisk: scored.at_risk,
      reasons: scored.reasons,
    });
    return scored;
  }

  /** The last predictions of a user that were answered by id and are stored, the newest first. */
  predictions(id: UserId, limit: number): Promise<StoredPrediction[]> {
    return predictionsOf(this.#db, id, { limit });
  }

  /** Keeps the predictions of the last days only. */
  forgetPredictions(keptDays: number): Promise<void> {
    return forgetPredictions(this.#db, this.#world.now() - keptDays * MS_PER_DAY);
  }

  /** Predictions that were answered and could not be stored. */
  get droppedPredictions(): number {
    return this.#predictions.dropped;
  }

  /** A feature that is absent or null is missing. To be called only with a model. */
  scoreFeatures(values: Readonly<Record<string, number | null>>): PredictionDocument {
    const { model } = this.#models.current ?? {};
    assert(model !== undefined, "a route scored before a model was loaded");
    return predictRow(model, rowOf(model.features, values), { user: "", atRisk: true });
  }

  /** Whether any event, or any that the model learned from, comes from `refrain simulate`. */
  get simulated(): boolean {
    return this.#simulated || this.model?.simulated === true;
  }

  /** The last event that scores could know of, ISO 8601. */
  get freshThrough(): string | null {
    if (this.#lastMs === null) return null;
    if (this.#lastIso?.ms !== this.#lastMs) this.#lastIso = { ms: this.#lastMs, text: isoOf(this.#lastMs) };
    return this.#lastIso.text;
  }

  /**
   * `eraseUser` in this home. Throws `HOME_LOCKED` where another command writes to it for long.
   *
   * @param salt text of 32 random bytes, for the tombstones of a home that has none yet
   */
  erase(user: UserId, salt: string): Promise<ErasureReceipt> {
    const erase = () => eraseUser(this.#home, user, { live: this.#db, salt }, this.#world);
    return this.#lakeTurns.take(async () => {
      const receipt = await waitForHomeLock(this.#home, "erase", erase);
      this.#lastMs = await this.#scorer.lastEvent();
      return receipt;
    });
  }

  /** `compact` of this home. */
  async compact(options: Parameters<typeof compact>[2] = {}): Promise<CompactSummary> {
    await this.#unknownFields.flush(this.#db, this.#world.now());
    return this.#lakeTurns.take(() =>
      waitForHomeLock(this.#home, "compact", () => compact(this.#home, this.#db, options, this.#world)),
    );
  }

  /** Takes what other commands have added to the lake. Returns how many rows were new. */
  followLake(): Promise<number> {
    return this.#lakeTurns.take(async () => {
      const lake = openLakeIfAny(this.#home);
      if (lake === null || lake.version === this.#lakeVersion) return 0;
      const rows = await takeLake(lake, this.#db, this.#events, this.#world);
      this.#lakeVersion = lake.version;
      if (rows > 0) {
        this.#lastMs = await this.#scorer.lastEvent();
        this.#simulated ||= await lakeIsSimulated(lake, this.#world);
      }
      return rows;
    });
  }

  async close(): Promise<void> {
    await this.#lakeTurns.take(async () => {});
    await this.#predictions.close();
    await this.quarantine.close();
    await this.#unknownFields.flush(this.#db, this.#world.now()).catch(() => {});
    await this.#db.close();
  }
}

const NOTHING = { accepted: 0, duplicates: 0, users: [], erased: new Set<string>() };
