import type { TestEvent } from "../ingest-fixture.js";

const T = Date.UTC(2018, 9, 3, 12);

/** A row of sessionId 77 on the free plan, so many seconds after noon. */
const row = (seconds: number, userId: string, itemInSession: number, page: string): TestEvent => ({
  ts: T + seconds * 1_000,
  userId,
  sessionId: 77,
  itemInSession,
  page,
  auth: userId === "" ? "Logged Out" : "Logged In",
  level: "free",
});

/** Ada logs out, and a logged-out row goes on where she was: it is hers, as far as one can see. */
export const SEEN_FIRST: readonly TestEvent[] = [
  row(0, "ada", 0, "NextSong"),
  row(200, "ada", 1, "Home"),
  row(201, "ada", 2, "Logout"),
  row(240, "", 3, "Home"),
];

/** What comes late shows that Bob, in a session of the same number, logged out at the same item: it may be his as well. */
export const SEEN_LATE: readonly TestEvent[] = [
  row(100, "bob", 0, "NextSong"),
  row(210, "bob", 1, "Home"),
  row(211, "bob", 2, "Logout"),
];
