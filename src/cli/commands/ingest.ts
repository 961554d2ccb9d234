import { ERRORS } from "../../base/errors.js";
import { ingest } from "../../pipeline/ingest.js";
import { renderIngest } from "../../report/terminal.js";
import { columnMap } from "../column-map.js";
import { type IngestFlags, ingestSource, isFromSource } from "../ingest-source.js";
import type { Register } from "../register.js";

export const ingestCommand: Register = (root, act) =>
  root
    .command("ingest")
    .description("read event logs into the lake; safe to repeat")
    .argument("<path...>", "files (JSON lines, CSV, Parquet, .gz), folders or globs; or postgres://USER@HOST/DATABASE")
    .option("--map <pairs>", "other column names, for example userId=uid,ts=time")
    .option("--follow", "go on with a file of JSON lines as it grows, until Ctrl-C")
    .option("--to <url>", "to a running service, with a writer's key in REFRAIN_KEY; not into the lake")
    .option("--table <name>", "the table to read from PostgreSQL")
    .option("--since <iso>", "rows of a table from this time on (default: where the last call ended)")
    .action(
      act(async (context, paths: string[], flags: IngestFlags) => {
        if (isFromSource(paths, flags)) return ingestSource(context, paths, flags);
        const { home, world, answer, ...look } = context;
        const document = await ingest(home, paths, { map: columnMap(flags.map) }, world);
        answer(document, renderIngest(document, look));
        // All else was read and kept; a script should still hear that something was not.
        return document.files.some(({ error }) => error !== undefined) ? ERRORS.FILE_UNREADABLE.exit : undefined;
      }),
    );
