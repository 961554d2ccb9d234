import { assemble } from "./assemble.js";
import { histogramKernel } from "./histogram-kernel.js";

/** A WebAssembly memory; a shared one may be sent to worker threads. */
export interface Memory {
  readonly buffer: ArrayBuffer;
}

// The compiler's library has WebAssembly only together with all of a browser.
declare const WebAssembly: {
  readonly Memory: new (size: { initial: number; maximum: number; shared: boolean }) => Memory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> };
};

const PAGE_BYTES = 65_536;

export function memoryOf(bytes: number, shared: boolean): Memory {
  const pages = Math.max(1, Math.ceil(bytes / PAGE_BYTES));
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
}

/** Adds sums of rows to the histogram of a group of columns; all are byte addresses in the memory. */
export type AddRows = (bins: number, order: number, orderEnd: number, sums: number, out: number) => void;

/** The kernel of `histogram-kernel.ts` over a memory. */
export function addRowsOver(memory: Memory): AddRows {
  const shared = !(memory.buffer instanceof ArrayBuffer);
  const module = new WebAssembly.Module(assemble(histogramKernel, shared));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return exports[histogramKernel.name] as AddRows;
}
