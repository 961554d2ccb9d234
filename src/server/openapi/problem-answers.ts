import { ERRORS, type ErrorCode } from "../../base/errors.js";
import { HTTP_PROBLEMS, type HttpProblemCode } from "../http-problems.js";
import { fieldsProblem, type Problem } from "../problem.js";
import type { KnownRoute } from "../route-list.js";

export type AnyCode = ErrorCode | HttpProblemCode;

const ALL: readonly AnyCode[] = ["TOO_MANY", "HEAD_TOO_LARGE", "STOPPING", "INTERNAL"];
const OF_KEYS: readonly AnyCode[] = [
  "KEY_MISSING",
  "KEY_REFUSED",
  "LOGIN_OVER",
  "ROLE_TOO_LOW",
  "TOO_MANY_REFUSED",
  "STORE_UNAVAILABLE",
  "STARTING",
];
const OF_BODIES: readonly AnyCode[] = [
  "VALUE_BAD",
  "BODY_MALFORMED",
  "BODY_NOT_UTF8",
  "BODY_TOO_DEEP",
  "BODY_TOO_LARGE",
  "MEDIA_TYPE_UNKNOWN",
  "REQUEST_TOO_SLOW",
  "QUEUE_FULL",
];

/** The codes that a route may answer with, by status. */
export function problemsOf({ method, role, schema, config }: KnownRoute): ReadonlyMap<number, readonly AnyCode[]> {
  const isOpen = role === "none";
  const changes = !["GET", "HEAD"].includes(method);
  const hasInput = schema.params !== undefined || schema.querystring !== undefined;
  const codes = [
    ...(config.doc?.problems ?? []),
    ...(hasInput ? (["VALUE_BAD", "URL_MALFORMED"] as const) : []),
    ...(schema.body === undefined ? [] : OF_BODIES),
    ...(isOpen ? [] : OF_KEYS),
    ...(!isOpen && changes ? (["CSRF_REFUSED"] as const) : []),
    // The demo serves its own machine only.
    ...(["HOST_REFUSED"] as const),
    ...(changes ? (["ORIGIN_REFUSED"] as const) : []),
    ...ALL,
  ];
  const byStatus = new Map<number, AnyCode[]>();
  for (const code of new Set(codes)) {
    const { status } = entryOf(code);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return new Map([...byStatus].sort(([a], [b]) => a - b));
}

function entryOf(code: AnyCode): { readonly status: number; readonly message: string; readonly hint: string } {
  return code in HTTP_PROBLEMS ? HTTP_PROBLEMS[code as HttpProblemCode] : ERRORS[code as ErrorCode];
}

/** What a problem of this code looks like; what is filled in when it happens is left out. */
export function problemExample(code: AnyCode): Problem {
  if (code === "VALUE_BAD") return fieldsProblem([{ field: "user_id", message: "give user_id or features" }]);
  const { status, message, hint } = entryOf(code);
  const [detail, advice] = [message, hint].map((text) => text.replace(/\{\w+\}/g, "…"));
  const title = detail ?? "";
  return { type: `urn:refrain:error:${code}`, title, status, detail: title, code, hint: advice ?? "" };
}
