import { backup, restore } from "../../pipeline/backup.js";
import { VERSION } from "../../server/version.js";
import { livePlace } from "../live-place.js";
import type { Register } from "../register.js";

const POSTGRES =
  'Live data are in PostgreSQL and not in this file: pg_dump --format=custom "$DATABASE_URL" saves them, at the same moment if nothing is served.';

export const backupCommands: Register = (root, act) => {
  root
    .command("backup")
    .description("write all of the home that cannot be made again into one file")
    .argument("<file>", "a .tar.gz outside of the home")
    .action(
      act(async ({ home, world, config, answer }, file: string) => {
        const place = livePlace(home, config);
        const { files, live } = await backup(home, file, { place, version: VERSION }, world);
        const bytes = files.reduce((sum, one) => sum + one.bytes, 0);
        const done = `${files.length} files, ${(bytes / 2 ** 20).toFixed(1)} MiB, are in ${file}`;
        answer({ file, files: files.length, bytes, live }, live === "postgres" ? `${done}\n${POSTGRES}` : done);
        return undefined;
      }),
    );
  root
    .command("restore")
    .description("make the home of a backup, once that is found to be whole")
    .argument("<file>", "what refrain backup wrote")
    .option("--force", "also where there is a home; what was there is kept beside it")
    .action(
      act(async ({ home, world, answer }, file: string, flags: { force?: boolean }) => {
        const { manifest, before } = await restore(home, file, { force: flags.force === true }, world);
        const lines = [`${home} is as it was at ${manifest.madeAt}: ${manifest.files.length} files.`];
        if (before !== null) lines.push(`What was there is now ${before}.`);
        if (manifest.live === "postgres") lines.push("Live data were in PostgreSQL: pg_restore brings them back.");
        answer(
          { home, madeAt: manifest.madeAt, files: manifest.files.length, live: manifest.live, before },
          lines.join("\n"),
        );
        return undefined;
      }),
    );
};
