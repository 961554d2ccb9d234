import { loadModel, promoteModel, type RegistryIndex, readIndex, rollBack } from "../../registry/local.js";
import type { ModelFile } from "../../registry/model-file.js";
import { waitForHomeLock } from "../../store/home-lock.js";
import { type Manifest, readManifest } from "../../store/manifest.js";

/** The models and the lake of a home, read as they are at the moment. */
export class HomeSource {
  readonly #home: string;

  constructor(home: string) {
    this.#home = home;
  }

  registry(): RegistryIndex {
    return readIndex(this.#home);
  }

  /** Throws `MODEL_UNKNOWN`, `MODEL_BROKEN`. */
  model(version: string): ModelFile {
    return loadModel(this.#home, version).model;
  }

  /** Returns the version, of which an alias may have been given. Throws `MODEL_UNKNOWN`, `PROMOTION_BARRED`, `HOME_LOCKED`. */
  promote(version: string): Promise<string> {
    return waitForHomeLock(this.#home, "models promote", async () =>
      promoteModel(this.#home, version, { asked: true }),
    );
  }

  /** Returns the version that serves again. Throws `NO_MODEL`, `HOME_LOCKED`. */
  rollBack(): Promise<string> {
    return waitForHomeLock(this.#home, "models rollback", async () => rollBack(this.#home));
  }

  manifest(): Manifest {
    return readManifest(this.#home);
  }
}
