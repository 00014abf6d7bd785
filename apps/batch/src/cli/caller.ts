import type { ExitCode } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";

/** Whoever calls a command: on which terminal, and who is told the exit code. */
export interface Caller {
  readonly terminal: Terminal;
  readonly done: (code: ExitCode) => void;
}
