import { SIMULATE_DEFAULTS } from "#src/simulate/options.js";
import { simulate } from "#src/simulate/simulate.js";

/** What is counted of a simulated log, user by user: all that the marginals ask for, in memory that grows with users. */

export interface SessionTally {
  first: number;
  last: number;
  rows: number;
  songs: number;
}

export interface UserTally {
  readonly pages: Map<string, number>;
  readonly sessions: Map<number, SessionTally>;
  rows: number;
  paidRows: number;
  first: number;
  last: number;
  registration: number;
  gender: string;
  cancelledAt: number | null;
}

export interface LogTally {
  readonly users: readonly UserTally[];
  /** Rows without a user, by page. */
  readonly blank: ReadonlyMap<string, number>;
  /** Lengths of songs, seconds; every twentieth. */
  readonly songSeconds: readonly number[];
}

interface Line {
  readonly ts: number;
  readonly userId: string;
  readonly sessionId: number;
  readonly page: string;
  readonly level: string;
  readonly registration: number;
  readonly gender: string;
  readonly length?: number | null;
}

const SONGS_KEPT_EVERY = 20;
/** Parts that a standard error is made from by leaving out one at a time. */
const PARTS = 20;

/** A log and the same without each of 20 parts of its users. */
export interface Tallied {
  readonly whole: LogTally;
  readonly without: readonly LogTally[];
}

/** Simulates worlds of `users` listeners over 61 days, as long as the public full log, and counts them together. */
export async function tallyWorlds(users: number, seeds: readonly number[]): Promise<Tallied> {
  const parts = Array.from({ length: PARTS }, () => ({
    users: [] as UserTally[],
    blank: new Map<string, number>(),
    songSeconds: [] as number[],
  }));
  for (const seed of seeds) {
    const counter = new Counter();
    const quiet = {
      now: () => 0 as ReturnType<Parameters<typeof simulate>[2]["now"]>,
      seed,
      threads: 1,
      log: { debug() {}, info() {}, warn() {} },
      signal: { aborted: false },
    };
    await simulate({ ...SIMULATE_DEFAULTS, users, days: 61, seed }, { log: counter, truth: null }, quiet);
    [...counter.users.values()].forEach((user, i) => {
      parts[i % PARTS]?.users.push(user);
    });
    for (const [sessionId, pages] of counter.blank) {
      const part = parts[sessionId % PARTS];
      for (const page of pages) part?.blank.set(page, (part.blank.get(page) ?? 0) + 1);
    }
    counter.songSeconds.forEach((seconds, i) => {
      parts[i % PARTS]?.songSeconds.push(seconds);
    });
  }
  return { whole: joined(parts), without: parts.map((_, left) => joined(parts.filter((__, part) => part !== left))) };
}

function joined(parts: readonly LogTally[]): LogTally {
  const blank = new Map<string, number>();
  for (const part of parts) for (const [page, n] of part.blank) blank.set(page, (blank.get(page) ?? 0) + n);
  return { users: parts.flatMap((part) => part.users), blank, songSeconds: parts.flatMap((part) => part.songSeconds) };
}

/** Takes the lines of a log as they are written. */
class Counter {
  readonly users = new Map<string, UserTally>();
  readonly blank = new Map<number, string[]>();
  readonly songSeconds: number[] = [];
  private songs = 0;

  async write(bytes: Uint8Array): Promise<void> {
    for (const text of new TextDecoder().decode(bytes).split("\n")) if (text !== "") this.add(JSON.parse(text) as Line);
  }

  private add(line: Line): void {
    if (line.userId === "") {
      const pages = this.blank.get(line.sessionId);
      if (pages === undefined) this.blank.set(line.sessionId, [line.page]);
      else pages.push(line.page);
      return;
    }
    const user = this.userOf(line);
    user.rows++;
    if (line.level === "paid") user.paidRows++;
    user.last = line.ts;
    user.pages.set(line.page, (user.pages.get(line.page) ?? 0) + 1);
    if (line.page === "Cancellation Confirmation") user.cancelledAt = line.ts;
    this.addToSession(user, line);
    if (line.page === "NextSong" && this.songs++ % SONGS_KEPT_EVERY === 0)
      this.songSeconds.push(line.length ?? Number.NaN);
  }

  private addToSession(user: UserTally, { sessionId, ts, page }: Line): void {
    const song = page === "NextSong" ? 1 : 0;
    const session = user.sessions.get(sessionId);
    if (session === undefined) user.sessions.set(sessionId, { first: ts, last: ts, rows: 1, songs: song });
    else {
      session.last = ts;
      session.rows++;
      session.songs += song;
    }
  }

  private userOf({ userId, ts, registration, gender }: Line): UserTally {
    const found = this.users.get(userId);
    if (found !== undefined) return found;
    const user: UserTally = {
      pages: new Map(),
      sessions: new Map(),
      rows: 0,
      paidRows: 0,
      first: ts,
      last: ts,
      registration,
      gender,
      cancelledAt: null,
    };
    this.users.set(userId, user);
    return user;
  }
}
