import { aliasesOf, type RegistryEntry, type RegistryIndex } from "../../registry/local.js";

/** A line a version, the champion with a star, a challenger with a tilde; below a challenger why it is one. */
export function modelLines(index: RegistryIndex): string[] {
  return index.versions.flatMap((entry) => [
    [
      markOf(index, entry),
      entry.version,
      entry.leaky ? `${entry.protocol} (leaky)` : entry.protocol,
      entry.verdict ?? "-",
      entry.registeredAt,
      ...notes(index, entry),
    ].join("  "),
    ...(entry.reasons ?? []).map((reason) => `     ${reason}`),
  ]);
}

function markOf({ champion, challengers }: RegistryIndex, { version }: RegistryEntry): string {
  if (version === champion) return "*";
  return challengers.includes(version) ? "~" : " ";
}

function notes(index: RegistryIndex, { version, cause = "manual" }: RegistryEntry): string[] {
  const aliases = aliasesOf(index);
  const names = Object.keys(aliases).filter((name) => aliases[name] === version);
  return [
    ...(names.length === 0 ? [] : [names.join(", ")]),
    ...(cause === "manual" ? [] : [`retrained: ${cause}`]),
    ...(index.rolledBack.includes(version) ? ["rolled back"] : []),
  ];
}
