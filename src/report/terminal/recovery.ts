import type { RecoveryDocument } from "../../schema/documents.js";
import { count, counted, percent } from "../format.js";
import { spoken } from "../words.js";
import { columns, fact, heading } from "./blocks.js";
import type { Screen } from "./screen.js";

/** Whose the logged-out rows are, how sure that is, and what simpler rules would have said. */
export function recoveryLines(recovery: RecoveryDocument, screen: Screen): string[] {
  const { blank, attributable, recovered, abstained, guests, coverage, accuracy, sharedSessions } = recovery;
  const right = accuracy === undefined ? "accuracy not measured (no truth file)" : `${percent(accuracy)} of them right`;
  const open = `${count(abstained)} left open, ${count(recovery.withoutKnownRow)} in sessions without a known row, ${counted(guests, "guest row")}`;
  return [
    ...heading("USER IDS RECOVERED", screen),
    ...fact("Without an id", `${counted(blank, "row")}, of which ${count(attributable)} attributable`, screen),
    ...fact("Recovered", `${count(recovered)} (coverage ${percent(coverage)}), ${right}`, screen),
    ...fact("Not recovered", open, screen),
    ...fact("Shared sessions", counted(sharedSessions, "session id"), screen),
    ...rivalLines(recovery, screen),
  ];
}

function rivalLines({ rivals, coverage, accuracy }: RecoveryDocument, screen: Screen): string[] {
  if (rivals === undefined) return [];
  const rows = Object.entries(rivals).map(([name, rival]) => ({
    cells: [spoken(name), percent(rival.coverage), percent(rival.accuracy)],
  }));
  const own = { cells: ["Refrain", percent(coverage), percent(accuracy)], tone: "strong" } as const;
  return ["", ...columns(["Rule", "Coverage", "Accuracy"], [own, ...rows], screen)];
}
