/** A user id as text: `123` and `"123"` are the same user. */
export type UserId = string;

/** Binary text order (UTF-16 units), the order of users everywhere: it is DuckDB's for ASCII ids. */
export function compareUserIds(a: UserId, b: UserId): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
