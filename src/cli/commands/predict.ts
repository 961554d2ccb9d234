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
}

export const predictCommand: Register = (root, act) =>
  root
    .command("predict")
    .description("score users, with reasons")
    .option("--user <id...>", "these users")
    .option("--all", "everyone at risk (the default)")
    .option("--at <iso>", "as of this moment, from the lake (default: the end of the data, live events among them)")
    .option("--model <version>", "with this model (default: the one that serves)")
    .option("--out <file>", "write a .csv, .parquet or .json file too")
    .action(
      act(async (context, flags: Flags) => {
        const { user, all, out } = flags;
        if (user !== undefined && all === true)
          throw new RefrainError("USAGE", { reason: "--user and --all exclude each other" });
        const isNow = flags.at === undefined && flags.model === undefined;
        const live = isNow ? await liveScores(user ?? null, context) : null;
        const document = live ?? (await lakeScores(flags, context));
        if (out !== undefined) await writeScores(out, document, context.world);
        context.answer(document, renderScores(document, context));
        return undefined;
      }),
    );

/** From the events in the lake. */
async function lakeScores(
  { user, at, model: version }: Flags,
  { home, world, config }: Context,
): Promise<ScoresDocument> {
  const { model } = loadModel(home, version ?? null);
  const options = { users: user ?? null, at: at === undefined ? null : instantOf("--at", at) };
  const scaled = withRiskLevels(model, settingsOf(config).riskLevels);
  return predict(await openSnapshots(home, options.at, world), scaled, options, world);
}
