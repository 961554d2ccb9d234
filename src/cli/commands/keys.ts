import { RefrainError } from "../../base/errors.js";
import { isoOf, parseInstant } from "../../base/time.js";
import { isRole, ROLES } from "../../schema/roles.js";
import { withKeyRing } from "../key-ring.js";
import type { Register } from "../register.js";

export const keysCommand: Register = (root, act) => {
  const keys = root.command("keys").description("who may ask the service what");
  keys
    .command("create")
    .description("make a key and show it this once")
    .requiredOption("--role <role>", `${ROLES.join(", ")}; each includes those before it`)
    .option("--expires <iso>", "when it ends to open anything (default: never)")
    .action(
      act(async (context, { role, expires }: { role: string; expires?: string }) => {
        if (!isRole(role)) {
          throw new RefrainError("VALUE_BAD", { name: "--role", value: role, advice: `Give ${ROLES.join(", ")}.` });
        }
        const expiresAtMs = expires === undefined ? null : parseInstant(expires);
        if (expires !== undefined && expiresAtMs === null) {
          const advice = "Give a moment, for example 2027-01-31T00:00:00Z.";
          throw new RefrainError("VALUE_BAD", { name: "--expires", value: expires, advice });
        }
        const until = expiresAtMs === null ? null : isoOf(expiresAtMs);
        const made = await withKeyRing(context, (keys) => keys.createKey(role, until));
        context.answer(made, `${made.key}\nThis is the only time it is shown: a ${role} key with the id ${made.id}.`);
        return undefined;
      }),
    );
  keys
    .command("list")
    .description("the keys there are, without their secrets")
    .action(
      act(async (context) => {
        const list = await withKeyRing(context, (keys) => keys.listKeys());
        const when = (ms: number | null, otherwise: string) => (ms === null ? otherwise : isoOf(ms));
        const lines = list.map(({ id, role, madeAtMs, expiresAtMs, revokedAtMs }) =>
          [
            id,
            role.padEnd(6),
            `made ${isoOf(madeAtMs)}`,
            `expires ${when(expiresAtMs, "never")}`,
            revokedAtMs === null ? "" : `revoked ${isoOf(revokedAtMs)}`,
          ]
            .join("  ")
            .trimEnd(),
        );
        context.answer({ keys: list }, lines.length === 0 ? "There are no keys." : lines.join("\n"));
        return undefined;
      }),
    );
  keys
    .command("revoke")
    .description("let a key open nothing any longer")
    .argument("<id>", "its id, as keys list shows it")
    .action(
      act(async (context, id: string) => {
        await withKeyRing(context, (keys) => keys.revokeKey(id));
        context.answer({ id, revoked: true }, `The key ${id} opens nothing any longer.`);
        return undefined;
      }),
    );
};
