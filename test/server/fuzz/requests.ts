import fc from "fast-check";
import { anyText, bodiesOf, type Schema, valuesOf } from "./values.js";

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: "path" | "query"; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

/** What we need of `/openapi.json`. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

export interface FuzzRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
  /** Answers that the document has for it: status → content types. */
  readonly documented: ReadonlyMap<number, readonly string[]>;
}

export interface FuzzAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Requests for every operation of a document, most of them nearly right. `keys` are those that open something. */
export function requestsOf(document: ApiDocument, keys: readonly string[]): fc.Arbitrary<FuzzRequest> {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => requests(path, method, operation, keys)),
  );
  return fc.oneof(...operations);
}

function requests(
  path: string,
  method: string,
  operation: Operation,
  keys: readonly string[],
): fc.Arbitrary<FuzzRequest> {
  const { parameters = [], requestBody, responses } = operation;
  const documented = new Map(
    Object.entries(responses).map(([status, { content = {} }]) => [Number(status), Object.keys(content)] as const),
  );
  const content = Object.entries(requestBody?.content ?? {});
  const body = fc.oneof(
    ...(content.length === 0
      ? [fc.constant({ type: null, bytes: null })]
      : content.map(([type, { schema }]) => bodiesOf(schema).map((bytes) => ({ type, bytes })))),
  );
  const values = fc.tuple(...parameters.map(({ schema }) => fc.option(valuesOf(schema), { freq: 8 })));
  return fc
    .tuple(values, body, authorizations(keys), oddHeaders())
    .map(([given, { type, bytes }, authorization, odd]) => ({
      method: method.toUpperCase(),
      url: address(path, parameters, given),
      headers: { ...odd, ...authorization, ...(type === null ? {} : { "content-type": type }) },
      body: bytes,
      documented,
    }));
}

function address(path: string, parameters: NonNullable<Operation["parameters"]>, given: readonly unknown[]): string {
  let url = path;
  const query: string[] = [];
  parameters.forEach(({ name, in: where }, i) => {
    const value = given[i];
    const text = encoded(typeof value === "string" ? value : JSON.stringify(value ?? "1"));
    if (where === "path") url = url.replace(`{${name}}`, text || "1");
    else if (value !== null) query.push(`${name}=${text}`);
  });
  return query.length === 0 ? url : `${url}?${query.join("&")}`;
}

/** Half of a surrogate pair cannot be encoded. */
function encoded(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}

function authorizations(keys: readonly string[]): fc.Arbitrary<Record<string, string>> {
  const good = fc.constantFrom(...keys).map((key) => ({ authorization: `Bearer ${key}` }));
  const odd = anyText.map((text) => ({ authorization: `Bearer ${headerText(text)}` }));
  const cookie = anyText.map((text) => ({ cookie: `refrain_session=${headerText(text)}` }));
  return fc.oneof({ weight: 8, arbitrary: good }, odd, cookie, fc.constant({}));
}

function oddHeaders(): fc.Arbitrary<Record<string, string>> {
  const name = fc.constantFrom(
    "x-forwarded-for",
    "x-csrf-token",
    "accept",
    "accept-encoding",
    "if-none-match",
    "range",
    "origin",
  );
  return fc.dictionary(name, anyText.map(headerText), { maxKeys: 2 });
}

/** Visible ASCII: what may stand in a header. */
function headerText(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, "").slice(0, 500);
}

/** What is wrong with an answer, null where nothing is. */
export function complaint(
  { method, url, documented }: FuzzRequest,
  { status, headers, body }: FuzzAnswer,
): string | null {
  const say = (what: string) => `${method} ${url.slice(0, 200)} → ${status}: ${what}: ${body.slice(0, 300)}`;
  if (status >= 500 && status !== 503) return say("our bug");
  if (!/^[0-9a-f-]{36}$/.test(String(headers["x-request-id"]))) return say("no x-request-id");
  const types = documented.get(status);
  if (types === undefined) return say("a status that /openapi.json does not have");
  const type = String(headers["content-type"] ?? "").split(";")[0] ?? "";
  const allowed = types.map((one) => one.split(";")[0] ?? "");
  const fits = allowed.some((one) => one === type || (one.endsWith("/*") && type.startsWith(one.slice(0, -1))));
  if (types.length > 0 && !fits) return say(`${type} in place of ${types.join(" or ")}`);
  if ([429, 503].includes(status) && headers["retry-after"] === undefined) return say("no retry-after");
  if (/\bat .*\.[jt]s:\d+|node_modules|\/src\//.test(body) && type === "application/problem+json")
    return say("a stack");
  return null;
}
