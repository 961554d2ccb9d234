import { RefrainError } from "../base/errors.js";
import { entryOf, type RegistryIndex, readIndex, writeIndex } from "./index-file.js";

/** As MLflow has it: `latest` and `v` with a number mean something else there. */
const ALIAS = /^(?!(latest|v\d+)$)[a-z][a-z0-9_-]{0,62}$/;
const GIVEN_BY_US: readonly string[] = ["champion", "challenger"];

/** Every alias and its version: one's own, `champion`, and `challenger`, the challenger that came last. */
export function aliasesOf({ champion, challengers, aliases }: RegistryIndex): Record<string, string> {
  const challenger = challengers.at(-1);
  return {
    ...aliases,
    ...(champion === null ? {} : { champion }),
    ...(challenger === undefined ? {} : { challenger }),
  };
}

/** The version that a version or an alias means. Fails with MODEL_UNKNOWN. */
export function versionNamed(index: RegistryIndex, name: string): string {
  if (index.versions.some(({ version }) => version === name)) return name;
  const aliases = aliasesOf(index);
  const version = Object.hasOwn(aliases, name) ? aliases[name] : undefined;
  if (version === undefined) throw new RefrainError("MODEL_UNKNOWN", { version: name });
  return version;
}

/** Gives a version a name, which another one then has no more. Fails with VALUE_BAD or MODEL_UNKNOWN. Needs the home lock. */
export function nameVersion(home: string, name: string, wanted: string): string {
  checkName(name);
  const index = readIndex(home);
  const version = versionNamed(index, wanted);
  entryOf(index, version);
  writeIndex(home, { ...index, aliases: { ...index.aliases, [name]: version } });
  return version;
}

/** Takes a name away, if it was given. Fails with VALUE_BAD. Needs the home lock. */
export function unnameVersion(home: string, name: string): void {
  checkName(name);
  const index = readIndex(home);
  const { [name]: _, ...aliases } = index.aliases;
  writeIndex(home, { ...index, aliases });
}

function checkName(name: string): void {
  const advice = GIVEN_BY_US.includes(name)
    ? "It follows who serves and who challenges: use models promote."
    : "Begin with a letter; then letters, digits, - and _, all small, 63 at most; latest and v1 are MLflow's own.";
  if (ALIAS.test(name) && advice.startsWith("Begin")) return;
  throw new RefrainError("VALUE_BAD", { name: "an alias", value: name, advice });
}
