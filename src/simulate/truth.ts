import { POPULATIONS } from "./populations.js";
import type { Member } from "./roster.js";
import { STATES } from "./states.js";

/** The owner of a row that names nobody. `line` counts the log's lines from 1. */
export interface TruthOfRow {
  readonly kind: "row";
  readonly line: number;
  readonly sessionId: number;
  readonly itemInSession: number;
  readonly ts: number;
  readonly page: string;
  /** `null` for a guest who never registers. */
  readonly userId: string | null;
  /** Present on rows from before the registration. */
  readonly guest?: true;
}

/** What is hidden about a user. `beta` and `alpha` are mean seconds between sessions and rows. */
export interface TruthOfUser {
  readonly kind: "user";
  readonly user: string;
  readonly population: string;
  readonly beta: number;
  readonly alpha: number;
  readonly cancelledAt: number | null;
}

export function truthOfRow({ id, listener }: Member, line: number): TruthOfRow {
  const { page, auth } = STATES[listener.state] as (typeof STATES)[number];
  const place = { sessionId: listener.sessionId, itemInSession: listener.item, ts: listener.at, page };
  return { kind: "row", line, ...place, userId: id, ...(auth === "Guest" ? { guest: true as const } : {}) };
}

export function truthOfUser(user: string, listener: Member["listener"], cancelledAt: number): TruthOfUser {
  return {
    kind: "user",
    user,
    population: POPULATIONS[listener.population]?.name ?? "",
    beta: listener.betaMs / 1000,
    alpha: listener.alphaMs / 1000,
    cancelledAt: Number.isFinite(cancelledAt) ? cancelledAt : null,
  };
}
