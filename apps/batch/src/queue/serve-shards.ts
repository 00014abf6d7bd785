import { type Job, Queue, UnrecoverableError, WaitingError, Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { Executor } from "../workers/executor.ts";
import { LOCKS } from "./locks.ts";
import { QUEUES, type RunKeys } from "./names.ts";
import { type Notice, type OutcomeJob, PROTOCOL } from "./protocol.ts";

/** Who serves, and with what. */
export interface Server {
  readonly client: Redis;
  /** `HOST:PID` */
  readonly worker: string;
  readonly threads: number;
  /** Of the run's catalog; isolating. */
  readonly executor: Executor;
  /** Fires when what is held is to be given back at once. */
  readonly giveBack: AbortSignal;
}

/** What this worker did for one run. */
export interface Served {
  readonly shards: number;
  readonly units: number;
  /** Shards that it holds. */
  readonly held: number;
}

/** Takes the shards of one run until it is told to stop. */
export class ServedRun {
  readonly #server: Server;
  readonly #notice: Notice;
  readonly #worker: Worker<unknown, undefined, "shard">;
  readonly #outcomes: Queue<OutcomeJob, undefined, "outcome">;
  #shards = 0;
  #units = 0;
  #held = 0;

  constructor(server: Server, notice: Notice, { prefix }: RunKeys) {
    this.#server = server;
    this.#notice = notice;
    const shared = { connection: server.client, prefix };
    this.#outcomes = new Queue(QUEUES.outcomes, { ...shared, streams: { events: { maxLen: 100 } } }); // nobody reads them
    this.#worker = new Worker(
      QUEUES.shards,
      (job: Job<unknown, undefined, "shard">, token = "") => this.#process(job, token),
      { ...shared, ...LOCKS, name: server.worker, concurrency: server.executor.width },
    );
    this.#outcomes.on("error", () => undefined); // of the connection, which is told of already; a lock that is lost means that somebody else has the shard, here and below
    this.#worker.on("error", () => undefined);
  }

  get served(): Served {
    return { shards: this.#shards, units: this.#units, held: this.#held };
  }

  /** Takes nothing more; resolves once nothing is held. */
  async stop(): Promise<void> {
    await this.#worker.close();
    await this.#outcomes.close();
  }

  async #process(job: Job<unknown, undefined, "shard">, token: string): Promise<undefined> {
    this.#held++;
    try {
      await this.#answer(job, token);
    } finally {
      this.#held--;
    }
  }

  async #answer(job: Job<unknown, undefined, "shard">, token: string): Promise<void> {
    const { worker, threads, giveBack } = this.#server;
    const { id = "", attemptsStarted } = job;
    const begun = performance.now();
    const task = { key: id, data: job.data, run: this.#notice };
    const answer = await unlessAborted(this.#server.executor.serve(task), giveBack);
    if (answer === null) {
      await job.moveToWait(token);
      throw new WaitingError();
    }
    if ("problem" in answer) throw new UnrecoverableError(answer.problem); // nobody else can read it
    const { units, body } = answer;
    const ms = performance.now() - begun;
    await this.#outcomes.add(
      "outcome",
      { protocol: PROTOCOL, worker, threads, attempt: attemptsStarted, ms, body },
      { jobId: id, removeOnComplete: true, removeOnFail: true },
    );
    this.#shards++;
    this.#units += units;
  }
}

/** Null where that comes first. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const abort = (): void => resolve(null);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
