/** What was found of one thing; `hint` says what to do where it is not ok. */
export interface Check {
  readonly name: string;
  readonly status: "ok" | "warn" | "fail";
  readonly detail: string;
  readonly hint: string | null;
}

export const ok = (name: string, detail: string): Check => ({ name, status: "ok", detail, hint: null });
export const warn = (name: string, detail: string, hint: string): Check => ({ name, status: "warn", detail, hint });
export const fail = (name: string, detail: string, hint: string): Check => ({ name, status: "fail", detail, hint });
