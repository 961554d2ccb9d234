import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { provenance } from "./machine.js";
import { type Compared, compare, nameOf, type Targets } from "./marginal-rows.js";
import { tallyWorlds } from "./marginal-tally.js";
import { table } from "./measure.js";

/**
 * `npm run bench:marginals`: figures of SIMULATED logs beside those of the public ones, for docs/simulator.md, whose marked
 * place it fills with `--write`. Options: `--users`, `--seeds`, `--targets FILE`.
 */

const PAGE = "docs/simulator.md";
const PLACE = /<!-- measured: marginals -->\n[\s\S]*?<!-- measured end -->/;
const { values } = parseArgs({
  options: {
    users: { type: "string", default: "2000" },
    seeds: { type: "string", default: "1,2,3,4,5" },
    targets: { type: "string", default: "../shared/reference/marginals/targets.json" },
    write: { type: "boolean", default: false },
  },
});

function digits(value: number): string {
  return Math.abs(value) >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

function lineOf({ row, target, simulated, se, allowed, off }: Compared): string[] {
  const tolerance = "relative" in row.tolerance ? `${Math.round(row.tolerance.relative * 100)}%` : String(allowed);
  const figure = `${digits(simulated)} ± ${se === 0 ? "0" : Number(se.toPrecision(1))}`;
  return [nameOf(row), digits(target), figure, `± ${tolerance}`, off <= allowed ? "yes" : "**no**"];
}

/** What is not met, how far off, and whether that is more than chance. */
function missOf({ row, target, simulated, se }: Compared): string {
  const off = `${((100 * (simulated - target)) / target).toFixed(0)}% off, ${((simulated - target) / se).toFixed(1)} s.e.`;
  return `- Not met: ${nameOf(row)} (${off}). ${row.missed ?? "No reason is known."}`;
}

if (!existsSync(values.targets)) throw new Error(`${values.targets} is absent; name one with --targets FILE`);
const targets = JSON.parse(readFileSync(values.targets, "utf8")) as Targets;
const seeds = values.seeds.split(",").map(Number);
const compared = compare(targets, await tallyWorlds(Number(values.users), seeds));
const missed = compared.filter(({ off, allowed }) => !(off <= allowed));
const text = [
  `SIMULATED: ${seeds.length} worlds of ${values.users} listeners over 61 days, seeds ${values.seeds}, counted together.`,
  `${compared.length - missed.length} of ${compared.length} are within their tolerance.`,
  "",
  ...missed.map(missOf),
  "",
  provenance(`npm run bench:marginals -- --users ${values.users} --seeds ${values.seeds}`),
  "",
  table(["marginal", "public logs", "simulated ± s.e.", "tolerance", "within"], compared.map(lineOf)),
].join("\n");
console.log(text);
if (values.write) {
  const page = readFileSync(PAGE, "utf8");
  if (!PLACE.test(page)) throw new Error(`${PAGE} has no place for the marginals`);
  writeFileSync(PAGE, page.replace(PLACE, `<!-- measured: marginals -->\n\n${text.trim()}\n\n<!-- measured end -->`));
}
