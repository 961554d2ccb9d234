/** Threads that do jobs of the same kind side by side. */
export interface Crew {
  /** Does jobs 0 … count − 1, each once, in any order and on any thread, and waits until all are done. */
  each(count: number, job: (index: number) => void): void;
  /** Lets the threads go. */
  end(): void;
}

/** No thread but this one. */
export const ALONE: Crew = {
  each(count, job) {
    for (let index = 0; index < count; index++) job(index);
  },
  end() {},
};
