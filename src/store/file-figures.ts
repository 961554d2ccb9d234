/** What the manifest says of a file of the lake, over its columns: rows, rows of nobody, first and last time, digest of its keys. */
export const FILE_FIGURES_SQL = `count(*)::DOUBLE, (count(*) FILTER (user_id = ''))::DOUBLE, min(ts)::DOUBLE, max(ts)::DOUBLE,
  printf('%016x', bit_xor(hash(user_id, page, session_id, item, ts)))`;
