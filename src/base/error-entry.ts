/** One kind of failure; `{name}` in its words is filled from the details. */
export interface ErrorEntry {
  readonly message: string;
  readonly hint: string;
  readonly exit: number;
  readonly status: number;
}
