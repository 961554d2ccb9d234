import { RefrainError } from "../base/errors.js";

const PATIENCE_MS = 10_000;
const NAME = "REFRAIN_SCORES_WEBHOOK";

/**
 * Where to post the news of a night's scores, as `REFRAIN_SCORES_WEBHOOK` says; null where it does not. Such an address is often a secret,
 * so neither errors nor logs show it. Fails with VALUE_BAD.
 */
export function webhookOf(env: NodeJS.ProcessEnv): ((message: unknown) => Promise<void>) | null {
  const text = env[NAME];
  if (text === undefined || text === "") return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw new RefrainError("VALUE_BAD", { name: NAME, value: "(not shown)", advice: "Give an http or https address." });
  }
  return async (message) => {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(message),
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE_MS),
    }).catch(() => null);
    if (answer?.ok !== true) {
      throw new Error(`the address of ${NAME} ${answer === null ? "does not answer" : `answered ${answer.status}`}`);
    }
  };
}
