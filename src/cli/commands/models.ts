import { resolve } from "node:path";
import type { Command } from "commander";
import { RefrainError } from "../../base/errors.js";
import { cardOfModel } from "../../registry/card.js";
import { loadModel, promoteModel, readIndex, rollBack, verifyModels } from "../../registry/local.js";
import { renderCard } from "../../report/card.js";
import { renderCardText } from "../../report/terminal/card.js";
import { writeAtomically } from "../../store/atomic-file.js";
import { withHomeLock } from "../../store/home-lock.js";
import type { Act, Register } from "../register.js";
import { addExchangeCommands } from "./models-exchange.js";

export const modelsCommand: Register = (root, act) => {
  const models = root.command("models").description("the registry of trained models");
  models
    .command("list")
    .description("versions, the champion with a star")
    .action(
      act(async ({ home, answer }) => {
        const index = readIndex(home);
        const lines = index.versions.map(({ version, protocol, leaky, verdict, registeredAt }) =>
          [
            version === index.champion ? "*" : " ",
            version,
            leaky ? `${protocol} (leaky)` : protocol,
            verdict ?? "-",
            registeredAt,
          ].join("  "),
        );
        answer(index, lines.length === 0 ? "No model yet: run refrain train." : lines.join("\n"));
        return undefined;
      }),
    );
  models
    .command("show")
    .description("one version, whole, or as a model card")
    .argument("[version]", "default: the champion")
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
};

/** `models promote` and `models rollback`: which version serves. */
function addServingCommands(models: Command, act: Act): void {
  models
    .command("promote")
    .description("make a version the one that serves")
    .argument("<version>")
    .action(
      act(async ({ home, answer }, version: string) => {
        await withHomeLock(home, "models promote", async () => promoteModel(home, version));
        answer({ champion: version }, `${version} serves now.`);
        return undefined;
      }),
    );
  models
    .command("rollback")
    .description("go back to the version that served before")
    .action(
      act(async ({ home, answer }) => {
        const version = await withHomeLock(home, "models rollback", async () => rollBack(home));
        answer({ champion: version }, `${version} serves again.`);
        return undefined;
      }),
    );
}
