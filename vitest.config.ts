import { defineConfig } from "vitest/config";

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
  },
});
