import { basename } from "node:path";
import { z } from "zod";
import { isoOf } from "../../base/time.js";
import type { Route } from "../route.js";

export const ingestListSchema = z.object({
  /** The logs whose rows are in the lake, by name. */
  items: z.array(z.object({ source: z.string(), rows: z.number().int() })),
  rows: z.number().int(),
  users: z.number().int(),
  /** Lines that no event could be read from. */
  quarantined_lines: z.number().int(),
  first_ts: z.string().nullable(),
  last_ts: z.string().nullable(),
});

const CONFIG = {
  role: "reader",
  doc: {
    summary: "What is in the lake, and where it came from",
    answers: { 200: { about: "Its logs, rows and users." } },
    problems: ["LAKE_BROKEN"],
  },
} as const;

/** `GET /ingests`: what is in the lake, and where it came from. */
export const ingestsRoute: Route = (app, serving) => {
  app.get("/ingests", { config: CONFIG, schema: { response: { 200: ingestListSchema } } }, () => {
    const { sources, files, users, quarantine } = serving.home.manifest();
    const when = (moments: readonly number[], pick: (...ms: number[]) => number) =>
      moments.length === 0 ? null : isoOf(pick(...moments));
    return {
      // Where a log lies on the disk is nobody's business.
      items: sources.map(({ path, rows }) => ({ source: basename(path), rows })),
      rows: files.reduce((sum, { rows }) => sum + rows, 0),
      users,
      quarantined_lines: quarantine.reduce((sum, { lines }) => sum + lines, 0),
      first_ts: when(
        files.map(({ firstTs }) => firstTs),
        Math.min,
      ),
      last_ts: when(
        files.map(({ lastTs }) => lastTs),
        Math.max,
      ),
    };
  });
};
