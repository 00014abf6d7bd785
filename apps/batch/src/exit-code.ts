/** What the program ends with; stable, listed in the README. */
export const EXIT = {
  done: 0,
  checkFound: 1,
  usage: 2,
  refused: 3,
  io: 4,
  bug: 5,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Something a person did or that happened to the machine: said in one line with a way out, no stack. */
export class Failure extends Error {
  readonly exitCode: ExitCode;
  readonly hint: string;

  constructor(exitCode: ExitCode, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "Failure";
    this.exitCode = exitCode;
    this.hint = hint;
  }
}
