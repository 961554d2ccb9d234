import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { seededRng } from "#src/base/rng.js";
import { asInstant } from "#src/base/time.js";
import type { World } from "#src/base/world.js";
import { provenance } from "../machine.js";
import { falseAlarms, populationOf, power } from "./halves.js";
import { liveWorlds } from "./live-worlds.js";
import { speed } from "./speed.js";

/**
 * `npm run bench:drift`: false alarms on random halves, power, seconds beside the Python program, and days lived in SIMULATED worlds,
 * for docs/drift.md, whose marked places it fills with `--write`. `--parts` chooses some; `--python` must have pandas and SciPy.
 */

const PAGE = "docs/drift.md";
const HALVED = "../shared/data/sparkify-medium-users/user_features.json";
const DRAWN = "../shared/data/sparkify-full-users/users.parquet";

const { values } = parseArgs({
  options: {
    parts: { type: "string", default: "halves,power,speed,worlds" },
    halves: { type: "string", default: "1000" },
    draws: { type: "string", default: "100" },
    rows: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    worlds: { type: "string", default: "1,2,3" },
    users: { type: "string", default: "300" },
    models: { type: "string", default: "logistic" },
    python: { type: "string", default: process.env.PYTHON ?? "python3" },
    write: { type: "boolean", default: false },
  },
});

const world: World = {
  now: () => asInstant(Date.now()),
  seed: Number(values.seed),
  threads: 2,
  log: { debug() {}, info() {}, warn: (message) => console.error(message) },
  signal: { aborted: false },
};
const folder = mkdtempSync(join(tmpdir(), "refrain-bench-drift-"));
const rng = seededRng(values.seed);

const PARTS: Readonly<Record<string, () => Promise<string>>> = {
  halves: async () => falseAlarms(await populationOf(HALVED, world), Number(values.halves), rng.fork("halves")),
  power: async () => {
    const features = ["next_song_count", "thumbs_up_count", "add_friend_count"];
    const sizes = [
      [250, 250],
      [500, 500],
    ] as const;
    return power(await populationOf(DRAWN, world), { features, sizes, draws: Number(values.draws) }, rng.fork("power"));
  },
  speed: () => speed(Number(values.rows), values.python, folder),
  worlds: () => {
    const plan = {
      users: Number(values.users),
      seeds: values.worlds.split(",").map(Number),
      models: values.models.split(","),
    };
    return liveWorlds(plan, folder, world);
  },
};

for (const part of values.parts.split(",")) {
  const make = PARTS[part];
  if (make === undefined) throw new Error(`no part is called ${part}; there are ${Object.keys(PARTS).join(", ")}`);
  if (!existsSync(HALVED)) throw new Error(`${HALVED} is absent`);
  const before = provenance(`npm run bench:drift -- --parts ${part} --seed ${values.seed}`);
  const text = `${await make()}\n${before}`;
  console.log(`## ${part}\n\n${text}\n`);
  if (values.write) fill(part, text);
}
rmSync(folder, { recursive: true, force: true });

function fill(part: string, text: string): void {
  const page = readFileSync(PAGE, "utf8");
  const place = new RegExp(`<!-- measured: ${part} -->\\n[\\s\\S]*?<!-- measured end -->`);
  if (!place.test(page)) throw new Error(`${PAGE} has no place for ${part}`);
  writeFileSync(PAGE, page.replace(place, `<!-- measured: ${part} -->\n\n${text.trim()}\n\n<!-- measured end -->`));
}
