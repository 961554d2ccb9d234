/** A step from one version of the tables to the next. What was released is never changed: a later step mends it. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}
