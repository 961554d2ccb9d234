import { paint, type Screen } from "./screen.js";

const WIDTH_MIN = 60;
const WIDTH_MAX = 120;

/** A width that can be written in. */
export function readable({ width, color }: Screen): Screen {
  return { width: Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, Math.floor(width) || WIDTH_MIN)), color };
}

/** One text, without an empty line at its head. */
export function ended(lines: readonly string[]): string {
  return `${(lines[0] === "" ? lines.slice(1) : lines).join("\n")}\n`;
}

export function simulatedLines({ simulated }: { readonly simulated: boolean }, screen: Screen): string[] {
  return simulated ? [paint("SIMULATED: events of this log were made by refrain simulate.", "doubt", screen)] : [];
}
