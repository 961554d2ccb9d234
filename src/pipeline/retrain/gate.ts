import type { Comparison } from "../../evaluate/comparison.js";
import type { Verdict } from "../../schema/documents.js";

export const PROMOTION_RULES = ["not-worse", "better"] as const;
/** What a candidate has to show beside the champion. */
export type PromotionRule = (typeof PROMOTION_RULES)[number];

/** How much worse, as a share of the champion's average precision, is still not worse. */
const MARGIN = 0.1;

export interface GateFacts {
  /** Null where the champion cannot be scored by this version of Refrain. */
  readonly comparison: Comparison | null;
  readonly positives: number;
  readonly positivesMin: number;
  readonly audits: Verdict | null;
  /** What is wrong with the data of the comparison block. */
  readonly dataFlaws: readonly string[];
}

/** Why a candidate may not take the champion's place; empty: it may. */
export function reasonsAgainst(facts: GateFacts, rule: PromotionRule): string[] {
  const { comparison, positives, positivesMin, audits, dataFlaws } = facts;
  return [
    positives < positivesMin &&
      `Too few to tell: ${positives} rows of users who left in the comparison block, ${positivesMin} are needed.`,
    audits === "failed" && "It failed an audit.",
    audits === null && "It was not audited.",
    ...dataFlaws.map((flaw) => `The data of the comparison block cannot be trusted: ${flaw}`),
    ...(comparison === null ? [] : shortOf(comparison, rule)),
  ].filter((reason) => reason !== false);
}

function shortOf({ champion, candidate, atLeast90 }: Comparison, rule: PromotionRule): string[] {
  const needed = rule === "better" ? 0 : -MARGIN * champion.averagePrecision.value;
  const told = atLeast90.toFixed(4);
  return [
    rule === "better" &&
      !(atLeast90 > needed) &&
      `Not shown to be better: its average precision may be ${told} beside the champion's (90%, one-sided).`,
    rule === "not-worse" &&
      !(atLeast90 >= needed) &&
      `It may be worse: with 90% confidence its average precision is only known to be no more than ${(-atLeast90).toFixed(4)} below the champion's, ${(-needed).toFixed(4)} is allowed.`,
    !(candidate.liftAt10.low > 1) &&
      `It was not shown to find leavers at all: the lift of its riskiest tenth is ${candidate.liftAt10.value.toFixed(2)}, and may be ${candidate.liftAt10.low.toFixed(2)}.`,
  ].filter((reason) => reason !== false);
}
