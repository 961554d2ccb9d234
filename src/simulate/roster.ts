import { assert } from "../base/assert.js";
import type { Rng } from "../base/rng.js";
import { MS_PER_DAY } from "../base/time.js";
import { type Birth, Listener } from "./listener.js";
import type { SimulateOptions } from "./options.js";
import { inventPerson, type Person } from "./people.js";
import { POPULATIONS } from "./populations.js";
import type { Setting } from "./setting.js";
import { STATES } from "./states.js";
import type { Standing } from "./walk.js";

/** Mean age of those there at the start. */
const AGE_YEARS = 0.1;
const DAYS_PER_YEAR = 365;
const OLDEST_YEARS = 5;
const ATTEMPTS = 10_000;

/** A listener as the log will know him. `id` is `null` for a guest who never registers: he is no user. */
export interface Member {
  readonly id: string | null;
  readonly person: Person;
  readonly registration: number;
  readonly listener: Listener;
}

/**
 * Everybody who leaves a row. A listener drawn who would leave none of his own before the log ends is drawn again,
 * so exactly `users` have one; a guest so drawn who does not register stays, without an id.
 */
export function buildRoster({ users, growth }: SimulateOptions, setting: Setting, rng: Rng): Member[] {
  const totalWeight = POPULATIONS.reduce((sum, population) => sum + population.weight, 0);
  const members: Member[] = [];
  let given = 0;
  let weight = 0;
  POPULATIONS.forEach((population, index) => {
    weight += population.weight;
    const upTo = Math.round((users * weight) / totalWeight);
    members.push(...draw(index, { users: upTo - given, growth }, setting, rng.fork(population.name)));
    given = upTo;
  });
  return members;
}

function draw(
  population: number,
  { users, growth }: Pick<SimulateOptions, "users" | "growth">,
  setting: Setting,
  rng: Rng,
): Member[] {
  const perUser = (growth * setting.days) / DAYS_PER_YEAR;
  const born = Math.floor((users * perUser) / (1 + perUser) + rng.uniform());
  const arrivals = Float64Array.from(
    { length: born },
    () => setting.start + Math.floor(rng.uniform() * setting.days * 86_400) * 1000,
  );
  arrivals.sort();
  const members: Member[] = [];
  for (let i = 0; i < users; i++) {
    const id = String((POPULATIONS[population] as (typeof POPULATIONS)[number]).firstUser + i);
    const arrivedAt = arrivals[i - (users - born)];
    members.push(...drawOne(id, population, arrivedAt ?? null, setting, rng.fork(i)));
  }
  return members;
}

/** One user, after the guests drawn in his place who never registered. */
function drawOne(id: string, population: number, arrivedAt: number | null, setting: Setting, rng: Rng): Member[] {
  const members: Member[] = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const own = rng.fork(attempt);
    const birth: Birth = { population, arrivedAt, standing: arrivedAt === null ? oldStanding(own) : "Guest|free" };
    const seen = leavesRow(new Listener(birth, setting, own.fork("walk")), setting.end);
    if (!seen && arrivedAt === null) continue;
    members.push({
      id: seen ? id : null,
      person: inventPerson(own.fork("person")),
      registration: arrivedAt ?? registrationBefore(setting.start, own.fork("registration")),
      listener: new Listener(birth, setting, own.fork("walk")),
    });
    if (seen) return members;
  }
  assert(false, `user ${id} never shows up in ${setting.days} days`);
}

/** Whether the listener is seen logged in before the end; walks a listener made for that. */
function leavesRow(scout: Listener, end: number): boolean {
  while (scout.at < end) {
    if (STATES[scout.state]?.auth === "Logged In") return true;
    scout.advance();
  }
  return false;
}

/** Levels 10 free to 2 paid; 10 logged in to 1 logged out. */
function oldStanding(rng: Rng): Standing {
  const level = rng.uniform() < 10 / 12 ? "free" : "paid";
  return rng.uniform() < 10 / 11 ? `Logged In|${level}` : `Logged Out|${level}`;
}

function registrationBefore(start: number, rng: Rng): number {
  const days = Math.min(rng.exponential(AGE_YEARS * DAYS_PER_YEAR), OLDEST_YEARS * DAYS_PER_YEAR);
  return Math.floor((start - days * MS_PER_DAY) / 1000) * 1000;
}
