import type { ScoresDocument, SkippedDocument } from "../../schema/documents.js";
import { isSkipped, mostAtRisk } from "../findings.js";
import { count, moment, NONE, percent, times } from "../format.js";
import { heading, paragraph } from "./blocks.js";
import { paint, type Screen, type Tone } from "./screen.js";
import { skippedLines } from "./skipped.js";
import { cut, pad, textWidth, wrap } from "./text.js";

const USER_COLUMNS_MAX = 24;
const REASONS_SHOWN = 2;
const REASON_LINES_MAX = 3;
const LEVEL_TONES = { high: "bad", medium: "doubt", low: "good" } as const satisfies Record<string, Tone>;

/** The users most at risk and why, a line each; all of them where users outside the risk set were asked for by name. */
export function scoresLines(scores: ScoresDocument | SkippedDocument, screen: Screen): string[] {
  if (isSkipped(scores)) return skippedLines("SCORES", scores, screen);
  const { baseRate } = scores;
  const named = scores.users.some((user) => !user.at_risk);
  const users = named ? scores.users : mostAtRisk(scores);
  const title = heading(`${named ? "SCORES" : "MOST AT RISK"} as of ${moment(scores.asOf)} UTC`, screen);
  if (users.length === 0) return [...title, ...paragraph("No user is at risk at this time.", screen)];
  const widest = Math.max(4, ...users.map(({ user_id }) => textWidth(cut(user_id, USER_COLUMNS_MAX))));
  const lines = users.flatMap((user) => {
    const ratio = baseRate === 0 ? NONE : times(user.churn_probability / baseRate);
    const figures = `${pad(percent(user.churn_probability), 6, "right")} ${pad(ratio, 6, "right")}  `;
    const level = `${pad(user.at_risk ? user.risk_level : "–", 6)}  `;
    const id = pad(cut(user.user_id, widest), widest);
    const left = screen.width - 4 - widest - figures.length - level.length;
    const why = user.reasons.slice(0, REASONS_SHOWN).map(({ effect, text }) => `${effect >= 0 ? "+" : "−"} ${text}`);
    const [first = "", ...more] = wrap(why.join("; "), left).slice(0, REASON_LINES_MAX);
    const head = `  ${id}  ${figures}${paint(level, user.at_risk ? LEVEL_TONES[user.risk_level] : "soft", screen)}${first}`;
    return [head, ...more.map((line) => " ".repeat(screen.width - left) + line)];
  });
  const head = `  ${pad("User", widest)}  ${pad("P", 6, "right")} ${pad("× base", 6, "right")}  Level   Why (+ raises, − lowers)`;
  const rest = `${count(scores.users.filter((user) => user.at_risk).length)} users at risk in all; model ${scores.modelVersion}.`;
  return [...title, paint(cut(head, screen.width), "soft", screen), ...lines, ...paragraph(rest, screen, "soft")];
}
