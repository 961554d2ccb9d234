import type { IngestDocument } from "../../schema/documents.js";
import { count, counted, day } from "../format.js";
import { spoken } from "../words.js";
import { fact, heading } from "./blocks.js";
import type { Screen } from "./screen.js";

const NO_IDS =
  "not one row has a userId; if its column has another name, ingest again into a fresh --home with --map userId=uid";

/** Rows in, rows kept out, and why. */
export function ingestLines(ingest: IngestDocument, screen: Screen): string[] {
  const { lines, accepted, duplicates, quarantined, users, firstTs, lastTs } = ingest;
  const sum = `${count(lines)} = ${count(accepted)} accepted + ${count(duplicates)} duplicates + ${count(quarantined)} quarantined`;
  const reasons = Object.entries(ingest.reasons)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, n]) => `${count(n)} ${spoken(reason).toLowerCase()}`);
  const unreadable = (ingest.files ?? []).flatMap(({ error }) => (error === undefined ? [] : [error.message]));
  return [
    ...heading("DATA", screen),
    ...fact("Rows in", sum, screen),
    ...(reasons.length > 0 ? fact("Quarantined", reasons.join(", "), screen, "doubt") : []),
    ...unreadable.flatMap((message) => fact("Not read whole", message, screen, "bad")),
    ...(users === 0 ? fact("No user ids", NO_IDS, screen, "bad") : []),
    ...fact("Users", `${counted(users, "user")}, ${day(firstTs)} to ${day(lastTs)}`, screen),
  ];
}
