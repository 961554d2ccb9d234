/** Colours by role. Plots are drawn in the light ones, then refer to the role, so that dark mode recolours them too. */
export const LIGHT = {
  paper: "#f6f5f1",
  card: "#fffefc",
  ink: "#1d2529",
  soft: "#56626a",
  line: "#dddad2",
  grid: "#e9e6df",
  honest: "#0f6b6b",
  honestWash: "#dcefec",
  leaky: "#b4491f",
  leakyWash: "#fae6dc",
  placebo: "#6d7480",
  doubt: "#8a6100",
  doubtWash: "#fbf0d2",
  bad: "#a32a3a",
  badWash: "#f9e1e3",
} as const;

export type Role = keyof typeof LIGHT;

export const DARK = {
  paper: "#12171a",
  card: "#1a2125",
  ink: "#e8ebe9",
  soft: "#a3afb3",
  line: "#313b40",
  grid: "#283136",
  honest: "#5cc4b8",
  honestWash: "#17332f",
  leaky: "#f0976b",
  leakyWash: "#3b251b",
  placebo: "#98a2ad",
  doubt: "#e6bd5a",
  doubtWash: "#352c14",
  bad: "#f28b96",
  badWash: "#3c1f23",
} as const satisfies Record<Role, string>;

/** `--honest: #0f6b6b; …` */
export function declarations(colours: Readonly<Record<Role, string>>): string {
  return Object.entries(colours)
    .map(([role, colour]) => `--${kebab(role)}:${colour};`)
    .join("");
}

/** Plots in the colours of the page: each colour of the light theme becomes a reference to its role. */
export function byRole(svg: string): string {
  let out = svg;
  for (const [role, colour] of Object.entries(LIGHT)) out = out.replaceAll(`"${colour}"`, `"var(--${kebab(role)})"`);
  return out;
}

function kebab(role: string): string {
  return role.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
