import type { Instant } from "../../base/time.js";
import type { World } from "../../base/world.js";
import type { RetrainingDocument } from "../../schema/retraining-document.js";
import { putFigures, readFigures } from "../loop/figures-table.js";
import { Ledger, type LedgerEntry } from "./ledger.js";
import { type RetrainOptions, type RetrainPlace, type RetrainRule, retrain } from "./retrain.js";

const LOOKED = { kind: "loop", name: "retraining" } as const;

type Asked = Pick<RetrainOptions, "ifDue" | "dryRun" | "askedBy">;

/** The retrainings of a running service. */
export class Retrainer {
  readonly #place: RetrainPlace;
  readonly #rule: RetrainRule;
  readonly #holder: string;
  readonly #world: World;
  readonly #ledger: Ledger;
  readonly #running = new Set<Promise<unknown>>();

  /** @param holder unlike that of any other process */
  constructor(place: RetrainPlace, rule: RetrainRule, holder: string, world: World) {
    this.#place = place;
    this.#rule = rule;
    this.#holder = holder;
    this.#world = world;
    this.#ledger = new Ledger(place.db);
  }

  /** To its end. Fails as `retrain` does. */
  run(asked: Asked): Promise<RetrainingDocument> {
    return this.#kept(retrain(this.#place, { ...asked, rule: this.#rule, holder: this.#holder }, this.#world));
  }

  /** Resolves when it has begun and is in the ledger, or when nothing is done; it goes on behind that. Fails as `retrain` does until then. */
  begin(asked: Asked): Promise<RetrainingDocument> {
    return new Promise((resolve, reject) => {
      const options = { ...asked, rule: this.#rule, holder: this.#holder, begun: resolve };
      this.#kept(retrain(this.#place, options, this.#world)).then(resolve, (error: Error) => {
        this.#world.log.warn(`a retraining came to no end: ${error.message}`);
        reject(error);
      });
    });
  }

  /** Whether nobody has noted yet that it was looked, on a date, whether anything is due. */
  async isFirstOfDay(atMs: Instant): Promise<boolean> {
    return (await readFigures(this.#place.db, { ...LOOKED, fromMs: atMs, toMs: atMs + 1 })).length === 0;
  }

  async noteDay(atMs: Instant): Promise<void> {
    await putFigures(this.#place.db, { ...LOOKED, atMs, document: {} }, this.#world.now());
  }

  /** The newest first. */
  list(page: { readonly before: number | null; readonly limit: number }): Promise<LedgerEntry[]> {
    return this.#ledger.list(page);
  }

  /** Null for an id that is none. */
  async get(id: number): Promise<LedgerEntry | null> {
    const [entry] = await this.#ledger.list({ before: id + 1, limit: 1 });
    return entry?.id === id ? entry : null;
  }

  /** Waits for what is being done; the world's signal breaks it off. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  #kept<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work);
    const forget = () => this.#running.delete(work);
    work.then(forget, forget);
    return work;
  }
}
