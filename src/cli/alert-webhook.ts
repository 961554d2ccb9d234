import { createHmac } from "node:crypto";
import { RefrainError } from "../base/errors.js";
import { isoOf, MS_PER_SECOND } from "../base/time.js";
import type { World } from "../base/world.js";
import type { Alert, AlertEvent, AlertSink } from "../pipeline/loop/alert-table.js";

const NAME = "REFRAIN_ALERTS_WEBHOOK";
const SECRET = "REFRAIN_ALERTS_SECRET";
const PATIENCE_MS = 10_000;
const MARKS = { info: "ℹ️", warning: "⚠️", critical: "🚨" } as const;

/** Who is told of alerts: the log always, and the address of `REFRAIN_ALERTS_WEBHOOK`. Fails with VALUE_BAD. */
export function alertSinks(
  env: NodeJS.ProcessEnv,
  { log, now }: Pick<World, "log" | "now">,
): Record<string, AlertSink> {
  const toLog: AlertSink = async (alert, event) => log.warn(textOf(alert, event));
  const post = webhook(env, now);
  return post === null ? { log: toLog } : { log: toLog, webhook: post };
}

/** One line of what happened, as it is said in the log and by Slack. */
export function textOf({ id, severity, rule, message, openedAtMs }: Alert, event: AlertEvent): string {
  return event === "opened"
    ? `${MARKS[severity]} ${severity} ${rule}: ${message} (alert ${id})`
    : `✅ resolved ${rule}: ${message} (alert ${id}, open since ${isoOf(openedAtMs)})`;
}

/**
 * Posts JSON with a `text` that Slack shows. The header `x-refrain-signature: t=SECONDS,v1=HEX` is the HMAC-SHA256 of `SECONDS.BODY`
 * under `REFRAIN_ALERTS_SECRET`: who checks it knows that it comes from here and is not old. `x-refrain-delivery` is the same for
 * what is sent again. Neither errors nor logs show the address.
 */
function webhook(env: NodeJS.ProcessEnv, now: World["now"]): AlertSink | null {
  const text = env[NAME];
  if (text === undefined || text === "") return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw new RefrainError("VALUE_BAD", { name: NAME, value: "(not shown)", advice: "Give an http or https address." });
  }
  const secret = env[SECRET] ?? "";
  return async (alert, event) => {
    const body = JSON.stringify({ kind: "alert", event, text: textOf(alert, event), alert: shown(alert) });
    const answer = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-refrain-delivery": `${alert.id}-${event}`,
        ...(secret === "" ? {} : { "x-refrain-signature": signature(body, secret, Math.floor(now() / MS_PER_SECOND)) }),
      },
      body,
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE_MS),
    }).catch(() => null);
    if (answer?.ok !== true) {
      throw new Error(`the address of ${NAME} ${answer === null ? "does not answer" : `answered ${answer.status}`}`);
    }
  };
}

export function signature(body: string, secret: string, seconds: number): string {
  return `t=${seconds},v1=${createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex")}`;
}

function shown({ id, rule, subject, severity, message, value, openedAtMs, resolvedAtMs }: Alert) {
  return {
    id,
    rule,
    subject,
    severity,
    message,
    value,
    opened_at: isoOf(openedAtMs),
    resolved_at: resolvedAtMs === null ? null : isoOf(resolvedAtMs),
  };
}
