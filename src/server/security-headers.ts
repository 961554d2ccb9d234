import type { IncomingMessage, ServerResponse } from "node:http";
import helmet, { type HelmetOptions } from "helmet";

/** The report's style and plots are inline; it loads nothing and runs no script. */
const PAGE_POLICY = {
  "default-src": ["'none'"],
  "style-src": ["'unsafe-inline'"],
  "img-src": ["data:"],
  "base-uri": ["'none'"],
  "form-action": ["'none'"],
  "frame-ancestors": ["'none'"],
};

/** No other page may frame us or read us; whoever ends TLS before us says whether it is to be insisted on. */
const RULES = {
  contentSecurityPolicy: { useDefaults: false, directives: PAGE_POLICY },
  xFrameOptions: { action: "deny" },
  strictTransportSecurity: false,
  // For browsers and plugins that are no more.
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
  xDnsPrefetchControl: false,
} as const satisfies HelmetOptions;

/** For every answer: what helmet says, worked out once, since it never changes. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  ...helmetHeaders(RULES),
  // Scores, users and keys are nobody's to keep.
  "cache-control": "no-store",
};

/** The policy of a page that runs our own scripts and nobody else's. */
export const SCRIPTED_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function helmetHeaders(rules: HelmetOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  const answer = {
    setHeader: (name: string, value: string) => {
      headers[name.toLowerCase()] = value;
    },
    removeHeader: () => {},
  };
  helmet(rules)({} as IncomingMessage, answer as unknown as ServerResponse, () => {});
  return headers;
}
