/** Refusals that only HTTP knows; all others are entries of `ERRORS`. */
export const HTTP_PROBLEMS = {
  BODY_MALFORMED: {
    status: 400,
    message: "The body is not valid JSON.",
    hint: "Send one JSON document, with content-type: application/json.",
  },
  BODY_NOT_UTF8: { status: 400, message: "The body is not UTF-8.", hint: "Send JSON in UTF-8." },
  BODY_TOO_DEEP: {
    status: 400,
    message: "The body is nested too deep.",
    hint: "No route takes lists or objects nested deeper than a few levels.",
  },
  URL_MALFORMED: { status: 400, message: "The address cannot be read.", hint: "Percent-encode it in UTF-8." },
  REQUEST_BAD: { status: 400, message: "The request cannot be read.", hint: "Send a plain HTTP/1.1 request." },
  KEY_MISSING: {
    status: 401,
    message: "A key is needed.",
    hint: "Send authorization: Bearer KEY; refrain keys create makes one.",
  },
  KEY_REFUSED: {
    status: 401,
    message: "This key opens nothing: it is unknown, revoked or expired.",
    hint: "refrain keys list shows which are in use; refrain keys create makes one.",
  },
  LOGIN_OVER: {
    status: 401,
    message: "This login is over: it was ended, is too old, or its key opens nothing any more.",
    hint: "Log in again: POST /login.",
  },
  LINK_SPENT: {
    status: 401,
    message: "This link opens nothing any more: it works once, and not for long.",
    hint: "Log in with a key, or start again for a new link.",
  },
  ROLE_TOO_LOW: {
    status: 403,
    message: "This key may not do that.",
    hint: "Ask for a key of a higher role: reader, writer, admin.",
  },
  HOST_REFUSED: {
    status: 403,
    message: "This service answers to its own loopback address only.",
    hint: "Open it as http://127.0.0.1 with the port that refrain printed.",
  },
  ORIGIN_REFUSED: {
    status: 403,
    message: "Another site may not send this.",
    hint: "Send it from a page of this service, or without a browser.",
  },
  CSRF_REFUSED: {
    status: 403,
    message: "A page must prove that it is of this service.",
    hint: "Send x-csrf-token with the csrf_token of the login, from a page of this service; or a key instead of a login.",
  },
  ROUTE_UNKNOWN: { status: 404, message: "There is no such route.", hint: "GET /docs lists the routes." },
  METHOD_WRONG: {
    status: 405,
    message: "This address does not take that method.",
    hint: "The header allow says which it takes.",
  },
  REQUEST_TOO_SLOW: {
    status: 408,
    message: "The request did not arrive in time.",
    hint: "Send it at once, or in smaller parts.",
  },
  BODY_TOO_LARGE: { status: 413, message: "The body is too large.", hint: "Send it in smaller parts." },
  BODY_INFLATES: {
    status: 413,
    message: "The body grows far more than a log does when it is unpacked.",
    hint: "Send it without content-encoding.",
  },
  BODY_SLOW: {
    status: 408,
    message: "Nothing more of the body came for a minute.",
    hint: "Send it again: what was taken already is counted as duplicates.",
  },
  BODY_BROKEN: {
    status: 400,
    message: "The body ended too early, or is not what its content-encoding says.",
    hint: "Send it again: what was taken already is counted as duplicates.",
  },
  MEDIA_TYPE_UNKNOWN: {
    status: 415,
    message: "This content type is not understood.",
    hint: "Send JSON, with content-type: application/json; events also as application/x-ndjson.",
  },
  ENCODING_UNKNOWN: {
    status: 415,
    message: "This content encoding is not understood.",
    hint: "Send the body as it is, or lines of events as gzip.",
  },
  TOO_MANY: {
    status: 429,
    message: "This key asks too often.",
    hint: "Wait as long as retry-after says; requestsPerSecond in the configuration is the limit.",
  },
  TOO_MANY_REFUSED: {
    status: 429,
    message: "Too many requests without a key that opens anything came from this address.",
    hint: "Wait as long as retry-after says, and send a key that works.",
  },
  QUEUE_FULL: {
    status: 429,
    message: "More has come than can be worked on; nothing of this request was taken.",
    hint: "Send it again after retry-after, or less at a time.",
  },
  HEAD_TOO_LARGE: {
    status: 431,
    message: "The address and headers are too long.",
    hint: "They may be 16 KB together.",
  },
  NOT_READY: {
    status: 503,
    message: "Not everything is there that the service needs.",
    hint: "The errors name what is missing; ask again after retry-after.",
  },
  STOPPING: {
    status: 503,
    message: "The service is being stopped.",
    hint: "Send it again after retry-after: to another replica, or to this one when it is back.",
  },
} as const satisfies Record<string, HttpProblem>;

interface HttpProblem {
  readonly status: number;
  readonly message: string;
  readonly hint: string;
}

export type HttpProblemCode = keyof typeof HTTP_PROBLEMS;

/** An error that is answered with an entry of `HTTP_PROBLEMS`. */
export class HttpProblemError extends Error {
  readonly code: HttpProblemCode;

  /** When it is worth asking again; null where nothing is known of it. */
  readonly retryAfterMs: number | null;

  constructor(code: HttpProblemCode, retryAfterMs: number | null = null) {
    super(HTTP_PROBLEMS[code].message);
    this.name = "HttpProblemError";
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}
