import { exitOf, run } from "../../pipeline/run.js";
import { renderSummary } from "../../report/terminal.js";
import { columnMap } from "../column-map.js";
import { mlflowOf, tellMlflow } from "../mlflow.js";
import type { Register } from "../register.js";
import { addTrainingOptions, type TrainingFlags, trainOptions } from "../training-options.js";

interface Flags extends TrainingFlags {
  readonly map?: string;
  readonly truth?: string;
}

export const runCommand: Register = (root, act) =>
  addTrainingOptions(
    root
      .command("run")
      .description("the main job: ingest, recover, train, audit, score, report")
      .argument("<path...>", "files (JSON lines, CSV, Parquet, .gz), folders or globs")
      .option("--map <pairs>", "other column names, for example userId=uid,ts=time")
      .option("--truth <file>", "true owners of logged-out rows of a simulated log"),
  ).action(
    act(async (context, paths: string[], flags: Flags) => {
      const { home, world } = context;
      mlflowOf(context);
      const document = await run(
        home,
        {
          paths,
          ingest: { map: columnMap(flags.map) },
          training: trainOptions(flags, context),
          truth: flags.truth ?? null,
        },
        world,
      );
      context.answer(document, renderSummary(document, context));
      await tellMlflow(context, "run");
      return exitOf(document);
    }),
  );
