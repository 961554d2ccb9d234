import { inject } from "vitest";

/** What `setup.ts` makes once in a run of the tests, or anew each time on something that it made once. */
export type RunWide = "home with an empty store" | "new database";

declare module "vitest" {
  interface ProvidedContext {
    runWide: string;
  }
}

/** A path or a URL. */
export async function runWide(name: RunWide): Promise<string> {
  const answer = await fetch(`${inject("runWide")}/${encodeURIComponent(name)}`);
  if (!answer.ok) throw new Error(`${name}: ${await answer.text()}`);
  return answer.text();
}
