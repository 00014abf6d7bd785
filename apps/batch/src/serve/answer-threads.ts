import { Worker } from "node:worker_threads";
import type { ApiFailure } from "@leastwise/api";
import type { Answer, Task, ThreadFacts } from "./messages.ts";

/** Question by question: what a thread is to do, and who waits for it. */
interface Waiting {
  readonly task: Omit<Task, "gone">;
  readonly gone: Int32Array;
  readonly resolve: (answer: Answer) => void;
}

interface Thread {
  readonly worker: Worker;
  current: Waiting | null;
  timer: NodeJS.Timeout | undefined;
}

export interface ThreadsOptions extends ThreadFacts {
  readonly threads: number;
  /** Milliseconds that an answer may take. */
  readonly mostMs: number;
}

/** More wait for nobody: who has so many questions is asked to come again. */
const MOST_WAITING = 64;
const HEAP_MB = 512;

/** Threads that answer; one that takes too long or dies is replaced, and costs its question alone. */
export class AnswerThreads {
  readonly #options: ThreadsOptions;
  readonly #threads: Thread[] = [];
  readonly #waiting: Waiting[] = [];
  #isClosed = false;

  constructor(options: ThreadsOptions) {
    this.#options = options;
    for (let i = 0; i < options.threads; i++) this.#start();
  }

  /** Never rejects: what went wrong is an answer too. When `signal` says that nobody wants it, the answer comes early and is empty. */
  ask(task: Omit<Task, "gone">, signal: AbortSignal): Promise<Answer> {
    if (this.#waiting.length >= MOST_WAITING)
      return Promise.resolve(failureAnswer(503, "busy", "too many questions at once", "try again in a moment"));
    return new Promise((resolve) => {
      const gone = new Int32Array(new SharedArrayBuffer(4));
      const waiting: Waiting = { task, gone, resolve };
      const leave = (): void => {
        Atomics.store(gone, 0, 1);
        const place = this.#waiting.indexOf(waiting);
        if (place !== -1) this.#waiting.splice(place, 1);
        resolve(failureAnswer(499, "gone", "nobody waits", ""));
      };
      if (signal.aborted) return leave();
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting.push(waiting);
      this.#next();
    });
  }

  /** Ends all threads; whoever waits is told. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const threads = this.#threads.splice(0);
    for (const { resolve } of this.#waiting.splice(0)) resolve(ended());
    for (const thread of threads) {
      clearTimeout(thread.timer);
      thread.current?.resolve(ended());
    }
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }

  #start(): void {
    const facts: ThreadFacts = { database: this.#options.database };
    const worker = new Worker(new URL("./answer-thread.js", import.meta.url), {
      workerData: facts,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    const thread: Thread = { worker, current: null, timer: undefined };
    worker.on("message", (answer: Answer) => {
      this.#done(thread, answer);
      this.#next();
    });
    worker.on("error", (error) => {
      const { message } = error;
      this.#replace(
        thread,
        failureAnswer(500, "bug", "this is a bug of Leastwise", "the program has said more where it runs", message),
      );
    });
    this.#threads.push(thread);
  }

  #next(): void {
    const thread = this.#threads.find(({ current }) => current === null);
    if (thread === undefined) return;
    const waiting = this.#waiting.shift();
    if (waiting === undefined) return;
    thread.current = waiting;
    const seconds = this.#options.mostMs / 1000;
    thread.timer = setTimeout(() => {
      this.#replace(thread, failureAnswer(504, "out-of-time", `it took more than ${seconds} s`, "ask for less"));
    }, this.#options.mostMs);
    const task: Task = { ...waiting.task, gone: waiting.gone };
    thread.worker.postMessage(task); // eslint-disable-line unicorn/require-post-message-target-origin -- a thread, not a window
  }

  #done(thread: Thread, answer: Answer): void {
    clearTimeout(thread.timer);
    thread.current?.resolve(answer);
    thread.current = null;
  }

  #replace(thread: Thread, answer: Answer): void {
    this.#done(thread, answer);
    const place = this.#threads.indexOf(thread);
    if (place === -1 || this.#isClosed) return;
    this.#threads.splice(place, 1);
    void thread.worker.terminate(); // what SQLite is in the middle of ends before it does
    this.#start();
    this.#next();
  }
}

function ended(): Answer {
  return failureAnswer(503, "ended", "the program ends", "start it again");
}

export function failureAnswer(
  status: number,
  code: string,
  message: string,
  hint: string,
  stack: string | null = null,
): Answer {
  const failure: ApiFailure = { code, message, hint };
  const body = new TextEncoder().encode(JSON.stringify(failure));
  return { status, body, isGzipped: false, next: null, runId: null, stack };
}
