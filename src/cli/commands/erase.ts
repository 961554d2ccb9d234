import { randomBytes } from "node:crypto";
import type { ErasureReceipt } from "../../pipeline/erase/receipt.js";
import { eraseUser } from "../../pipeline/erase.js";
import { withHomeLock } from "../../store/home-lock.js";
import { withLiveIfAny } from "../live-place.js";
import type { Register } from "../register.js";
import { SALT_BYTES } from "../serving-state.js";

export const eraseCommand: Register = (root, act) =>
  root
    .command("erase")
    .description("erase a user: events, states, predictions, quarantine; what comes again of the user is refused")
    .requiredOption("--user <id>", "whom; ids are compared as text")
    .action(
      act(async (context, { user }: { user: string }) => {
        const { home, world, answer } = context;
        const receipt = await withHomeLock(home, "erase", () =>
          withLiveIfAny(context, (live) =>
            eraseUser(home, user.trim(), { live, salt: randomBytes(SALT_BYTES).toString("hex") }, world),
          ),
        );
        answer(receipt, rendered(receipt));
        return undefined;
      }),
    );

function rendered({ id, tombstone, lake, live, removedFiles, hints }: ErasureReceipt): string {
  return [
    `Erased (receipt ${id}, tombstone ${tombstone}).`,
    `lake: ${lake.events} events, ${lake.recovered} recovered rows, ${lake.quarantinedLines} quarantined lines, ${lake.files} files written anew`,
    live === null
      ? "live store: there is none"
      : `live store: ${live.events} events, ${live.recovered} recovered rows, ${live.sessions} sessions; ${tables(live.tables)}`,
    ...(removedFiles.length === 0 ? [] : [`removed: ${removedFiles.join(", ")}`]),
    ...hints,
  ].join("\n");
}

function tables(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([table, rows]) => `${table} ${rows}`);
  return parts.length === 0 ? "no other table names the user" : parts.join(", ");
}
