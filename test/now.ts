/** The fixed clock of the tests: 2019-01-01. */
export const NOW_MS = 1_546_300_800_000;
