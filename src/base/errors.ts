import { ERRORS } from "./error-table.js";

export { ERRORS };

export type ErrorCode = keyof typeof ERRORS;
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null>>;

/** An expected failure: its code is an entry of `ERRORS`; message and hint are filled from the details. */
export class RefrainError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly exit: number;
  readonly status: number;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, cause?: unknown) {
    super(fill(ERRORS[code].message, details), cause === undefined ? undefined : { cause });
    this.name = "RefrainError";
    this.code = code;
    this.hint = fill(ERRORS[code].hint, details);
    this.exit = ERRORS[code].exit;
    this.status = ERRORS[code].status;
    this.details = details;
  }

  /** An error that another process met, in its words. */
  static told(code: ErrorCode, { message, hint }: { readonly message: string; readonly hint: string }): RefrainError {
    return Object.assign(new RefrainError(code), { message, hint });
  }

  toJSON() {
    return { code: this.code, message: this.message, hint: this.hint, details: this.details };
  }
}

function fill(template: string, details: ErrorDetails): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => (name in details ? String(details[name]) : whole));
}
