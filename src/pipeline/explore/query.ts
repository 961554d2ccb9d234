import type { DuckDBConnection } from "@duckdb/node-api";
import { SPREAD_LEVELS, type Spread } from "../../schema/explore-document.js";

/** A value of a query; whole numbers come as numbers, so a caller asks for none beyond 2^53. */
type Value = number | string | null;

/** The rows of a small answer: counts and sums as numbers, texts as texts, NULL as null. */
export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<Value[][]> {
  const rows = await (await connection.run(sql)).getRows();
  return rows.map((row) =>
    row.map((value) => (value === null ? null : typeof value === "string" ? value : Number(value))),
  );
}

/** How the values of a column are spread; NULLs are left out. Histogram bins: 0 to 1, 1 to 2, 2 to 4, 4 to 8 … */
export async function spreadOf(connection: DuckDBConnection, column: string, from: string): Promise<Spread> {
  const [head = []] = await rowsOf(
    connection,
    `SELECT n, mean, ${SPREAD_LEVELS.map((_, i) => `q[${i + 1}]`).join(", ")} FROM (
       SELECT count(v) AS n, avg(v) AS mean, quantile_cont(v::DOUBLE, [${SPREAD_LEVELS.join(", ")}]) AS q
       FROM (SELECT ${column} AS v FROM ${from}))`,
  );
  const n = Number(head[0] ?? 0);
  if (n === 0) return { n: 0, mean: null, quantiles: null, histogram: [] };
  const bins = await rowsOf(
    connection,
    `SELECT CASE WHEN v < 1 THEN 0 ELSE floor(log2(v)) + 1 END AS bin, count(*)
     FROM (SELECT ${column} AS v FROM ${from}) WHERE v IS NOT NULL GROUP BY bin ORDER BY bin`,
  );
  return {
    n,
    // To 12 digits: threads add up in any order, and the last ones differ with it.
    mean: Number(Number(head[1]).toPrecision(12)),
    quantiles: head.slice(2).map(Number),
    histogram: filled(bins),
  };
}

/** With the empty bins in between. */
function filled(bins: readonly Value[][]): Spread["histogram"] {
  const counts = new Map(bins.map(([bin, n]) => [Number(bin), Number(n)]));
  const [first, last] = [Math.min(...counts.keys()), Math.max(...counts.keys())];
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const bin = first + i;
    return { from: bin === 0 ? 0 : 2 ** (bin - 1), to: 2 ** bin, n: counts.get(bin) ?? 0 };
  });
}
