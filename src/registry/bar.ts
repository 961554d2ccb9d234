import type { Verdict } from "../schema/documents.js";

/** What a model says of itself that decides whether it may serve. */
interface Judged {
  readonly protocol: string;
  readonly leaky: boolean;
  readonly audits: { readonly verdict: Verdict } | null;
}

/** Why a model can never be the champion; null where it can. */
export function barOf({ protocol, leaky, audits }: Judged): string | null {
  if (leaky) {
    return protocol === "table" ? "nothing shows when its features were known" : "its protocol leaks the future";
  }
  return audits?.verdict === "failed" ? "it failed an audit" : null;
}
