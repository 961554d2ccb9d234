import { RefrainError } from "../../base/errors.js";
import { openSnapshots } from "../../pipeline/kept/from-states.js";
import { predict } from "../../pipeline/predict.js";
import { writeScores } from "../../pipeline/write-scores.js";
import { loadModel } from "../../registry/local.js";
import { withRiskLevels } from "../../registry/model-file.js";
import { renderScores } from "../../report/terminal.js";
import { settingsOf } from "../../schema/config.js";
import type { ScoresDocument } from "../../schema/documents.js";
import type { Context } from "../context.js";
import { liveScores } from "../live-scores.js";
import type { Register } from "../register.js";
import { instantOf } from "./features.js";

interface Flags {
  readonly user?: string[];
  readonly all?: boolean;
  readonly at?: string;
  readonly out?: string;
  readonly model?: string;
  readonly counterfactual?: boolean;
}

export const predictCommand: Register = (root, act) =>
  root
    .command("predict")
    .description("score users, with reasons")
    .option("--user <id...>", "these users")
    .option("--all", "everyone at risk (the default)")
    .option("--at <iso>", "as of this moment, from the lake (default: the end of the data, live events among them)")
    .option("--model <version>", "with this model (default: the one that serves)")
    .option("--counterfactual", "with --user: what would take each below the threshold, from the lake")
    .option("--out <file>", "write a .csv, .parquet or .json file too")
    .action(
      act(async (context, flags: Flags) => {
        const { user, all, out } = flags;
        if (user !== undefined && all === true)
          throw new RefrainError("USAGE", { reason: "--user and --all exclude each other" });
        if (flags.counterfactual === true && user === undefined)
          throw new RefrainError("USAGE", { reason: "--counterfactual needs --user ID" });
        const isNow = flags.at === undefined && flags.model === undefined && flags.counterfactual !== true;
        const live = isNow ? await liveScores(user ?? null, context) : null;
        const document = live ?? (await lakeScores(flags, context));
        if (out !== undefined) await writeScores(out, document, context.world);
        context.answer(document, [renderScores(document, context), ...counterfactualLines(document)].join("\n"));
        return undefined;
      }),
    );

/** From the events in the lake. */
async function lakeScores(
  { user, at, model: version, counterfactual = false }: Flags,
  { home, world, config }: Context,
): Promise<ScoresDocument> {
  const { model } = loadModel(home, version ?? null);
  const options = { users: user ?? null, at: at === undefined ? null : instantOf("--at", at), counterfactual };
  const scaled = withRiskLevels(model, settingsOf(config).riskLevels);
  return predict(await openSnapshots(home, options.at, world), scaled, options, world);
}

function counterfactualLines({ users }: ScoresDocument): string[] {
  return users.flatMap(({ user_id, counterfactual: found }): string[] => {
    if (found === undefined) return [];
    const percent = (p: number): string => `${(100 * p).toFixed(1)}%`;
    const below = `below the threshold (${percent(found.threshold)})`;
    if (found.changes.length === 0)
      return [`  ${user_id}: ${found.reached ? `already ${below}` : `nothing found that takes it ${below}`}`];
    const head = `  ${user_id}: ${percent(found.churn_probability)} → ${percent(found.churn_probability_after)}, ${found.reached ? "" : "not "}${below}, with`;
    return [head, ...found.changes.map(({ text }) => `    ${text}`)];
  });
}
