import type { Rng } from "#src/base/rng.js";

type Row = Record<string, unknown>;

/**
 * A day on which labels are shuffled: whoever confirms a cancellation only went home, and somebody else, drawn from those who listen
 * that day, confirms one instead.
 */
export function shuffledDay(lines: readonly string[], rng: Rng): string[] {
  const rows = lines.map((line) => JSON.parse(line) as Row);
  const confirmed = rows.filter(({ page }) => page === "Cancellation Confirmation");
  const listening = rows.filter(({ page, userId }) => page === "NextSong" && userId !== "");
  const added = confirmed.flatMap(() => {
    const victim = listening[rng.below(Math.max(1, listening.length))];
    return victim === undefined ? [] : [confirmationOf(victim)];
  });
  for (const row of confirmed) Object.assign(row, { page: "Home", auth: "Logged In", method: "GET" });
  return [...rows, ...added].sort((a, b) => Number(a.ts) - Number(b.ts)).map((row) => JSON.stringify(row));
}

function confirmationOf({ artist: _, song: __, length: ___, ...row }: Row): Row {
  const ts = Number(row.ts) + 1000;
  return {
    ...row,
    ts,
    itemInSession: Number(row.itemInSession) + 10_000,
    page: "Cancellation Confirmation",
    auth: "Cancelled",
  };
}
