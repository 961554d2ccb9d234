import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { ERRORS, RefrainError } from "../base/errors.js";
import type { LinesTaken } from "../pipeline/upload/take-lines.js";
import { type LineCounts, lineCounts } from "./answers.js";
import { HTTP_PROBLEMS, type HttpProblemCode, HttpProblemError } from "./http-problems.js";

/** RFC 9457 problem details, with our stable code and advice. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly hint: string;
  /** The fields that are wrong. */
  readonly errors?: readonly FieldError[];
  /** How far an upload got before it broke off: what is counted is committed. */
  readonly progress?: LineCounts;
}

export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** A body whose fields do not fit: 400 that names them. */
export class FieldsError extends Error {
  readonly fields: readonly FieldError[];

  constructor(fields: readonly FieldError[]) {
    super(fields.map(({ field, message }) => `${field}: ${message}`).join("; "));
    this.name = "FieldsError";
    this.fields = fields;
  }
}

/** An upload that broke off, for the reason `cause`, after some of it was taken. */
export class UploadBrokenError extends Error {
  readonly taken: LinesTaken;

  constructor(cause: unknown, taken: LinesTaken) {
    super("the upload broke off", { cause });
    this.name = "UploadBrokenError";
    this.taken = taken;
    if (cause instanceof Error && cause.stack !== undefined) this.stack = cause.stack;
  }
}

/** Not all is there that serving needs: 503 that names what is missing. */
export class NotReadyError extends Error {
  readonly missing: readonly FieldError[];

  constructor(missing: readonly FieldError[]) {
    super(missing.map(({ field, message }) => `${field}: ${message}`).join("; "));
    this.name = "NotReadyError";
    this.missing = missing;
  }
}

/** Fastify's own refusals, as ours. */
const FASTIFY_CODES: Readonly<Record<string, HttpProblemCode>> = {
  FST_ERR_BAD_URL: "URL_MALFORMED",
  FST_ERR_CTP_BODY_TOO_LARGE: "BODY_TOO_LARGE",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "MEDIA_TYPE_UNKNOWN",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "REQUEST_BAD",
  FST_ERR_CTP_EMPTY_JSON_BODY: "BODY_MALFORMED",
  FST_ERR_CTP_INVALID_JSON_BODY: "BODY_MALFORMED",
};

/** The problem to answer with; `null` for an error nobody expected. */
export function problemOf(error: unknown): Problem | null {
  if (error instanceof RefrainError) return refrainProblem(error);
  if (error instanceof HttpProblemError) return httpProblem(error.code);
  if (error instanceof UploadBrokenError) return brokenProblem(error);
  if (error instanceof NotReadyError) {
    return { ...httpProblem("NOT_READY"), detail: error.message, errors: error.missing };
  }
  if (error instanceof FieldsError) return fieldsProblem(error.fields);
  if (hasZodFastifySchemaValidationErrors(error)) {
    return fieldsProblem(
      error.validation.map(({ instancePath, message }) => ({
        field: fieldName(instancePath),
        message: message ?? "is not valid",
      })),
    );
  }
  return fastifyProblem(error);
}

export function httpProblem(code: HttpProblemCode): Problem {
  const { status, message, hint } = HTTP_PROBLEMS[code];
  return { type: typeOf(code), title: message, status, detail: message, code, hint };
}

/** What a bug of ours looks like from outside: the reason stays in the log. */
export function internalProblem(): Problem {
  const title = "Something broke inside Refrain.";
  return {
    type: typeOf("INTERNAL"),
    title,
    status: ERRORS.INTERNAL.status,
    detail: title,
    code: "INTERNAL",
    hint: "This is our bug. The service's log holds the reason under this answer's x-request-id.",
  };
}

function refrainProblem(error: RefrainError): Problem {
  if (error.code === "INTERNAL") return internalProblem();
  const { code, status, message, hint } = error;
  return { type: typeOf(code), title: message, status, detail: message, code, hint };
}

function brokenProblem({ cause, taken }: UploadBrokenError): Problem | null {
  const problem = problemOf(cause);
  return problem && { ...problem, progress: lineCounts(taken) };
}

/** 400 that names the fields. */
export function fieldsProblem(fields: readonly FieldError[]): Problem {
  return {
    type: typeOf("VALUE_BAD"),
    title: "The request does not fit.",
    status: 400,
    detail: fields.map(({ field, message }) => `${field}: ${message}`).join("; "),
    code: "VALUE_BAD",
    hint: "Correct the fields that are named.",
    errors: fields,
  };
}

function fastifyProblem(error: unknown): Problem | null {
  if (!(error instanceof Error)) return null;
  const known = "code" in error && typeof error.code === "string" ? FASTIFY_CODES[error.code] : undefined;
  if (known !== undefined) return httpProblem(known);
  // Parsers of bodies throw a SyntaxError with a status; whatever else claims to be the sender's fault is one too.
  const status = "statusCode" in error ? error.statusCode : undefined;
  if (typeof status !== "number" || status < 400 || status >= 500) return null;
  return httpProblem(error instanceof SyntaxError ? "BODY_MALFORMED" : "REQUEST_BAD");
}

/** "/3/features" → "3.features"; the body as a whole is "body". */
function fieldName(instancePath: string): string {
  const name = instancePath.split("/").filter(Boolean).join(".");
  return name === "" ? "body" : name;
}

function typeOf(code: string): string {
  return `urn:refrain:error:${code}`;
}
