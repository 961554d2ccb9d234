import type { Auth, Level, PageName } from "../schema/pages.js";

/** Where a listener can be: who they are to the service, what they pay. The page makes the state of the walk whole. */
export type Standing = `${Auth}|${Level}`;

/** Next pages with their probabilities, as text: "Home .7, Help .1". What is missing to 1 ends the session. */
export type WalkRows = Readonly<Partial<Record<Standing, Readonly<Partial<Record<PageName, string>>>>>>;

/**
 * The walk of the template of Interana/eventsim (MIT), the generator behind the public Sparkify logs: its
 * probabilities, written as a table of our own. Cancel is reached with fixed probabilities, so churn is memoryless.
 */
export const TEMPLATE_WALK: WalkRows = {
  "Guest|free": {
    About: "Home .7, Help .1, Register .1, About .05, Error .001",
    Help: "Home .7, Help .1, Register .1, About .0025, Error .001",
    Home: "Register .3, About .25, Help .25, Home .1, Error .001",
    Register: "Submit Registration .5, Home .2, About .1, Help .1, Register .05, Error .001",
    "Submit Registration": "Home .9, Error .1",
    Error: "Home .8, Error .1, Help .05, About .01",
  },
  "Logged In|free": {
    About: "NextSong .6, Home .2, About .05, Add Friend .05, Help .01, Settings .01, Logout .01, Error .001",
    Help: "NextSong .5, Home .2, Help .1, Settings .05, Add Friend .05, Logout .01, Upgrade .005, About .002, Error .001",
    Home: "NextSong .85, Add Friend .05, Settings .02, Home .01, Logout .01, Upgrade .005, About .002, Help .002, Error .001",
    Settings:
      "NextSong .5, Save Settings .2, Home .1, Settings .1, Help .05, Add Friend .02, Logout .01, Upgrade .005, Cancel .005, About .002, Error .001",
    "Add Friend":
      "NextSong .5, Add Friend .3, Home .1, Settings .05, About .01, Help .01, Upgrade .01, Logout .01, Error .001",
    "Add to Playlist": "NextSong .95, Help .01, Thumbs Up .01, Upgrade .01",
    "Thumbs Up": "NextSong .9, Add to Playlist .05, Upgrade .01, Error .001",
    "Thumbs Down": "NextSong .9, Logout .01, Cancel .001, Error .001",
    "Roll Advert": "NextSong .9, Roll Advert .02, Logout .01, Cancel .001, Error .001",
    Upgrade:
      "NextSong .45, Submit Upgrade .3, Home .1, Upgrade .07, Add Friend .05, Logout .01, Help .006, About .002, Error .001",
    NextSong:
      "NextSong .75, Roll Advert .08, Thumbs Up .05, Add to Playlist .025, Home .02, Logout .02, Add Friend .01, Thumbs Down .01, Upgrade .01, Help .005, Settings .005, About .002, Error .001",
    Cancel: "Cancellation Confirmation .999, Error .001",
    Logout: "Home .999, Error .001",
    "Save Settings": "Home .8, Settings .1, Error .001",
    "Submit Upgrade": "Home 1",
    Error: "NextSong .75, Home .2, Logout .03, Error .01, Help .002, About .001",
  },
  "Logged Out|free": {
    About: "Login .4, Home .3, About .05, Help .025, Error .001",
    Help: "Login .5, Home .3, Help .1, About .0025, Error .001",
    Home: "Login .5, About .1, Home .1, Help .05, Error .001",
    Login: "Home .999, Error .001",
    Error: "Home .5, Login .1, Help .05, About .01, Error .01",
  },
  "Logged In|paid": {
    About: "NextSong .4, Home .2, About .05, Add Friend .05, Help .01, Settings .01, Logout .01, Error .001",
    Downgrade:
      "NextSong .65, Home .1, Logout .1, Downgrade .07, Submit Downgrade .03, Cancel .01, Help .006, About .002, Error .001",
    Help: "NextSong .75, Home .1, Add Friend .04, Help .03, Settings .02, Logout .01, Downgrade .005, About .002, Error .001",
    Home: "NextSong .85, Add Friend .05, Settings .02, Home .01, Logout .01, Downgrade .005, About .002, Help .002, Error .001",
    Settings:
      "NextSong .6, Save Settings .2, Help .05, Home .05, Settings .05, Add Friend .02, Downgrade .01, Logout .01, Cancel .005, About .002, Error .001",
    "Add Friend": "NextSong .65, Add Friend .3, Logout .01, Error .001",
    "Add to Playlist": "NextSong .95, Thumbs Up .01",
    "Thumbs Up": "NextSong .9, Add to Playlist .07, Error .001",
    "Thumbs Down": "NextSong .9, Help .03, Downgrade .02, Settings .02, Logout .02, Cancel .001, Error .001",
    "Roll Advert": "NextSong .8, Logout .1, Downgrade .05, Roll Advert .02, Cancel .005, Error .001",
    NextSong:
      "NextSong .85, Thumbs Up .05, Add to Playlist .025, Home .02, Downgrade .01, Add Friend .01, Thumbs Down .01, Logout .01, Help .005, Settings .005, About .002, Roll Advert .001, Error .001",
    Cancel: "Cancellation Confirmation .999, Error .001",
    Logout: "Home .999, Error .001",
    "Save Settings": "Home .8, Settings .1, Error .001",
    "Submit Downgrade": "Home .999, Error .001",
    Error: "NextSong .75, Home .2, Help .01, Logout .01, About .001, Error .001",
  },
  "Logged Out|paid": {
    About: "Login .5, Home .3, About .05, Help .05, Error .001",
    Help: "Login .5, Home .3, Help .1, About .0025, Error .001",
    Home: "Login .65, Home .15, About .1, Help .05, Error .001",
    Login: "Home .999, Error .001",
    Error: "Home .7, Login .2, Help .08, Error .01",
  },
};

/** How a session begins: weights of the first page. */
export const FIRST_PAGES: Readonly<Partial<Record<Standing, string>>> = {
  "Guest|free": "About 20, Help 10, Home 100, Register 30, Error 5",
  "Logged In|free": "About 5, Help 10, Home 1000, NextSong 1500, Error 1",
  "Logged Out|free": "About 10, Help 10, Home 1000, Login 500, Error 1",
  "Logged In|paid": "About 5, Help 5, Home 1000, NextSong 1750, Error 1",
  "Logged Out|paid": "About 10, Help 10, Home 1000, Login 500, Error 1",
};
