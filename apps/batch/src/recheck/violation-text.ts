import type { Violation } from "@leastwise/core";

/** What the verifier has against a result, in a line. */
export function violationText({ law, statement, message }: Violation): string {
  return `${law}, ${statement === null ? "the document" : `statement ${statement}`}: ${message}`;
}
