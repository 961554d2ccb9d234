import { setTimeout } from "node:timers/promises";
import { RefrainError } from "../../base/errors.js";
import { closeDays } from "../../pipeline/loop/daily.js";
import { renderRetraining } from "../../report/terminal/retraining.js";
import { settingsOf } from "../../schema/config.js";
import type { RetrainingDocument } from "../../schema/retraining-document.js";
import type { RunningService } from "../../store/live-lock.js";
import type { Context } from "../context.js";
import { serviceInTheWay, withLive } from "../live-place.js";
import { mlflowOf, tellMlflow } from "../mlflow.js";
import type { Register } from "../register.js";
import { retrainerOf } from "../retrainer-of.js";
import { askService } from "../service-client.js";

interface Flags {
  readonly ifDue?: boolean;
  readonly dryRun?: boolean;
}

const POLL_MS = 500;

export const retrainCommand: Register = (root, act) =>
  root
    .command("retrain")
    .description("train a candidate, compare it with the champion on the latest data, and let the better serve")
    .option("--if-due", "only where time, quality or drift ask for it; for outside schedulers")
    .option("--dry-run", "say what is due, and do nothing")
    .action(
      act(async (context, flags: Flags) => {
        mlflowOf(context);
        const service = serviceInTheWay(context);
        const document = service === null ? await here(context, flags) : await there(service, flags, context);
        context.answer(document, renderRetraining(document, context));
        await tellMlflow(context, "retrain");
        return document.candidate !== null && !document.promoted ? 5 : undefined;
      }),
    );

function here(context: Context, { ifDue = false, dryRun = false }: Flags): Promise<RetrainingDocument> {
  const { home, config, world } = context;
  return withLive(context, "retrain", async (db) => {
    const retrainer = retrainerOf({ home, db, config }, world);
    // What decides is what the last days were like, and nobody may have looked.
    if (!dryRun) await closeDays({ db, home, holder: "command line" }, { settings: settingsOf(config) }, world);
    try {
      return await retrainer.run({ ifDue, dryRun, askedBy: "command line" });
    } finally {
      await retrainer.close();
    }
  });
}

/** The service does it, and is asked how far it is. */
async function there(
  service: RunningService,
  { ifDue = false, dryRun = false }: Flags,
  { world }: Context,
): Promise<RetrainingDocument> {
  const body = { if_due: ifDue, dry_run: dryRun };
  const begun = await askService<RetrainingDocument>(service, { method: "POST", path: "/retrainings", body });
  const { ledgerId } = begun;
  if (ledgerId === null) return begun;
  world.log.info(`The service is retraining (${ledgerId})`);
  for (;;) {
    const asked = { method: "GET", path: `/retrainings/${ledgerId}` } as const;
    const entry = await askService<{ state: string; decision: RetrainingDocument | null }>(service, asked);
    if (entry.decision !== null) return entry.decision;
    if (entry.state !== "running") throw new RefrainError("INTERRUPTED");
    if (world.signal.aborted) throw new RefrainError("INTERRUPTED");
    await setTimeout(POLL_MS);
  }
}
