import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** From the compiled test as from the source. */
const MAIN = fileURLToPath(new URL("../dist/cli/main.js", rootOf(import.meta.url)));

function rootOf(url: string): string {
  return url.replace(/\/dist-scripts\/harness\//, "/harness/");
}

export interface ServicePlace {
  readonly home: string;
  /** `DATABASE_URL`; null is PGlite in the home. */
  readonly url: string | null;
}

export function environmentOf({ home, url }: ServicePlace): NodeJS.ProcessEnv {
  return { ...process.env, REFRAIN_HOME: home, DATABASE_URL: url ?? "", NO_COLOR: "1" };
}

/** The JSON document of a command; throws what it says on stderr where it fails. */
export function refrain<T>(place: ServicePlace, ...args: string[]): T {
  const options = { env: environmentOf(place), encoding: "utf8", maxBuffer: 1 << 28 } as const;
  return JSON.parse(execFileSync(process.execPath, [MAIN, ...args, "--json", "--quiet"], options)) as T;
}

/** A real `refrain serve`, to be ended in any way and started again. */
export class ServiceProcess {
  readonly place: ServicePlace;
  readonly #key: string;
  readonly #settings: Readonly<Record<string, string>>;
  #child: ChildProcess | null = null;
  #address = "";
  /** The end of what it said on stderr. */
  log = "";

  constructor(place: ServicePlace, settings: Readonly<Record<string, string>> = {}) {
    this.place = place;
    this.#settings = settings;
    this.#key = refrain<{ key: string }>(place, "keys", "create", "--role", "admin").key;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Resolves when it is ready; throws where it ends before. */
  async start(): Promise<void> {
    const env = { ...environmentOf(this.place), ...this.#settings };
    const child = spawn(process.execPath, [MAIN, "serve", "--port", "0", "--json", "--quiet"], { env });
    this.#child = child;
    child.stderr.on("data", (bytes: Buffer) => {
      this.log = (this.log + bytes).slice(-20_000);
    });
    const ended = once(child, "close").then(() => Promise.reject(new Error(`serve ended: ${this.log}`)));
    ended.catch(() => {});
    const [bytes] = (await Promise.race([once(child.stdout, "data"), ended])) as [Buffer];
    this.#address = (JSON.parse(bytes.toString()) as { address: string }).address;
    while ((await fetch(`${this.#address}/health/ready`)).status !== 200 && !(await this.#hasStore())) {
      await setTimeout(50);
    }
  }

  /** Without a model it is never ready, and takes events all the same. */
  async #hasStore(): Promise<boolean> {
    const { status } = await this.ask("/users/nobody-at-all");
    return status === 404;
  }

  /** Ends it, and waits until it has ended. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, "close");
    child.kill(signal);
    await closed;
  }

  /** Throws where no answer comes. */
  async ask(
    path: string,
    body?: unknown,
  ): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }> {
    const headers = { authorization: `Bearer ${this.#key}`, "content-type": "application/json" };
    const options = body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) };
    const answer = await fetch(`${this.#address}${path}`, options);
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
  }
}
