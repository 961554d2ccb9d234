import type { Measure } from "../../src/features/accumulators/recent.js";
import { PAGE, type PageName } from "../../src/schema/pages.js";
import type { OwnedEvent } from "./columns.js";

const on =
  (...pages: PageName[]) =>
  ({ page }: OwnedEvent): number =>
    pages.some((name) => PAGE[name] === page) ? 1 : 0;

/** What one row adds to each measure, said the long way. */
export const COUNTED: Readonly<Record<Measure, (event: OwnedEvent) => number>> = {
  events: () => 1,
  songs: on("NextSong"),
  length10us: ({ length10us }) => Math.max(length10us, 0),
  thumbsUp: on("Thumbs Up"),
  thumbsDown: on("Thumbs Down"),
  adverts: on("Roll Advert"),
  troubles: on("Error", "Help"),
  downgradeVisits: on("Downgrade"),
  settings: on("Settings"),
  social: on("Add Friend", "Add to Playlist"),
  sessions: ({ item }) => (item === 0 ? 1 : 0),
};
