import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { packageComplaints } from "./package-rules.js";

/** House rules that no linter knows. Each refusal names the replacement. Exits 1 when one is broken. */

interface Rule {
  readonly where: (path: string) => boolean;
  readonly pattern: RegExp;
  readonly say: string;
}

const inside =
  (...folders: string[]) =>
  (path: string) =>
    folders.some((folder) => path.startsWith(folder));
const library = (path: string) => path.startsWith("src/") && !inside("src/cli/", "src/server/")(path);
const own = (path: string) => /\.(ts|json|md|yml)$|^\.ci\/|^\.npmrc$/.test(path);

const RULES: readonly Rule[] = [
  { where: inside("src/"), pattern: /\bMath\.random\(/, say: "draw from an Rng (base/rng.ts): same seed, same bytes" },
  { where: library, pattern: /\bDate\.now\(|\bnew Date\(\)/, say: "ask world.now()" },
  { where: library, pattern: /\bprocess\.env\b/, say: "take it as an option; the command line reads the environment" },
  { where: inside("src/", "test/"), pattern: /^export \* /m, say: "list what is exported by name" },
  { where: own, pattern: /\b(TODO|FIXME|XXX)\b/, say: "do it, or open an issue" },
  // Ada, who lives in the tests, has no machine.
  { where: own, pattern: /\/root\/\w|\/home\/(?!ada\b|x\b)[a-z]/, say: "no path of one machine" },
  {
    where: inside("src/", "test/"),
    pattern: /biome-ignore [^:]+:\s*$|@ts-ignore|@ts-nocheck/m,
    say: "give the reason behind the colon",
  },
  { where: inside("test/"), pattern: /\b(it|test|describe)\.(only|todo)\(/, say: "run it, or delete it" },
];
const NAMES = /^(utils?|helpers?|common|manager|misc)\b/;
const LINES_MAX = 300;
const MEDIAN_MAX = 80;

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "." ? entry.name : join(folder, entry.name);
    if (/^(node_modules|dist|dist-scripts|\.git|\.refrain)$/.test(entry.name)) return [];
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}

function complaintsOf(path: string): string[] {
  const text = readFileSync(path, "utf8");
  const found = RULES.filter((rule) => path !== "scripts/tidy.ts" && rule.where(path) && rule.pattern.test(text)).map(
    (rule) => `${path}: ${rule.pattern.exec(text)?.[0].trim()} – ${rule.say}`,
  );
  if (!path.endsWith(".ts")) return found;
  const lines = text.split("\n").length - 1;
  if (path.startsWith("src/") && lines > LINES_MAX) found.push(`${path}: ${lines} lines – two ideas; split it`);
  if (NAMES.test(basename(path))) found.push(`${path}: name the idea, not the drawer`);
  if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.config)?\.ts$/.test(basename(path))) found.push(`${path}: kebab-case, please`);
  const unchecked = /[\w)\]]\]!/.test(text) && !/hot loop/i.test(text);
  if (path.startsWith("src/") && !path.startsWith("src/base/math/") && unchecked) {
    found.push(`${path}: a[i]! – only under base/math and where a comment says "hot loop"; elsewhere a[i] ?? …`);
  }
  return found;
}

function main(): void {
  const files = filesUnder(".");
  const complaints = [...files.filter((path) => own(path)).flatMap(complaintsOf), ...packageComplaints()];
  const lengths = files
    .filter((path) => path.startsWith("src/") && path.endsWith(".ts"))
    .map((path) => readFileSync(path, "utf8").split("\n").length - 1)
    .sort((a, b) => a - b);
  const median = lengths[Math.floor(lengths.length / 2)] ?? 0;
  if (median > MEDIAN_MAX)
    complaints.push(`src: the median file has ${median} lines – one idea a file (under ${MEDIAN_MAX})`);
  for (const complaint of complaints) console.error(complaint);
  console.log(`tidy: ${files.length} files, median of src ${median} lines, ${complaints.length} complaints`);
  process.exitCode = complaints.length > 0 ? 1 : 0;
}

main();
