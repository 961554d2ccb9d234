import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { holidaysByRule, statesWithRules } from "#src/features/holiday-rules.js";
import { COUNTRY, holidayWord } from "#src/features/holidays.js";

/** Writes src/features/holiday-table.ts by the rules of date-holidays. Run it when its version changes. */

const FROM = 2015;
const TO = 2034;

const { version } = createRequire(import.meta.url)("date-holidays/package.json") as { version: string };
const years = Array.from({ length: TO - FROM + 1 }, (_, i) => FROM + i);
const lines = [COUNTRY, ...statesWithRules()].map(
  (code) => `  ${code}: "${years.map((year) => holidayWord(holidaysByRule(code, year), year)).join(" ")}",`,
);

writeFileSync(
  "src/features/holiday-table.ts",
  `// Made by scripts/holiday-table.ts from date-holidays ${version}, whose data are under CC BY 3.0; a test compares the two.

export const TABLE_YEARS = { from: ${FROM}, to: ${TO} } as const;

/**
 * Public holidays by state: a word a year, two base-36 digits a day of that year. Here because the rules take a second of
 * processor time for fifty states and two years, and the table none.
 */
export const HOLIDAY_TABLE: Readonly<Record<string, string>> = {
${lines.join("\n")}
};
`,
);
