import { resolve } from "node:path";
import { explore } from "../../pipeline/explore.js";
import { renderExplorePage } from "../../report/explore.js";
import { renderExplore } from "../../report/terminal/explore.js";
import { writeAtomically } from "../../store/atomic-file.js";
import type { Register } from "../register.js";

export const exploreCommand: Register = (root, act) =>
  root
    .command("explore")
    .description("what is in the data: volumes, pages, sessions, users, churn, oddities")
    .option("--out <file>", "also write one self-contained HTML page with plots")
    .action(
      act(async ({ home, world, answer, color, width }, { out }: { readonly out?: string }) => {
        const document = await explore(home, world);
        const file = out === undefined ? null : resolve(out);
        if (file !== null) writeAtomically(file, renderExplorePage(document));
        const page = file === null ? "" : `\nPage: ${file}\n`;
        answer(file === null ? document : { ...document, file }, renderExplore(document, { width, color }) + page);
        return undefined;
      }),
    );
