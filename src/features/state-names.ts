/** Names of states by code, as one log or one process numbers them: a name keeps its code, and 0 is none. */
export class StateNames {
  readonly names: string[];
  readonly #codes: Map<string, number>;

  /** @param names as `EventColumns.states`: `""` first */
  constructor(names: readonly string[] = [""]) {
    this.names = [...names];
    this.#codes = new Map(names.map((name, code) => [name, code]));
  }

  codeOf(name: string): number {
    const known = this.#codes.get(name);
    if (known !== undefined) return known;
    this.#codes.set(name, this.names.length);
    return this.names.push(name) - 1;
  }

  nameOf(code: number): string {
    return this.names[code] ?? "";
  }
}
