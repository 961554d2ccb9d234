import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { provenance } from "../machine.js";
import { PEERS } from "../measure.js";
import { besideLibraries } from "./beside-libraries.js";
import { fullUsers } from "./full-users.js";
import { referenceGrid } from "./reference-grid.js";
import { trainingScale } from "./scale.js";

/**
 * `npm run bench:models [-- fit | users | grid | scale …]`: training beside XGBoost and scikit-learn in the same run. PYTHON is an
 * interpreter with the requirements of ../shared/peers. The grid takes the Python program a quarter of an hour.
 */

const asked = new Set(process.argv.slice(2));
const isAsked = (name: string) => asked.size === 0 || asked.has(name);
const python = process.env.PYTHON ?? "python3";
const folder = mkdtempSync(join(tmpdir(), "refrain-bench-models-"));
try {
  console.log(`${provenance(["npm run bench:models", ...(asked.size === 0 ? [] : ["--", ...asked])].join(" "))}\n`);
  if (!existsSync(PEERS))
    console.log("Left out: ../shared/peers is not there, so there is nothing to measure beside.\n");
  else {
    if (isAsked("fit")) console.log(besideLibraries(python, folder, 5));
    if (isAsked("users")) console.log(await fullUsers());
    if (isAsked("grid")) console.log(referenceGrid(python, folder));
  }
  if (isAsked("scale")) console.log(trainingScale(folder));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
