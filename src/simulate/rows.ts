import type { Catalogue } from "./catalogue.js";
import type { Member } from "./roster.js";
import { answerOf, STATES } from "./states.js";

/** Fields of a row that only the state decides. */
const STATE_TEXT: readonly string[] = STATES.map(({ page, auth, level }) => {
  const { method, status } = answerOf(page);
  return `,"page":"${page}","auth":"${auth}","method":"${method}","status":${status},"level":"${level}"`;
});
const NO_SONG = ',"artist":null,"song":null,"length":null}\n';
const NOBODY =
  ',"userId":"","firstName":null,"lastName":null,"gender":null,"location":null,"registration":null,"userAgent":null';

/** Whether rows of a state name the listener. */
export const NAMED: readonly boolean[] = STATES.map(({ auth }) => auth === "Logged In" || auth === "Cancelled");

/** Writes rows as lines of JSON; all that repeats is text made once. */
export interface RowWriter {
  /** The line of the next row of the member with that number. */
  line(member: number): string;
}

export function rowWriter(members: readonly Member[], catalogue: Catalogue): RowWriter {
  const names = members.map(nameText);
  const songs = catalogue.title.map(
    (title, i) => `,"artist":"${catalogue.artist[i]}","song":"${title}","length":${catalogue.seconds[i]}}\n`,
  );
  return {
    line(member) {
      const { listener } = members[member]!; // hot loop
      const { state } = listener;
      const place = `{"ts":${listener.at},"sessionId":${listener.sessionId},"itemInSession":${listener.item}`;
      const song = STATES[state]!.song ? songs[listener.song]! : NO_SONG;
      return place + STATE_TEXT[state]! + (NAMED[state]! ? names[member]! : NOBODY) + song;
    },
  };
}

function nameText({ id, person, registration }: Member): string {
  const { firstName, lastName, gender, location, userAgent } = person;
  return `,${JSON.stringify({ userId: id, firstName, lastName, gender, location, registration, userAgent }).slice(1, -1)}`;
}
