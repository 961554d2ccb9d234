import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TABLES } from "./doc-tables.js";

/**
 * Fills the marked places of the pages in docs/ with tables made from the source; with --check fails when one on disk
 * differs. A place is `<!-- table: name -->` … `<!-- end -->`.
 */

const PLACE = /<!-- table: ([\w-]+) -->\n[\s\S]*?<!-- end -->/g;
const check = process.argv.includes("--check");
const used = new Set<string>();

function filled(text: string, path: string): string {
  return text.replace(PLACE, (_place, name: string) => {
    const make = TABLES[name];
    if (make === undefined)
      throw new Error(`${path}: no table is called ${name}; there are ${Object.keys(TABLES).join(", ")}`);
    used.add(name);
    return `<!-- table: ${name} -->\n\n${make()}\n\n<!-- end -->`;
  });
}

for (const name of readdirSync("docs").filter((file) => file.endsWith(".md"))) {
  const path = join("docs", name);
  const before = readFileSync(path, "utf8");
  const after = filled(before, path);
  if (before === after) continue;
  if (!check) writeFileSync(path, after);
  else {
    console.error(`${path} is out of date: run npm run docs`);
    process.exitCode = 1;
  }
}
for (const name of Object.keys(TABLES).filter((one) => !used.has(one))) {
  console.error(`docs: no page has a place for the table ${name}`);
  process.exitCode = 1;
}
