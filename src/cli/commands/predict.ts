import { RefrainError } from "../../base/errors.js";
import { openSnapshots } from "../../pipeline/kept/from-states.js";
import { predict } from "../../pipeline/predict.js";

import { writeScores } from "../../pipeline/write-scores.js";
import { loadModel } from "../../registry/local.js";
import { renderScores } from "../../report/terminal.js";
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
    .option("--at <iso>", "as of this moment (default: the end of the data)")
    .option("--model <version>", "with this model (default: the one that serves)")
    .option("--out <file>", "write a .csv, .parquet or .json file too")
    .action(
      act(async ({ home, world, answer, ...look }, { user, all, at, out, model: version }: Flags) => {
        if (user !== undefined && all === true)
          throw new RefrainError("USAGE", { reason: "--user and --all exclude each other" });
        const { model } = loadModel(home, version ?? null);
        const options = { users: user ?? null, at: at === undefined ? null : instantOf("--at", at) };
        const source = await openSnapshots(home, options.at, world);
        const document = await predict(source, model, options, world);
        if (out !== undefined) await writeScores(out, document, world);
        answer(document, renderScores(document, look));
        return undefined;
      }),
    );
