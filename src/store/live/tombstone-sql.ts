/** Whether a text is that of a tombstone, with `tombstoneOf` in SQL. Without a salt nothing is hashed. */
function isErased(text: string): string {
  return `EXISTS (SELECT 1 FROM erasure_salts AS s JOIN tombstones AS t
    ON t.sha256 = encode(sha256(convert_to(s.salt || ${text}, 'UTF8')), 'hex'))`;
}

/** Whether the user id in a column is one that was erased. */
export const userIsErased = (userId: string): string => isErased(`'user ' || ${userId}`);

/** Whether a row that names nobody was recovered for one who was erased; by columns of the names of `events`. */
export const ROW_IS_ERASED = isErased("'row ' || session_id || '/' || item || '/' || ts_ms || '/' || page_name");
