/** Refusals that only HTTP knows; all others are entries of `ERRORS`. */
export const HTTP_PROBLEMS = {
  BODY_MALFORMED: {
    status: 400,
    message: "The body is not valid JSON.",
    hint: "Send one JSON document, with content-type: application/json.",
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
  ROUTE_UNKNOWN: {
    status: 404,
    message: "There is no such route.",
    hint: "Routes: GET /, GET /health/live, GET /health/ready, POST /predict, POST /batch_predict, GET /model/info, POST /update_user_events, GET /users/ID.",
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

  constructor(code: HttpProblemCode) {
    super(HTTP_PROBLEMS[code].message);
    this.name = "HttpProblemError";
    this.code = code;
  }
}
