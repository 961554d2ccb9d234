import type { WalkRows } from "./walk.js";

/** A kind of listener. Each is a run of the generator of its own: user ids from `firstUser`, sessions from 1. */
export interface Population {
  readonly name: string;
  readonly weight: number;
  readonly firstUser: number;
  /** Probabilities that differ from the template's: "Cancel .02" replaces that page's alone, 0 removes it. */
  readonly changes: WalkRows;
}

/**
 * The four populations of the public logs: the template (Accordion), advert-heavy and quick to cancel (Tuba),
 * hard to please (Zither), easy to please (Xylophone). The rates are those of the generator's published variants.
 */
export const POPULATIONS: readonly Population[] = [
  { name: "Accordion", weight: 6, firstUser: 1, changes: {} },
  {
    name: "Tuba",
    weight: 1,
    firstUser: 100_001,
    changes: {
      "Logged In|free": {
        Settings: "Settings .08, Cancel .02",
        "Add Friend": "Add Friend .29",
        "Thumbs Down": "Cancel .01",
        "Roll Advert": "Roll Advert .07, Upgrade .005, Cancel .01",
        Upgrade: "Upgrade .05, NextSong .43",
        NextSong: "Thumbs Down .02, Roll Advert .15, NextSong .68",
      },
      "Logged In|paid": {
        Downgrade: "NextSong .6, Submit Downgrade .09, Cancel .03",
        Help: "Downgrade .007",
        Home: "Downgrade .007",
        Settings: "Downgrade .02, NextSong .57, Cancel .02",
        "Thumbs Down": "Downgrade .03, NextSong .88, Cancel .01",
        "Roll Advert": "Downgrade .07, Roll Advert .03, NextSong .74, Cancel .05",
        NextSong: "Downgrade .015, Thumbs Up .04, Roll Advert .01, NextSong .84",
      },
    },
  },
  {
    name: "Zither",
    weight: 1,
    firstUser: 200_001,
    changes: {
      "Logged In|free": {
        Settings: "Cancel .009",
        "Add Friend": "Upgrade .007",
        "Add to Playlist": "Upgrade .007",
        "Thumbs Up": "Upgrade .007",
        "Thumbs Down": "Cancel .005",
        "Roll Advert": "Cancel .005",
        Upgrade: "Submit Upgrade .23",
        NextSong: "Thumbs Down .03, Upgrade .007, NextSong .74",
      },
      "Logged In|paid": {
        Downgrade: "NextSong .61, Downgrade .09, Submit Downgrade .07, Cancel .02",
        Help: "Downgrade .01",
        Home: "Downgrade .01",
        Settings: "Downgrade .02, NextSong .59, Cancel .01, Save Settings .19",
        "Thumbs Down": "Downgrade .03, NextSong .89, Cancel .005",
        "Roll Advert": "Downgrade .06, Cancel .01",
        NextSong: "Downgrade .015, Thumbs Down .03, NextSong .82",
      },
    },
  },
  {
    name: "Xylophone",
    weight: 1,
    firstUser: 300_001,
    changes: {
      "Logged In|free": {
        Help: "Upgrade .01",
        Home: "Upgrade .01",
        Settings: "Upgrade .01, Cancel .003",
        "Add Friend": "Settings .04, Upgrade .03, NextSong .48",
        "Add to Playlist": "Thumbs Up .03, Upgrade .03, NextSong .93",
        "Thumbs Up": "Upgrade .03",
        Upgrade: "NextSong .36, Submit Upgrade .4",
        NextSong: "Thumbs Up .09, Upgrade .02, NextSong .71",
      },
      "Logged In|paid": {
        Downgrade: "Submit Downgrade .025, Cancel .005",
        Help: "Downgrade .002",
        Home: "Downgrade .002",
        Settings: "Downgrade .005, Cancel .002",
        "Add to Playlist": "Thumbs Up .03",
        "Thumbs Down": "Downgrade .007",
        "Roll Advert": "Downgrade .02, Cancel .002",
        NextSong: "Downgrade .005, Thumbs Up .09, NextSong .81",
      },
    },
  },
];
