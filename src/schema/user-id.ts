/** A user id as text: `123` and `"123"` are the same user. */
export type UserId = string;
