import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { logToFeatures } from "./log-to-features.js";
import { provenance } from "./machine.js";
import { simulation } from "./simulation.js";

/** `npm run bench [-- --large]`: measured tables, with where and when they were made. All logs are SIMULATED. */

const large = process.argv.includes("--large");
const folder = mkdtempSync(join(tmpdir(), "refrain-bench-"));
try {
  console.log(`${provenance(`npm run bench${large ? " -- --large" : ""}`)}\n`);
  console.log(`## Simulate\n\n${simulation(225, 63, folder, 3)}`);
  if (large) console.log(simulation(22_000, 63, folder, 1));
  else {
    const log = join(folder, "mini.jsonl");
    execFileSync(process.execPath, ["dist/cli/main.js", "simulate", "--seed", "1", "--out", log, "--quiet"]);
    console.log(`## Log to features (SIMULATED, 225 users × 63 days)\n\n${logToFeatures(log, folder)}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
