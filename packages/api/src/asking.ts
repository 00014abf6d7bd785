/** A question that has a name. */
export interface QuestionRow {
  readonly name: string;
  readonly sentence: string;
  readonly parameters: readonly { readonly name: string; readonly example: string }[];
  readonly sql: string;
}

/** A table or view of the database, with what docs/schema.md says of it. */
export interface SchemaRow {
  readonly name: string;
  readonly kind: "table" | "view";
  readonly description: string;
  readonly columns: readonly string[];
}

/** Rows of a question or of a person's SQL. Whole numbers beyond 2^53 are texts. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
  /** Why there are not more: the limit of rows, of time, of memory; null where these are all. */
  readonly stopped: string | null;
}
