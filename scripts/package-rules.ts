import { readFileSync } from "node:fs";

/** What tidy asks of the packages: exact pins, nothing that runs code while installing, no registry's host in the lock. */

interface Locked {
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, "utf8")) as T;

export function packageComplaints(): string[] {
  type Versions = Readonly<Record<string, string>>;
  const { dependencies, devDependencies } =
    readJson<Record<"dependencies" | "devDependencies", Versions>>("package.json");
  const { packages } = readJson<{ packages: Readonly<Record<string, Locked>> }>("package-lock.json");
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(([, version]) => !EXACT.test(version));
  const locked = Object.entries(packages);
  const names = new Set(Object.keys(packages).map((path) => path.split("node_modules/").at(-1)));
  const unlocked = locked.flatMap(([, { optionalDependencies }]) => Object.keys(optionalDependencies ?? {}));
  return [
    ...loose.map(([name, version]) => `package.json: ${name} ${version} – pin it exactly: npm install -E ${name}`),
    ...locked
      .filter(([, { dev, hasInstallScript }]) => hasInstallScript === true && dev !== true)
      .map(([path]) => `package-lock.json: ${path} has an install script – choose a package without one`),
    // npm ci refuses a lock without them, and npm install drops those that the registry at hand does not offer.
    ...unlocked
      .filter((name) => !names.has(name))
      .map((name) => `package-lock.json: ${name} is missing – give it an entry with version, os and cpu`),
    ...locked
      .filter(([, { resolved }]) => resolved !== undefined && /^https?:/.test(resolved))
      .map(
        ([path]) => `package-lock.json: ${path} names its registry – .npmrc omits it: npm install --package-lock-only`,
      ),
  ];
}
