import { fileURLToPath } from "node:url";
import { measureNode, table } from "../measure.js";

const FIT = fileURLToPath(new URL("./fit-once.js", import.meta.url));
const COLS = 60;
const SIZES = [250_000, 500_000, 1_000_000];

/** How time and memory grow with the rows: 100 trees of depth 6 on drawn rows. */
export function trainingScale(folder: string): string {
  const params = JSON.stringify({ rounds: 100, maxDepth: 6, eta: 0.1 });
  const rows = SIZES.map((size) => {
    const args = ["--rows", `${size}`, "--cols", `${COLS}`, "--share", "1", "--params", params];
    const { peakMiB, answer } = measureNode([FIT, ...args], folder);
    const { fit } = answer.seconds as { fit: number };
    return [size.toLocaleString("en"), fit.toFixed(1), ((fit / size) * 1e6).toFixed(1), peakMiB.toFixed(0)];
  });
  return `### Rows × ${COLS}, 100 trees of depth 6, two threads\n\n${table(["rows", "fit, s", "µs a row", "peak MiB, the table (float64) in it (target < 1024)"], rows)}`;
}
