import { renderKpis } from "../../report/terminal/kpis.js";
import type { KpisDocument } from "../../schema/loop-documents.js";
import { askLoop } from "../loop-place.js";
import type { Register } from "../register.js";
import { dayCount } from "./quality.js";

export const kpisCommand: Register = (root, act) =>
  root
    .command("kpis")
    .description("the business day by day: who is active, who leaves, what is forecast and what came of it")
    .option("--days <n>", "closed days that are told (default: 28)")
    .action(
      act(async (context, flags: { days?: string }) => {
        const days = dayCount(flags.days);
        const asked = { path: `/kpis?days=${days}`, command: "kpis" };
        const document = await askLoop<KpisDocument>(context, asked, (loop) => loop.kpis(days));
        context.answer(document, renderKpis(document, context));
        return undefined;
      }),
    );
