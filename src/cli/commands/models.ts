import { resolve } from "node:path";
import { RefrainError } from "../../base/errors.js";
import { cardOfModel } from "../../registry/card.js";
import { aliasesOf, loadModel, readIndex, verifyModels } from "../../registry/local.js";
import { renderCard } from "../../report/card.js";
import { renderCardText } from "../../report/terminal/card.js";
import { writeAtomically } from "../../store/atomic-file.js";
import type { Register } from "../register.js";
import { addExchangeCommands } from "./models-exchange.js";
import { modelLines } from "./models-list.js";
import { addServingCommands } from "./models-serving.js";
import { addSyncCommand } from "./models-sync.js";

export const modelsCommand: Register = (root, act) => {
  const models = root.command("models").description("the registry of trained models");
  models
    .command("list")
    .description("versions; the champion with a star, challengers with a tilde")
    .action(
      act(async ({ home, answer }) => {
        const index = readIndex(home);
        const lines = modelLines(index);
        answer(
          { ...index, aliases: aliasesOf(index) },
          lines.length === 0 ? "No model yet: run refrain train." : lines.join("\n"),
        );
        return undefined;
      }),
    );
  models
    .command("show")
    .description("one version, whole, or as a model card")
    .argument("[version]", "a version or an alias (default: the champion)")
    .option("--card", "data, protocol, figures by group, audits and limits")
    .option("--out <file>", "with --card: write it as an .html file")
    .action(
      act(async (context, version: string | undefined, { card, out }: { card?: boolean; out?: string }) => {
        const { model, entry } = loadModel(context.home, version ?? null);
        if (card !== true) {
          if (out !== undefined) throw new RefrainError("USAGE", { reason: "--out writes a card: give --card too" });
          context.answer({ ...entry, model }, JSON.stringify(model, null, 2));
          return undefined;
        }
        const shown = cardOfModel(model, entry);
        if (out === undefined) context.answer(shown, renderCardText(shown, context));
        else {
          const file = resolve(out);
          writeAtomically(file, renderCard(shown));
          context.answer({ ...shown, file }, `Model card: ${file}`);
        }
        return undefined;
      }),
    );
  addServingCommands(models, act);
  models
    .command("verify")
    .description("check every model file against its SHA-256")
    .action(
      act(async ({ home, answer }) => {
        const versions = verifyModels(home);
        answer(
          { versions },
          versions.map(({ version, intact }) => `${intact ? "intact " : "CHANGED"}  ${version}`).join("\n"),
        );
        return versions.every(({ intact }) => intact) ? undefined : 5;
      }),
    );
  addExchangeCommands(models, act);
  addSyncCommand(models, act);
};
