import type { AnsweredName } from "../pages/answers.ts";

/** What a thread that answers is told first. */
export interface ThreadFacts {
  readonly database: string;
}

/** One question for it. */
export interface Task {
  readonly name: AnsweredName;
  readonly asked: Readonly<Record<string, string>>;
  /** `csv`: lines of CSV, the head among them where it is the first part. */
  readonly form: "json" | "csv";
  /** Whether the answer may come compressed. */
  readonly mayGzip: boolean;
  /** One number: not 0 once nobody wants the answer any more. */
  readonly gone: Int32Array;
}

/** What it answers. */
export interface Answer {
  readonly status: number;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly isGzipped: boolean;
  /** Of a part of CSV: where to go on, and the run that it is of. */
  readonly next: string | null;
  readonly runId: number | null;
  /** What a bug says, for whoever runs the program. */
  readonly stack: string | null;
}
