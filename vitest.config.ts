import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Where the files that take longest are: begun last, one of them would go on alone. */
const SLOW_FIRST = ["/test/torture/", "/test/pipeline/", "/test/cli/"];

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => SLOW_FIRST.findIndex((folder) => moduleId.includes(folder));
    const rank = (file: TestSpecification) => (place(file) === -1 ? SLOW_FIRST.length : place(file));
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/run-wide/setup.ts"],
    setupFiles: ["test/run-wide/each-file.ts"],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    pool: "forks",
    // Files share two processes, and what these have loaded.
    isolate: false,
    maxWorkers: 2,
    sequence: { sequencer: SlowFirst },
  },
});
