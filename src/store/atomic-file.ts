import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Puts a finished temporary file in its place: a reader sees the old file or the whole new one, even after a crash. Where that
 * is refused the temporary file goes.
 */
export function moveIntoPlace(temporary: string, path: string): void {
  try {
    sync(temporary);
    mkdirSync(dirname(path), { recursive: true });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  sync(dirname(path));
}

/** Writes a whole file atomically. */
export function writeAtomically(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, content);
  moveIntoPlace(temporary, path);
}

function sync(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
