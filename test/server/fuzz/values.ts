import fc from "fast-check";

/** The part of JSON Schema that our documents are written in. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Texts that have broken others. */
const HOSTILE: readonly string[] = [
  "' OR 1=1; DROP TABLE events; --",
  "$1",
  "\\'; SELECT pg_sleep(10); --",
  "{}",
  "../../../../etc/passwd",
  "..\\..\\windows\\win.ini",
  "<script>alert(1)</script>",
  "\u0000",
  "\ud800",
  "\u202e\u2066",
  "__proto__",
  "constructor",
  "toString",
  "NaN",
  "Infinity",
  "-0",
  "1e999",
  "9007199254740993",
  "２０１８",
  "2018-13-45T99:99:99Z",
  "a".repeat(5_000),
  "%00%ff%2e%2e",
  "\r\nset-cookie: a=b",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what a template or a logger elsewhere would fill in
  "${jndi:ldap://x}",
];

const hostile = fc.constantFrom(...HOSTILE);
const anyText = fc.oneof({ weight: 3, arbitrary: fc.string() }, fc.string({ unit: "binary" }), hostile);

/** Values of a schema, now and then something else in the place of one. */
export function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 9, arbitrary: fitting(schema) },
    { weight: 1, arbitrary: fc.oneof(fc.jsonValue({ maxDepth: 3 }), hostile) },
  );
}

function fitting(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(valuesOf));
  const types = [schema.type ?? "any"].flat();
  return fc.oneof(...types.map((type) => ofType(type, schema)));
}

function ofType(type: string, schema: Schema): fc.Arbitrary<unknown> {
  switch (type) {
    case "string":
      return fc.oneof(anyText, fc.constantFrom("1", "12", "100056", "2018-12-01T00:00:00Z", "Home", "NextSong"));
    case "integer":
      return fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.integer({ min: 0, max: 20 }));
    case "number":
      return fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer());
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return fc.array(valuesOf(schema.items ?? {}), { maxLength: 5 });
    case "object":
      return objects(schema);
    default:
      return fc.jsonValue({ maxDepth: 3 });
  }
}

function objects({ properties = {}, required = [], additionalProperties }: Schema): fc.Arbitrary<unknown> {
  const known = fc.record(Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, valuesOf(one)])), {
    requiredKeys: Object.keys(properties).filter((name) => required.includes(name)),
  });
  if (additionalProperties === undefined || additionalProperties === false) return known;
  const values = valuesOf(additionalProperties === true ? {} : additionalProperties);
  return fc
    .tuple(known, fc.dictionary(fc.oneof(fc.string(), hostile), values, { maxKeys: 4 }))
    .map(([a, b]) => ({ ...b, ...a }));
}

/** Bytes in the place of a body: as they should be, or broken in one of the ways that bodies break. */
export function bodiesOf(schema: Schema): fc.Arbitrary<Buffer> {
  const good = valuesOf(schema).map((value) => Buffer.from(JSON.stringify(value) ?? "null"));
  const cut = fc.tuple(good, fc.nat()).map(([bytes, at]) => bytes.subarray(0, at % (bytes.length + 1)));
  const flipped = fc.tuple(good, fc.nat(), fc.nat(255)).map(([bytes, at, byte]) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[at % copy.length] = byte;
    return copy;
  });
  const odd = fc.constantFrom(
    "",
    "\ufeff{}",
    '{"__proto__":{"role":"admin"}}',
    '{"constructor":{"prototype":{"role":"admin"}}}',
    `${"[".repeat(3_000)}${"]".repeat(3_000)}`,
    `${'{"a":'.repeat(40)}1${"}".repeat(40)}`,
    '{"user_id":1,"user_id":{}}',
    "1e400",
    "[1,]",
    "// no",
  );
  return fc.oneof(
    { weight: 8, arbitrary: good },
    cut,
    flipped,
    odd.map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
  );
}

export { anyText };
