import { RefrainError } from "../../base/errors.js";
import { isoOf, MS_PER_HOUR, parseInstant } from "../../base/time.js";
import { type CompactSummary, compact, GRACE_MS } from "../../pipeline/compact.js";
import { type CompactAnswer, compactAnswer } from "../../server/compact-answer.js";
import { withHomeLock } from "../../store/home-lock.js";
import { type Context, wholeNumber } from "../context.js";
import { serviceInTheWay, withLiveIfAny } from "../live-place.js";
import type { Register } from "../register.js";
import { askService } from "../service-client.js";

const NONE: CompactSummary = { before: null, rows: 0, present: 0, files: [] };

export const compactCommand: Register = (root, act) =>
  root
    .command("compact")
    .description("bring the live events of closed days into the lake")
    .option(
      "--grace <hours>",
      `how long the data go on after a day before it is closed (default: ${GRACE_MS / MS_PER_HOUR})`,
    )
    .option("--before <iso>", "whatever is before this moment, however late it came")
    .action(
      act(async (context, flags: { grace?: string; before?: string }) => {
        const graceMs = wholeNumber("--grace", flags.grace, GRACE_MS / MS_PER_HOUR) * MS_PER_HOUR;
        const before = flags.before === undefined ? null : parseInstant(flags.before);
        if (flags.before !== undefined && before === null) {
          const advice = "Give a moment, for example 2027-01-31T00:00:00Z.";
          throw new RefrainError("VALUE_BAD", { name: "--before", value: flags.before, advice });
        }
        const service = serviceInTheWay(context);
        const body = { grace_hours: graceMs / MS_PER_HOUR, ...(before === null ? {} : { before: isoOf(before) }) };
        const summary: CompactAnswer =
          service === null
            ? compactAnswer(await compactHere({ graceMs, before }, context))
            : await askService(service, { method: "POST", path: "/compactions", body });
        context.answer(
          summary,
          summary.before === null
            ? "There are no live events."
            : `${summary.rows} live events before ${summary.before} came into the lake (${summary.present} were there).`,
        );
        return undefined;
      }),
    );

function compactHere(options: Parameters<typeof compact>[2], context: Context): Promise<CompactSummary> {
  const { home, world } = context;
  return withHomeLock(home, "compact", () =>
    withLiveIfAny(context, "compact", async (live) =>
      live === null ? NONE : await compact(home, live, options, world),
    ),
  );
}
