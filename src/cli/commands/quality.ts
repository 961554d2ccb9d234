import { RefrainError } from "../../base/errors.js";
import { renderQuality } from "../../report/terminal/quality.js";
import type { QualityDocument } from "../../schema/loop-documents.js";
import { wholeNumber } from "../context.js";
import { askLoop } from "../loop-place.js";
import type { Register } from "../register.js";

const DAYS_MAX = 400;

/** Fails with VALUE_BAD. */
export function dayCount(flag: string | undefined): number {
  const days = wholeNumber("--days", flag, 28);
  if (days >= 1 && days <= DAYS_MAX) return days;
  throw new RefrainError("VALUE_BAD", { name: "--days", value: days, advice: `Give 1 to ${DAYS_MAX}.` });
}

export const qualityCommand: Register = (root, act) =>
  root
    .command("quality")
    .description("how good the data of closed days are, and how well the model did on users whose outcome is known")
    .option("--days <n>", "days of data that are told (default: 28)")
    .action(
      act(async (context, flags: { days?: string }) => {
        const days = dayCount(flags.days);
        const asked = { path: `/quality?days=${days}`, command: "quality" };
        const document = await askLoop<QualityDocument>(context, asked, (loop) => loop.quality(days));
        context.answer(document, renderQuality(document, context));
        return undefined;
      }),
    );
