import { RefrainError } from "../../base/errors.js";
import { audit } from "../../pipeline/audit.js";
import { loadEvents } from "../../pipeline/recover.js";
import { failedAudits } from "../../pipeline/train.js";
import { renderAudits } from "../../report/terminal.js";
import type { Register } from "../register.js";
import { addTrainingOptions, type TrainingFlags, trainOptions } from "../training-options.js";

export const auditCommand: Register = (root, act) =>
  addTrainingOptions(
    root.command("audit").description("the audits alone, of what train would do; no model is kept"),
  ).action(
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
