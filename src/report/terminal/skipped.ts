import type { SkippedDocument } from "../../schema/documents.js";
import { fact, heading, paragraph } from "./blocks.js";
import type { Screen } from "./screen.js";

/** What could not be done, and what to do about it. */
export function skippedLines(what: string, { skipped }: SkippedDocument, screen: Screen): string[] {
  return [
    ...heading(`${what}: SKIPPED`, screen),
    ...paragraph(skipped.message, screen, "doubt"),
    ...fact("What to do", skipped.hint, screen),
    ...fact("Code", skipped.code, screen),
  ];
}
