import { expect, it } from "vitest";
import { asInstant, isoOf } from "../../src/base/time.js";
import { cardOfModel } from "../../src/registry/card.js";
import { evidenceOf } from "../../src/registry/evidence.js";
import { renderCard } from "../../src/report/card.js";
import { renderCardText } from "../../src/report/terminal/card.js";
import type { SurvivalDocument } from "../../src/schema/survival-document.js";
import { randomForest } from "../models/trees/random-trees.js";
import { modelOf } from "../pipeline/exchange/model-fixture.js";
import { SURVIVAL, TRAINING } from "./fixture.js";

const model = modelOf(randomForest("card", { inputs: 1, depth: 1, trees: 1 }), ["songs_7d"]);
const cardWith = (survival: SurvivalDocument | null) =>
  cardOfModel({ ...model, evidence: evidenceOf({ ...TRAINING, survival }) }, { registeredAt: isoOf(asInstant(0)) });
const both = (survival: SurvivalDocument | null) => {
  const card = cardWith(survival);
  return [renderCard(card), renderCardText(card, { width: 400, color: false })];
};

it("says how well it is known when users leave, and that days are capped", () => {
  for (const text of both(SURVIVAL)) {
    expect(text).toContain("C 0.693 (0.621 – 0.754) for who leaves first");
    expect(text).toContain("Expected days left are of the next 30 days");
    expect(text).not.toMatch(/NaN|undefined|\[object/);
  }
  for (const text of both(null)) expect(text).not.toMatch(/leaves first|days left/);
});

it("warns of days that were not shown to be better than one curve for all", () => {
  const warning = "use days left to rank users, not as days";
  expect(cardWith(SURVIVAL).limits.join()).toContain(warning);
  const intervals = { ...SURVIVAL.intervals, brierSkill: { low: 0.01, high: 0.05 } };
  expect(cardWith({ ...SURVIVAL, intervals }).limits.join()).not.toContain(warning);
});
