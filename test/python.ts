import { execFileSync, spawnSync } from "node:child_process";

export const PYTHON = process.env.PYTHON ?? "python3";

/** Importing some of them takes seconds. */
const FIND = "import sys, importlib.util as u; sys.exit(any(u.find_spec(m) is None for m in sys.argv[1:]))";

/** For `describe.skipIf(lacksPython("xgboost"))`: PYTHON names the interpreter; with REFRAIN_REQUIRE_ALL=1 the tests run all the same, and fail. */
export function lacksPython(...modules: readonly string[]): boolean {
  const isThere = spawnSync(PYTHON, ["-c", FIND, ...modules]).status === 0;
  return !isThere && process.env.REFRAIN_REQUIRE_ALL !== "1";
}

/** Runs a program; the one JSON document that it prints. */
export function askPython<T>(program: string, ...args: readonly string[]): T {
  const said = execFileSync(PYTHON, ["-c", program, ...args], {
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return JSON.parse(said.toString()) as T;
}
