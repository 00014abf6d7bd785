/** Why a database cannot be used; codes are stable. */
export class StoreError extends Error {
  readonly code:
    | "no-database"
    | "no-run"
    | "not-a-database"
    | "not-leastwise"
    | "damaged-database"
    | "newer-version"
    | "older-version"
    | "database-io"
    | "locked"
    | "other-share"
    | "no-part"
    | "refused-sql"
    | "bad-sql";
  readonly hint: string;

  constructor(code: StoreError["code"], message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StoreError";
    this.code = code;
    this.hint = hint;
  }
}
