/** Whether a log that begins with these bytes is one JSON array rather than lines, of which the first may be an array too. */
export function isJsonArray(beginning: Buffer): boolean {
  const text = beginning
    .toString("latin1")
    .replace(/^\u00ef\u00bb\u00bf/, "")
    .trimStart();
  if (!text.startsWith("[")) return false;
  const newline = text.indexOf("\n");
  if (newline === -1) return true;
  const firstLine = text.slice(0, newline);
  const hasMore = text.slice(firstLine.length).trim() !== "";
  return !(hasMore && isJson(firstLine));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
