import type { ApiFailure } from "@leastwise/api";

/** The program answered that it cannot: its own words, and the status that came with them. */
export class AskFailure extends Error {
  readonly status: number;
  readonly failure: ApiFailure;

  constructor(status: number, failure: ApiFailure) {
    super(failure.message);
    this.name = "AskFailure";
    this.status = status;
    this.failure = failure;
  }
}

/** What to show for anything that was thrown while asking. */
export function failureOf(error: unknown): ApiFailure {
  if (error instanceof AskFailure) return error.failure;
  const message = error instanceof Error ? error.message : String(error);
  return { code: "PAGE_FAILED", message: `the page could not do this: ${message}`, hint: "reload it" };
}
