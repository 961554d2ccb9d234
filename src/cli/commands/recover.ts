import { recover } from "../../pipeline/recover.js";
import { renderRecovery } from "../../report/terminal.js";
import type { Register } from "../register.js";

export const recoverCommand: Register = (root, act) =>
  root
    .command("recover")
    .description("give logged-out rows their user ids back")
    .option("--truth <file>", "true owners, as simulate --truth writes them: says how accurate it was")
    .action(
      act(async ({ home, world, answer, ...look }, { truth }: { truth?: string }) => {
        const document = await recover(home, truth ?? null, world);
        answer(document, renderRecovery(document, look));
        return undefined;
      }),
    );
