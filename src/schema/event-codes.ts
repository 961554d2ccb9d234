import { AUTHS, type Auth, LEVEL, LEVELS, type Level } from "./pages.js";

/** The codes of a field's texts, as `code-sql.ts` has them in SQL: a test holds the two together. */
export function authCode(auth: string): number {
  return Math.max(0, AUTHS.indexOf(auth as Auth));
}

export function levelCode(level: string | null | undefined): number {
  const code = LEVELS.indexOf(level as Level);
  return code === -1 ? LEVEL.unknown : code;
}

export function genderCode(gender: string | null | undefined): number {
  return gender === "F" ? 1 : gender === "M" ? 2 : 0;
}

/** The state of a location, what follows its first comma without spaces around it: `NY-NJ` of `Newark, NY-NJ`. */
export function stateOf(location: string | null | undefined): string {
  const comma = location?.indexOf(",") ?? -1;
  return comma < 0 ? "" : (location ?? "").slice(comma + 1).replace(/^\p{Zs}+|\p{Zs}+$/gu, "");
}
