import { workerData } from "node:worker_threads";
import { type Connection, StoredResults, openForReading } from "@leastwise/store";
import { ResultChecker } from "./result-checker.ts";

/** A result that does not hold, and why. */
export interface FailingResult {
  readonly unitId: number;
  readonly reasons: readonly string[];
}

let own: DatabaseChecker | undefined;

/** Worker task: checks the results of these units in the database that the pool was made for. */
export default function checkResults(unitIds: readonly number[]): readonly FailingResult[] {
  own ??= new DatabaseChecker((workerData as { readonly database: string }).database); // what the pool was made with
  return own.check(unitIds);
}

/** Checks results on a connection of its own, as each thread needs one. */
export class DatabaseChecker {
  readonly #db: Connection;
  readonly #stored: StoredResults;
  readonly #checker: ResultChecker;

  constructor(database: string) {
    this.#db = openForReading(database);
    this.#stored = new StoredResults(this.#db);
    this.#checker = new ResultChecker(this.#stored);
  }

  check(unitIds: readonly number[]): readonly FailingResult[] {
    const failing: FailingResult[] = [];
    const missing = new Set(unitIds);
    for (const result of this.#stored.results(unitIds)) {
      missing.delete(result.unitId);
      const reasons = this.#checker.check(result);
      if (reasons.length > 0) failing.push({ unitId: result.unitId, reasons });
    }
    for (const unitId of missing) failing.push({ unitId, reasons: ["it is not there any more, or its id is none"] });
    return failing;
  }

  close(): void {
    this.#db.close();
  }
}
