import type { RunDocument } from "../../schema/documents.js";
import { duration } from "../format.js";
import { type Html, html } from "../html.js";
import { spoken } from "../words.js";
import { section } from "./section.js";

/** Where everything was put. */
export function files({ files: paths, home, seconds }: RunDocument): Html {
  const rows = [["Home", home] as const, ...Object.entries(paths)];
  return section(
    { id: "files", title: "Where are the files?", lead: `Everything was kept; the run took ${duration(seconds)}.` },
    html`<div class="card"><table><caption>Files of this run</caption><tbody>${rows.map(
      ([name, path]) =>
        html`<tr><th scope="row">${spoken(name)}</th><td class="wrap"><code><bdi>${path}</bdi></code></td></tr>`,
    )}</tbody></table></div>`,
  );
}
