import { managedDocumentCount } from "../documents/managed.ts";
import type { Options } from "./options.ts";
import type { Task } from "./task.ts";

const DOCUMENTS_A_TASK = 50;
const CASES_A_TASK = 100;

/** What is to be asked next: documents first, then cases until the time is over or there are as many as wanted. */
export class Queue {
  readonly #options: Options;
  readonly #now: () => number;
  #documents = 0;
  #cases = 0;
  #casesSince: number | null = null;
  #isStopped = false;

  /** @param now milliseconds from whenever */
  constructor(options: Options, now: () => number) {
    this.#options = options;
    this.#now = now;
  }

  /** Null when all is asked. Which thread asks makes no difference: the order of tasks and their seeds is fixed. */
  next(): Task | null {
    if (this.#isStopped) return null;
    const { seed, documents, cases } = this.#options;
    const last = Math.min(documents, managedDocumentCount);
    if (this.#documents < last) {
      const from = this.#documents;
      this.#documents = Math.min(from + DOCUMENTS_A_TASK, last);
      return { kind: "documents", seed, from, to: this.#documents };
    }
    this.#casesSince ??= this.#now();
    if (this.#cases >= cases || this.#now() - this.#casesSince >= this.#options.time) return null;
    const count = Math.min(CASES_A_TASK, cases - this.#cases);
    this.#cases += count;
    return { kind: "cases", seed: (seed + this.#cases) | 0, count };
  }

  /** Lets the threads finish what they have. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Since the first cases were given out. */
  caseSeconds(): number {
    return this.#casesSince === null ? 0 : (this.#now() - this.#casesSince) / 1000;
  }
}
