import { RefrainError } from "../../base/errors.js";
import { loadEvents } from "../../pipeline/recover.js";
import { barredBy, type Protocol, train } from "../../pipeline/train.js";
import { trainTable } from "../../pipeline/train-table.js";
import { renderTraining } from "../../report/terminal.js";
import type { TrainingDocument } from "../../schema/documents.js";
import type { Context } from "../context.js";
import { mlflowOf, tellMlflow } from "../mlflow.js";
import type { Register } from "../register.js";
import { addTrainingOptions, LABEL_CHOICE, type TrainingFlags, trainOptions } from "../training-options.js";

interface Flags extends TrainingFlags {
  readonly protocol?: string;
  readonly table?: string;
  readonly testTable?: string;
  readonly id?: string;
  readonly drop?: string;
}

export const trainCommand: Register = (root, act) =>
  addTrainingOptions(
    root
      .command("train")
      .description("train, calibrate, audit and register a model")
      .option("--protocol <name>", "point-in-time, or whole-history (the reference's, leaky)"),
    `${LABEL_CHOICE}; with --table the column`,
  )
    .option(
      "--seeds <n>",
      "seeds with which the chosen setting is measured again (default: 5 shuffles for whole-history, else none)",
    )
    .option("--table <file>", "train on a feature table instead of the lake")
    .option("--test-table <file>", "measure on this table too")
    .option("--id <column>", "the id column of --table")
    .option("--drop <columns>", "columns of --table to leave out, separated by commas")
    .action(
      act(async (context, flags: Flags) => {
        mlflowOf(context);
        const document =
          flags.table === undefined ? await fromLake(context, flags) : await fromTable(context, flags, flags.table);
        context.answer(document, renderTraining(document, context));
        const barred = barredBy(document);
        if (barred !== null) context.world.log.warn(`${barred.message} ${barred.hint}`);
        await tellMlflow(context, "train");
        return barred?.exit;
      }),
    );

async function fromLake(context: Context, flags: Flags): Promise<TrainingDocument> {
  const options = trainOptions(flags, context);
  const protocol = protocolOf(flags.protocol);
  const columns = await loadEvents(context.home, context.world);
  return train({ home: context.home, columns, protocol, options }, context.world);
}

function protocolOf(text: string | undefined): Protocol {
  if (text === undefined || text === "point-in-time") return "point-in-time";
  if (text === "whole-history") return text;
  const advice = "Choose point-in-time or whole-history.";
  throw new RefrainError("VALUE_BAD", { name: "--protocol", value: text, advice });
}

async function fromTable(context: Context, flags: Flags, table: string): Promise<TrainingDocument> {
  const { label, id, drop, testTable } = flags;
  if (label === undefined || id === undefined)
    throw new RefrainError("USAGE", { reason: "--table needs --label COL and --id COL" });
  const { label: _, shape, ...candidates } = trainOptions({ ...flags, label: "cancellation" }, context);
  const recipe = protocolOf(flags.protocol ?? "point-in-time") === "whole-history" ? "reference" : "table";
  const roles = { label, id, drop: (drop ?? "").split(",").filter((name) => name !== "") };
  return trainTable(context.home, { ...candidates, table, testTable: testTable ?? null, roles, recipe }, context.world);
}
