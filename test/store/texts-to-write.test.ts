import { expect, it } from "vitest";
import { emptyBatch, TEXT_COLUMN_NAMES } from "../../src/store/event-batch.js";
import { MonthCounts } from "../../src/store/month-counts.js";
import type { WordTables } from "../../src/store/staged-words.js";
import { textsToWriteSql } from "../../src/store/texts-to-write.js";

/** Rows a day apart, and so many different texts in every column. */
function sqlFor(days: number, rowsPerDay: number, texts: number): string {
  const months = new MonthCounts();
  const batch = emptyBatch(days * rowsPerDay);
  batch.rows = days * rowsPerDay;
  for (let i = 0; i < batch.rows; i++) batch.tsMs[i] = Date.UTC(2018, 9, 1 + Math.floor(i / rowsPerDay));
  months.add(batch);
  const words = Object.fromEntries(TEXT_COLUMN_NAMES.map((name) => [name, { count: texts }]));
  return textsToWriteSql({ words: words as unknown as WordTables, months });
}

it("makes enums of texts of which there are few for the parts that each list all of them", () => {
  expect(sqlFor(20, 1_000, 5_000)).toContain("AS ENUM");
  expect(sqlFor(20, 1_000, 5_001)).not.toContain("AS ENUM");
  // Two years: each of 24 files would list them.
  expect(sqlFor(730, 100, 700)).toContain("AS ENUM");
  expect(sqlFor(730, 100, 5_000)).not.toContain("AS ENUM");
});

it("makes none of no texts", () => {
  expect(sqlFor(20, 1_000, 0)).not.toContain("AS ENUM");
});
