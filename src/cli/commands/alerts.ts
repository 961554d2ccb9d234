import { RefrainError } from "../../base/errors.js";
import { renderAlerts } from "../../report/terminal/alerts.js";
import type { AlertDocument } from "../../schema/loop-documents.js";
import { alertAnswer } from "../../server/routes/alerts.js";
import { askLoop } from "../loop-place.js";
import type { Register } from "../register.js";

const SHOWN_MAX = 100;

export const alertsCommand: Register = (root, act) => {
  const alerts = root
    .command("alerts")
    .description("what is alarming; ack ID says that you have seen it")
    .option("--all", "those that are resolved too")
    .action(
      act(async (context, flags: { all?: boolean }) => {
        const state = flags.all === true ? "all" : "open";
        const asked = { path: `/alerts?state=${state}&limit=${SHOWN_MAX}`, command: "alerts" };
        const page = await askLoop<{ items: readonly AlertDocument[] }>(context, asked, async (loop) => ({
          items: (await loop.alerts({ before: null, limit: SHOWN_MAX, state })).map(alertAnswer),
        }));
        context.answer(page, renderAlerts(page.items, context));
        return undefined;
      }),
    );
  alerts
    .command("ack")
    .description("say that you have seen an alert")
    .argument("<id>", "its number, as alerts shows it")
    .action(
      act(async (context, id: string) => {
        if (!/^[1-9]\d{0,14}$/.test(id)) {
          throw new RefrainError("VALUE_BAD", { name: "ID", value: id, advice: "Give the number of an alert." });
        }
        const asked = { method: "POST", path: `/alerts/${id}/ack`, command: "alerts ack", isFresh: false } as const;
        const alert = await askLoop<AlertDocument>(context, asked, async (loop) =>
          alertAnswer(await loop.ack(Number(id), "command line")),
        );
        context.answer(
          alert,
          `Alert ${alert.id} (${alert.rule}) is acknowledged; it stays open until its reason is gone.`,
        );
        return undefined;
      }),
    );
};
