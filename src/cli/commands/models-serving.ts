import type { Command } from "commander";
import { RefrainError } from "../../base/errors.js";
import { nameVersion, promoteModel, rollBack, unnameVersion } from "../../registry/local.js";
import { withHomeLock } from "../../store/home-lock.js";
import { mlflowOf, tellMlflow } from "../mlflow.js";
import type { Act } from "../register.js";

/** `models promote`, `models rollback` and `models alias`: which version is for what. */
export function addServingCommands(models: Command, act: Act): void {
  models
    .command("promote")
    .description("make a version the one that serves")
    .argument("<version>", "a version or an alias")
    .action(
      act(async (context, wanted: string) => {
        const { home, answer } = context;
        mlflowOf(context);
        const promote = async () => promoteModel(home, wanted, { asked: true });
        const champion = await withHomeLock(home, "models promote", promote);
        answer({ champion }, `${champion} serves now.`);
        await tellMlflow(context, "models promote");
        return undefined;
      }),
    );
  models
    .command("rollback")
    .description("go back to the version that served before; the loop does not bring back the one that serves now")
    .action(
      act(async (context) => {
        const { home, answer } = context;
        mlflowOf(context);
        const version = await withHomeLock(home, "models rollback", async () => rollBack(home));
        answer({ champion: version }, `${version} serves again.`);
        await tellMlflow(context, "models rollback");
        return undefined;
      }),
    );
  models
    .command("alias")
    .description("give a version a name of your own, by which every command knows it")
    .argument("<name>")
    .argument("[version]", "a version or an alias")
    .option("--remove", "take the name away")
    .action(
      act(async (context, alias: string, wanted: string | undefined, { remove }: { remove?: boolean }) => {
        const { home, answer } = context;
        mlflowOf(context);
        if ((wanted === undefined) !== (remove === true))
          throw new RefrainError("USAGE", { reason: "models alias needs a version, or --remove" });
        const version = await withHomeLock(home, "models alias", async () =>
          wanted === undefined ? unnameVersion(home, alias) : nameVersion(home, alias, wanted),
        );
        answer(
          { alias, version: version ?? null },
          version === undefined ? `${alias} is no name.` : `${alias}: ${version}`,
        );
        await tellMlflow(context, "models alias");
        return undefined;
      }),
    );
}
