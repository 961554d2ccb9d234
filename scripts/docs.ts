import { readFileSync, writeFileSync } from "node:fs";
import { ERRORS } from "#src/base/errors.js";
import { POINT_IN_TIME } from "#src/features/catalogue.js";
import { referenceCatalogue } from "#src/features/reference/catalogue.js";

/** Writes the pages that are made from tables; with --check fails when one on disk differs. */

interface Described {
  readonly name: string;
  readonly family: string;
  readonly unit: string;
  readonly description: string;
}

function errorsPage(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, { message, hint, exit, status }]) => `| \`${code}\` | ${message} | ${hint} | ${exit} | ${status} |`,
  );
  return page(
    "Errors",
    "Every error a user can meet: its stable code, what it says, what to do, the command line's exit code and the HTTP status.",
    ["| code | message | what to do | exit | status |", "|---|---|---|---|---|", ...rows],
  );
}

function featuresPage(): string {
  const table = (features: readonly Described[]) => [
    "| feature | family | unit | meaning |",
    "|---|---|---|---|",
    ...features.map((f) => `| \`${f.name}\` | ${f.family} | ${f.unit} | ${f.description} |`),
  ];
  return page(
    "Features",
    "Each is read from folded states as of a cutoff T and uses only events with `knownAtMs` ≤ T.",
    [
      `## Point in time (${POINT_IN_TIME.features.length})`,
      "",
      ...table(POINT_IN_TIME.features),
      "",
      "## The 46 of the reference system (whole history)",
      "",
      "Read at the end of the log, whatever happened to the user: they give the label away and serve only to show it.",
      "",
      ...table(referenceCatalogue([]).features),
    ],
  );
}

function page(title: string, lead: string, lines: readonly string[]): string {
  return `# ${title}\n\n<!-- Made by npm run docs; edit the tables in src. -->\n\n${lead}\n\n${lines.join("\n")}\n`;
}

const PAGES = { "docs/errors.md": errorsPage(), "docs/features.md": featuresPage() };
const check = process.argv.includes("--check");
for (const [path, text] of Object.entries(PAGES)) {
  if (!check) writeFileSync(path, text);
  else if (readFileSync(path, "utf8") !== text) {
    console.error(`${path} is out of date: run npm run docs`);
    process.exitCode = 1;
  }
}
