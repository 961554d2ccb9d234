import { RefrainError } from "../../base/errors.js";
import { audit } from "../../pipeline/audit.js";
import { loadEvents } from "../../pipeline/recover.js";
import { failedAudits } from "../../pipeline/train.js";
import { renderAudits } from "../../report/terminal.js";
import type { Register } from "../register.js";
import { type TrainingFlags, trainOptions } from "../training-options.js";

export const auditCommand: Register = (root, act) =>
  root
    .command("audit")
    .description("the audits alone, of what train would do; no model is kept")
    .option("--label <name>", "cancellation (default), downgrade or inactivity")
    .option("--inactivity-days <n>", "days of silence that make a user inactive (default: 14)")
    .option("--models <list>", "candidates, separated by commas (default: logistic)")
    .option("--search <kind>", "grid, or none for the models' defaults (default: grid)")
    .option("--min-history <days>", "days since the first event a user must have to be scored, from 1 (default: 7)")
    .action(
      act(async (context, flags: TrainingFlags) => {
        const { home, world } = context;
        const options = trainOptions(flags, context);
        const document = await audit(await loadEvents(home, world), options, world);
        context.answer(document, renderAudits(document, context));
        const failed = failedAudits(document);
        if (failed.length === 0) return undefined;
        const error = new RefrainError("PROTOCOL_LEAKS", { reason: failed.join(", ") });
        world.log.warn(`${error.message} ${error.hint}`);
        return error.exit;
      }),
    );
