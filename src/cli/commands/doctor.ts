import { examine } from "../../pipeline/doctor.js";
import { livePlace } from "../live-place.js";
import type { Register } from "../register.js";

/** A check failed. */
const FAILED = 5;

export const doctorCommand: Register = (root, act) =>
  root
    .command("doctor")
    .description("look at all that the home needs to work; exit 5 when something fails")
    .action(
      act(async ({ home, world, config, answer }) => {
        const place = livePlace(home, config);
        const diagnosis = await examine(home, { place, nodeVersion: process.versions.node }, world);
        const lines = diagnosis.checks.flatMap(({ name, status, detail, hint }) => [
          `${status.padEnd(5)} ${name}: ${detail}`,
          ...(hint === null ? [] : [`      ${hint}`]),
        ]);
        answer(diagnosis, lines.join("\n"));
        return diagnosis.verdict === "fail" ? FAILED : undefined;
      }),
    );
