import type { ExploreDocument } from "../../../schema/explore-document.js";
import { type Html, html } from "../../html.js";
import { activity } from "./activity.js";
import { leaving } from "./leaving.js";
import { listening } from "./listening.js";
import { oddities } from "./oddities.js";
import { pages } from "./pages.js";
import { retention } from "./retention.js";

/** Links to the sections, in their order. */
export const EXPLORE_LINKS = {
  activity: "Activity",
  pages: "Pages",
  listening: "Listening",
  retention: "Retention",
  leaving: "Leaving",
  oddities: "Oddities",
} as const;

/** The same sections on the page of `explore` and in the report of a run. */
export function exploreSections(document: ExploreDocument): Html {
  return html`${activity(document)}${pages(document)}${listening(document)}${retention(document)}${leaving(document)}${oddities(document)}`;
}
