import { randomBytes } from "node:crypto";
import type { ErasureReceipt } from "../../pipeline/erase/receipt.js";
import { eraseUser } from "../../pipeline/erase.js";
import { withHomeLock } from "../../store/home-lock.js";
import type { Context } from "../context.js";
import { serviceInTheWay, withLiveIfAny } from "../live-place.js";
import type { Register } from "../register.js";
import { askService } from "../service-client.js";
import { SALT_BYTES } from "../serving-state.js";

export const eraseCommand: Register = (root, act) =>
  root
    .command("erase")
    .description("erase a user: events, states, predictions, quarantine; what comes again of the user is refused")
    .requiredOption("--user <id>", "whom; ids are compared as text")
    .action(
      act(async (context, { user }: { user: string }) => {
        const service = serviceInTheWay(context);
        const id = user.trim();
        const receipt =
          service === null
            ? await erase(id, context)
            : await askService<ErasureReceipt>(service, { method: "DELETE", path: `/users/${encodeURIComponent(id)}` });
        context.answer(receipt, rendered(receipt));
        return undefined;
      }),
    );

function erase(user: string, context: Context): Promise<ErasureReceipt> {
  const { home, world } = context;
  const salt = randomBytes(SALT_BYTES).toString("hex");
  return withHomeLock(home, "erase", () =>
    withLiveIfAny(context, "erase", (live) => eraseUser(home, user, { live, salt }, world)),
  );
}

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
