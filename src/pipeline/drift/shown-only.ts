import { WITH_DAYS } from "../../features/catalogue.js";
import type { ShownOnly } from "../../monitor/drift/column.js";

const OF_CATALOGUE: ReadonlyMap<string, ShownOnly> = new Map(
  WITH_DAYS.features.flatMap(({ name, family, cumulative }): [string, ShownOnly][] => {
    if (family === "calendar") return [[name, "calendar"]];
    return cumulative === true ? [[name, "cumulative"]] : [];
  }),
);

/** Why a feature of the catalogue is shown and never alarms. */
export function shownOnlyFeature(name: string): ShownOnly | null {
  return OF_CATALOGUE.get(name) ?? null;
}

/**
 * The same for the columns of a table: only one with a cutoff holds snapshots, as `refrain features` writes them; elsewhere a name means
 * what it means there.
 */
export function shownOnlyOf(columns: readonly string[]): (name: string) => ShownOnly | null {
  return columns.includes("cutoff") ? shownOnlyFeature : () => null;
}
