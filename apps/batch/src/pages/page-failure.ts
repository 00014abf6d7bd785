import type { ApiFailure } from "@leastwise/api";
import { PageError, StoreError } from "@leastwise/store";
import { EXIT, Failure } from "../exit-code.ts";
import { printable } from "../format/printable.ts";

/** Why there is no reply, and the HTTP status that says so. */
export interface PageFailure {
  readonly status: number;
  readonly body: ApiFailure;
}

const OF_PAGE: Readonly<Record<PageError["code"], number>> = {
  "bad-parameter": 400,
  "bad-cursor": 400,
  "not-found": 404,
};
const OF_FAILURE: Readonly<Record<number, readonly [status: number, code: string]>> = {
  [EXIT.refused]: [422, "stopped"],
  [EXIT.usage]: [400, "bad-parameter"],
};
const ASKED_WRONGLY: ReadonlySet<StoreError["code"]> = new Set(["refused-sql", "bad-sql"]);

/** What went wrong, in words; whatever nobody has foreseen is a bug, and says no more than that. */
export function pageFailure(error: unknown): PageFailure {
  if (error instanceof PageError) return failure(OF_PAGE[error.code], error.code, error.message, error.hint);
  if (error instanceof StoreError) {
    const status = error.code === "no-run" ? 404 : ASKED_WRONGLY.has(error.code) ? 400 : 503;
    return failure(status, error.code, error.message, error.hint);
  }
  if (error instanceof Failure) {
    const [status, code] = OF_FAILURE[error.exitCode] ?? ([503, "io"] as const);
    return failure(status, code, error.message, error.hint);
  }
  const { code } = error as { readonly code?: unknown };
  if (error instanceof Error && typeof code === "string" && code.startsWith("SQLITE_"))
    return sqliteFailure(code, error.message);
  return failure(500, "bug", "this is a bug of Leastwise", "the program has said more where it runs");
}

/** Whether the connection is no good any more. */
export function isOfFile({ body }: PageFailure): boolean {
  return ["damaged-database", "database-io", "bug"].includes(body.code);
}

function sqliteFailure(code: string, message: string): PageFailure {
  if (/^SQLITE_(?:BUSY|LOCKED|PROTOCOL)/.test(code))
    return failure(503, "locked", "the database is locked by somebody who writes", "try again in a moment");
  if (/^SQLITE_(?:CORRUPT|NOTADB)/.test(code))
    return failure(
      503,
      "damaged-database",
      `the database is damaged: ${message}`,
      "take a copy of it from before, or name another file",
    );
  return failure(503, "database-io", `the database cannot be read: ${message}`, "check the disk");
}

function failure(status: number, code: string, message: string, hint: string): PageFailure {
  return { status, body: { code, message: printable(message), hint: printable(hint) } };
}
