import type { IngestDocument } from "../../schema/documents.js";
import { count, counted, day } from "../format.js";
import { spoken } from "../words.js";
import { fact, heading } from "./blocks.js";
import type { Screen } from "./screen.js";

/** Rows in, rows kept out, and why. */
export function ingestLines(ingest: IngestDocument, screen: Screen): string[] {
  const { lines, accepted, duplicates, quarantined, users, firstTs, lastTs } = ingest;
  const sum = `${count(lines)} = ${count(accepted)} accepted + ${count(duplicates)} duplicates + ${count(quarantined)} quarantined`;
  const reasons = Object.entries(ingest.reasons)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, n]) => `${count(n)} ${spoken(reason).toLowerCase()}`);
  return [
    ...heading("DATA", screen),
    ...fact("Rows in", sum, screen),
    ...(reasons.length > 0 ? fact("Quarantined", reasons.join(", "), screen, "doubt") : []),
    ...fact("Users", `${counted(users, "user")}, ${day(firstTs)} to ${day(lastTs)}`, screen),
  ];
}
