/** Bytes of one or more WebAssembly instructions. */
export type Code = readonly number[];

/** Whole numbers without and with a sign, seven bits a byte (LEB128). */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    const last = rest >= -64 && rest < 64;
    bytes.push((rest & 0x7f) | (last ? 0 : 0x80));
    if (last) return bytes;
  }
}

const I32 = 0x7f;
const NOTHING = 0x40;

/** The instructions in use, by the names that the WebAssembly text format has for them; operands come before. */
export const wasm = {
  get: (local: number): Code => [0x20, ...unsigned(local)],
  set: (local: number): Code => [0x21, ...unsigned(local)],
  tee: (local: number): Code => [0x22, ...unsigned(local)],
  i32: (value: number): Code => [0x41, ...signed(value)],
  add: [0x6a],
  shl: [0x74],
  shrU: [0x76],
  and: [0x71],
  geU: [0x4f],
  ltU: [0x49],
  i32Load: [0x28, 2, 0],
  v128Load: (offset: number): Code => [0xfd, 0, 4, ...unsigned(offset)],
  v128Store: (offset: number): Code => [0xfd, 11, 4, ...unsigned(offset)],
  f64x2Add: [0xfd, ...unsigned(0xf0)],
  /** Runs the body, and again as long as what it leaves is not 0. */
  doWhile: (...body: readonly Code[]): Code => [0x03, NOTHING, ...body.flat(), 0x0d, 0, 0x0b],
  returnIf: [0x04, NOTHING, 0x0f, 0x0b],
} as const;

const V128 = 0x7b;

export interface Kernel {
  readonly name: string;
  /** How many 32-bit numbers it is called with; they are its first locals. */
  readonly parameters: number;
  /** Further locals: 32-bit numbers, then pairs of float64. */
  readonly locals: { readonly i32: number; readonly v128: number };
  readonly body: readonly Code[];
}

const text = (value: string) => [value.length, ...Array.from(value, (letter) => letter.charCodeAt(0))];
const list = (items: readonly Code[]) => [...unsigned(items.length), ...items.flat()];
const sized = (bytes: Code) => [...unsigned(bytes.length), ...bytes];
const section = (id: number, bytes: Code) => [id, ...sized(bytes)];

const PAGES_MAX = 65_536;

/** A WebAssembly module of one function over an imported memory, `env.memory`. */
export function assemble(kernel: Kernel, shared: boolean): Uint8Array {
  const { name, parameters, locals, body } = kernel;
  const limits = shared ? [0x03, 0, ...unsigned(PAGES_MAX)] : [0x00, 0];
  const declared = list([
    [locals.i32, I32],
    [locals.v128, V128],
  ]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, list([[0x60, ...list(Array<Code>(parameters).fill([I32])), ...list([])]])),
    ...section(2, list([[...text("env"), ...text("memory"), 0x02, ...limits]])),
    ...section(3, list([[0]])),
    ...section(7, list([[...text(name), 0x00, 0]])),
    ...section(10, list([sized([...declared, ...body.flat(), 0x0b])])),
  ]);
}
