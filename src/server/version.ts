import { createRequire } from "node:module";

/** The package's version, read from its package.json, two folders above the built file. */
export const VERSION: string = (createRequire(import.meta.url)("../../package.json") as { version: string }).version;
