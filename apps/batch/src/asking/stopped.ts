import { EXIT, Failure } from "../exit-code.ts";
import { count } from "../progress.ts";
import { MOST_ROW_CHARACTERS, type QueryLimits } from "./limits.ts";

/** Which limit ended an answer. */
export type Stop = "time" | "memory" | "bytes" | "row";

/** An answer that a limit ended. What was printed until then is right, and not all. */
export class Stopped extends Error {
  readonly stop: Stop;

  constructor(stop: Stop) {
    super(stop);
    this.name = "Stopped";
    this.stop = stop;
  }
}

/** The same for a person: which limit, how much there is of the answer, and how to get more. */
export function stoppedFailure({ stop }: Stopped, limits: QueryLimits, rowsPrinted: number): Failure {
  const [what, hint] = told(stop, limits);
  const rows = rowsPrinted === 0 ? "nothing was printed" : `only the first ${rowsText(rowsPrinted)} printed`;
  return new Failure(EXIT.refused, `the query was stopped: ${what}; ${rows}`, hint);
}

function told(stop: Stop, limits: QueryLimits): readonly [what: string, hint: string] {
  switch (stop) {
    case "time":
      return [
        `it took more than ${limits.seconds ?? 0} s`,
        "--timeout SECONDS gives it longer, --timeout 0 all the time",
      ];
    case "memory":
      return [
        `it needed more than ${count(limits.memoryMb ?? 0)} MB of memory`,
        "ask for fewer rows or columns, or without ORDER BY; --max-memory MB gives it more",
      ];
    case "bytes":
      return [
        `its answer has more than ${count(limits.bytes ?? 0)} bytes`,
        "ask for fewer rows or columns; --max-bytes N lets more through, --max-bytes 0 everything",
      ];
    case "row":
      return [
        `a row of its answer has more than ${count(MOST_ROW_CHARACTERS)} characters`,
        "take a part of the value with substr(), or more rows with less in each",
      ];
  }
}

function rowsText(rows: number): string {
  return rows === 1 ? "row was" : `${count(rows)} rows were`;
}
