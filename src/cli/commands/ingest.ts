import { ERRORS } from "../../base/errors.js";
import { ingest } from "../../pipeline/ingest.js";
import { renderIngest } from "../../report/terminal.js";
import { columnMap } from "../column-map.js";
import type { Register } from "../register.js";

export const ingestCommand: Register = (root, act) =>
  root
    .command("ingest")
    .description("read event logs into the lake; safe to repeat")
    .argument("<path...>", "files (JSON lines, CSV, Parquet, .gz), folders or globs")
    .option("--map <pairs>", "other column names, for example userId=uid,ts=time")
    .action(
      act(async ({ home, world, answer, ...look }, paths: string[], { map }: { map?: string }) => {
        const document = await ingest(home, paths, { map: columnMap(map) }, world);
        answer(document, renderIngest(document, look));
        // All else was read and kept; a script should still hear that something was not.
        return document.files.some(({ error }) => error !== undefined) ? ERRORS.FILE_UNREADABLE.exit : undefined;
      }),
    );
