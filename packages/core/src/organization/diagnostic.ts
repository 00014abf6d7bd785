/**
 * Something a person should know about an input or a result. Collected, never thrown; the run goes on.
 *
 * Codes are stable and listed in `docs/diagnostics.md`.
 */
export interface Diagnostic {
  readonly code: string;
  /** `error`: something was refused or could not be answered, exit code 3. `warning`: answered, but look. `info`: noted. */
  readonly severity: "error" | "warning" | "info";
  /** The input file, or the principal's ARN where a result is meant. */
  readonly path: string;
  /** Where in it: a JSON pointer (RFC 6901), `line N` for lines of JSON, or empty. */
  readonly pointer: string;
  /** What is wrong: lower case, one line, no final period. */
  readonly message: string;
  /** What to do about it, or empty. */
  readonly hint: string;
}
