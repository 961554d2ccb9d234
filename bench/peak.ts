import { writeFileSync } from "node:fs";

/** Loaded before a measured program (`node --import`): writes its peak memory, KiB, when it ends. */
const file = process.env.REFRAIN_BENCH_PEAK;
if (file !== undefined) process.on("exit", () => writeFileSync(file, String(process.resourceUsage().maxRSS)));
