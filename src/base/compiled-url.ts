/**
 * Where the JavaScript of a module lies: Node 20 cannot run TypeScript, so what tests import from `src` starts its threads
 * from `dist`.
 *
 * @param moduleUrl an `import.meta.url`, or a URL beside it
 */
export function compiledUrl(moduleUrl: string): string {
  const at = moduleUrl.lastIndexOf("/src/");
  return at === -1 ? moduleUrl : `${moduleUrl.slice(0, at)}/dist/${moduleUrl.slice(at + 5)}`;
}
