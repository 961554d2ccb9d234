import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { besidePandas } from "./beside-pandas.js";
import { provenance } from "./machine.js";
import { PEERS } from "./measure.js";
import { scale } from "./scale.js";
import { simulation } from "./simulation.js";

/**
 * `npm run bench [-- --small | --all]`: measured tables, with where and when they were made. All logs are SIMULATED. PYTHON is an
 * interpreter with the requirements of ../shared/peers. `--small` takes a minute; `--all` adds the pandas program's reference style
 * on the large log (3 minutes, 10 GB), and a simulation of 22,000 users.
 */

const options = new Set(process.argv.slice(2));
const python = process.env.PYTHON ?? "python3";
const folder = mkdtempSync(join(tmpdir(), "refrain-bench-"));
const small = { name: "small", users: 225, seed: 1, repetitions: 5, withReferenceStyle: true };
const large = { name: "large", users: 1_800, seed: 2, repetitions: 3, withReferenceStyle: options.has("--all") };
try {
  console.log(`${provenance(["npm run bench", ...(options.size === 0 ? [] : ["--", ...options])].join(" "))}\n`);
  console.log("## From a log to features, beside pandas\n");
  if (!existsSync(PEERS))
    console.log("Left out: ../shared/peers is not there, so there is nothing to measure beside.\n");
  else
    for (const log of options.has("--small") ? [small] : [small, large]) console.log(besidePandas(log, python, folder));
  if (!options.has("--small")) console.log(`## Ten times the events\n\n${scale(folder)}`);
  console.log(`## Simulating\n\n${simulation(225, 63, folder, 3)}`);
  if (options.has("--all")) console.log(simulation(22_000, 63, folder, 1));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
