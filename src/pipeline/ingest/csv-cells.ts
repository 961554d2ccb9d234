/** The cells of one CSV record (RFC 4180); `null` when its quotes are wrong. A cell that is empty and unquoted is `null`. */
export function csvCells(record: string, delimiter: string): (string | null)[] | null {
  const cells: (string | null)[] = [];
  let at = 0;
  for (;;) {
    if (record[at] === '"') {
      const end = closingQuote(record, at + 1);
      if (end === -1) return null;
      cells.push(record.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 1;
      if (at < record.length && record[at] !== delimiter) return null;
    } else {
      const next = record.indexOf(delimiter, at);
      const cell = record.slice(at, next === -1 ? record.length : next);
      if (cell.includes('"')) return null;
      cells.push(cell === "" ? null : cell);
      at = next === -1 ? record.length : next;
    }
    if (at >= record.length) return cells;
    at++;
  }
}

function closingQuote(record: string, from: number): number {
  for (let at = record.indexOf('"', from); at !== -1; at = record.indexOf('"', at + 2)) {
    if (record[at + 1] !== '"') return at;
  }
  return -1;
}

/** The delimiter that a header uses most. */
export function delimiterOf(header: string): string {
  const count = (character: string) => header.split(character).length - 1;
  return [",", ";", "\t", "|"].reduce((best, character) => (count(character) > count(best) ? character : best));
}
