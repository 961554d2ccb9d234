import type { World } from "../../base/world.js";
import { adversarialAuc } from "../../evaluate/audits/adversarial.js";
import { judgeChance } from "../../evaluate/audits/chance.js";
import { judgeOneFeature } from "../../evaluate/audits/one-feature.js";
import { worstOf } from "../../evaluate/audits/verdict.js";
import type { AuditsDocument } from "../../schema/documents.js";
import { type AuditedTraining, futureShuffle } from "./future-shuffle.js";
import { pause } from "./pause.js";
import type { Prepared } from "./prepare.js";
import { runDraws } from "./run-draws.js";

/** The audits of an honest training run: four that give a verdict, and how far the test rows lie from the training rows. */
export async function auditPointInTime(
  prepared: Prepared,
  training: AuditedTraining,
  world: World,
): Promise<AuditsDocument> {
  const aucs = await runDraws(prepared, training, world);
  const audits = {
    placebo: judgeChance(aucs.placebo),
    permutedLabels: judgeChance(aucs.permuted),
    futureShuffle: await futureShuffle(prepared, training, world),
    oneFeature: judgeOneFeature(training.run.rows),
  };
  await pause(world);
  const last = prepared.tests.at(-1);
  return {
    ...audits,
    adversarial: last === undefined ? null : adversarialAuc(prepared.table, last, world),
    verdict: worstOf(Object.values(audits).map(({ verdict }) => verdict)),
  };
}
