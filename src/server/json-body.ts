import { isUtf8 } from "node:buffer";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { HttpProblemError } from "./http-problems.js";

/** Nothing that a route takes is nested deeper than a few levels. */
export const DEPTH_MAX = 16;

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = Buffer.from('"\\[]{}');

/**
 * JSON is the only body we take: UTF-8, not nested too deep, and without keys that reach for prototypes. All of it is checked
 * before a schema sees a value.
 */
export function takeJsonOnly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body: Buffer, done) => {
    if (body.length === 0 && !wantsBody(request)) done(null, undefined);
    else if (!isUtf8(body)) done(new HttpProblemError("BODY_NOT_UTF8"));
    else if (isDeeperThan(DEPTH_MAX, body)) done(new HttpProblemError("BODY_TOO_DEEP"));
    else {
      const plain = plainJson(body);
      if (plain === undefined) parse(request, body.toString("utf8"), done);
      else done(null, plain);
    }
  });
}

const REACHING = ["\\", "__proto__", "constructor"].map((text) => Buffer.from(text));

/**
 * What a body says that cannot reach for prototypes, since it has neither the names that do nor an escape that could spell them: of
 * such a body the careful parser makes the same, but takes half as long again. Undefined for any other, and where it is no JSON.
 */
function plainJson(body: Buffer): unknown {
  if (REACHING.some((text) => body.includes(text))) return undefined;
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

function wantsBody({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.schema?.body !== undefined;
}

/** Whether lists and objects are nested deeper than `depthMax`; brackets inside of strings are text. */
export function isDeeperThan(depthMax: number, json: Uint8Array): boolean {
  if (!hasMoreOpenings(depthMax, json)) return false;
  let depth = 0;
  let isText = false;
  // hot loop: every byte of every body
  for (let i = 0; i < json.length; i++) {
    const byte = json[i];
    if (isText) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      if (++depth > depthMax) return true;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--;
  }
  return false;
}

/** Whether there are so many opening brackets at all; `indexOf` looks at the bytes many times as fast as we can. */
function hasMoreOpenings(most: number, json: Uint8Array): boolean {
  let found = 0;
  for (const bracket of [OPEN_LIST, OPEN_OBJECT] as number[]) {
    for (let at = json.indexOf(bracket); at !== -1; at = json.indexOf(bracket, at + 1)) if (++found > most) return true;
  }
  return false;
}
