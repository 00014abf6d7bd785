import { setMaxListeners } from "node:events";
import { builtInCatalog } from "@leastwise/catalog";
import type { Redis } from "ioredis";
import { count } from "../progress.ts";
import { ENGINE_VERSION } from "../version.ts";
import { type Executor, poolExecutor } from "../workers/executor.ts";
import { isolatingExecutor } from "../workers/isolating-executor.ts";
import type { WorkerLimits } from "../workers/worker-limits.ts";
import { removeRun } from "./leftovers.ts";
import { type RunKeys, isRunName, runKeys, runsKey, shortName } from "./names.ts";
import { MOST_BYTES, ProtocolError } from "./packing.ts";
import { MOST_NOTICE_BYTES, type Notice, PROTOCOL, readNotice, versionsOf } from "./protocol.ts";
import { ServedRun } from "./serve-shards.ts";
import { imageOfTold } from "./told-catalog.ts";

export interface Service {
  readonly client: Redis;
  /** What all keys begin with. */
  readonly prefix: string;
  /** `HOST:PID` */
  readonly worker: string;
  readonly threads: number;
  readonly limits: WorkerLimits;
  /** Says a line to people. */
  readonly tell: (line: string) => void;
}

const LOOK_MS = 2000;
/** So long threads are kept that nobody needs: whoever has many runs asks for the next one soon, and new threads take a second to be as fast. */
const WARM_MS = 60_000;

/** A pool of threads that runs of the same catalog share, one after another too. */
interface SharedPool {
  readonly executor: Executor;
  runs: number;
  /** Since when it has had no run. */
  idleSince: number;
}

interface Open {
  readonly served: ServedRun;
  readonly catalog: string;
}

/** Serves all runs that stand in the queue and that this program can answer; looks every two seconds which these are. */
export class ServedRuns {
  readonly #service: Service;
  readonly #giveBack = new AbortController();
  readonly #open = new Map<string, Open>();
  readonly #pools = new Map<string, SharedPool>();
  /** Runs that are left alone, with the reason that was told. */
  readonly #leftAlone = new Map<string, string>();
  readonly #ended = { shards: 0, units: 0 };
  #isStopping = false;
  #looking: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #fail: (error: Error) => void = () => undefined;

  constructor(service: Service) {
    this.#service = service;
    setMaxListeners(Infinity, this.#giveBack.signal); // a shard that is held, a listener
  }

  /** Begins, and resolves never; rejects with what makes it impossible to go on. */
  serve(): Promise<never> {
    const failed = new Promise<never>((_, reject) => (this.#fail = reject));
    this.#lookNow();
    return failed;
  }

  fail(error: Error): void {
    this.#fail(error);
  }

  /** What was done so far, and what is held. */
  get served(): { readonly shards: number; readonly units: number; readonly held: number } {
    let { shards, units } = this.#ended;
    let held = 0;
    for (const { served } of this.#open.values()) {
      shards += served.served.shards;
      units += served.served.units;
      held += served.served.held;
    }
    return { shards, units, held };
  }

  /** Looks for no more runs. */
  halt(): void {
    this.#isStopping = true;
    clearTimeout(this.#timer);
  }

  /** Takes nothing more, and resolves once nothing is held and the threads have ended. */
  async stop(): Promise<void> {
    this.halt();
    await this.#looking;
    await Promise.all([...this.#open.keys()].map((name) => this.#close(name)));
    await this.#endPools(() => true);
  }

  /** Gives back what is held, so that others have it at once. */
  giveBack(): void {
    this.#giveBack.abort();
  }

  #lookNow(): void {
    this.#looking = this.#look()
      .catch((error: unknown) => this.fail(error as Error)) // ioredis throws errors
      .finally(() => {
        if (!this.#isStopping) this.#timer = setTimeout(() => this.#lookNow(), LOOK_MS);
      });
  }

  async #look(): Promise<void> {
    const { client, prefix } = this.#service;
    const names = new Set((await client.smembers(runsKey(prefix))).filter(isRunName));
    for (const name of this.#open.keys()) if (!names.has(name)) await this.#close(name);
    for (const name of this.#leftAlone.keys()) if (!names.has(name)) this.#leftAlone.delete(name);
    for (const name of names) if (!this.#isStopping) await this.#visit(name);
    await this.#endPools(({ idleSince }) => performance.now() - idleSince > WARM_MS);
  }

  async #visit(name: string): Promise<void> {
    const keys = runKeys(this.#service.prefix, name);
    try {
      const notice = await this.#noticeOf(keys);
      if (notice === null) return;
      if (notice.refused.includes(this.#service.worker)) {
        await this.#close(name);
        throw new ProtocolError(
          "its coordinator takes nothing from this worker any more, since an outcome did not hold",
        );
      }
      this.#leftAlone.delete(name);
      if (!this.#open.has(name)) await this.#begin(name, notice, keys);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      if (this.#leftAlone.get(name) === error.message) return;
      this.#leftAlone.set(name, error.message);
      this.#service.tell(`run ${shortName(name)} is left alone: ${error.message}`);
    }
  }

  /** Null where it is not there any more. */
  async #noticeOf({ about }: RunKeys): Promise<Notice | null> {
    const { client } = this.#service;
    if ((await client.strlen(about)) > MOST_NOTICE_BYTES) throw new ProtocolError("its notice is too long");
    const text = await client.get(about);
    if (text === null) return null;
    const { protocol = PROTOCOL, engineVersion = ENGINE_VERSION } = versionsOf(text) ?? {};
    if (protocol !== PROTOCOL)
      throw new ProtocolError(`it is for protocol ${protocol}, and this worker speaks ${PROTOCOL}`);
    if (engineVersion !== ENGINE_VERSION)
      throw new ProtocolError(`it is for engine ${engineVersion}, and this worker holds ${ENGINE_VERSION}`);
    return readNotice(text);
  }

  async #begin(name: string, notice: Notice, keys: RunKeys): Promise<void> {
    const { client, worker, threads, tell } = this.#service;
    const pool = await this.#poolFor(notice, keys);
    pool.runs++;
    const server = { client, worker, threads, executor: pool.executor, giveBack: this.#giveBack.signal };
    this.#open.set(name, { served: new ServedRun(server, notice, keys), catalog: notice.catalog });
    tell(`run ${shortName(name)}: taking shards, catalog ${notice.catalogSource}, ${notice.catalog.slice(0, 8)}`);
  }

  async #poolFor(notice: Notice, keys: RunKeys): Promise<SharedPool> {
    const known = this.#pools.get(notice.catalog);
    if (known !== undefined) return known;
    const image = await this.#imageFor(notice, keys);
    await this.#endPools(() => true); // one is as much as the host was meant to hold
    const { threads, limits } = this.#service;
    const pool = { executor: isolatingExecutor(poolExecutor(image, threads, limits)), runs: 0, idleSince: 0 };
    this.#pools.set(notice.catalog, pool);
    return pool;
  }

  async #imageFor(notice: Notice, { catalog }: RunKeys): Promise<SharedArrayBuffer> {
    const { client } = this.#service;
    const own = builtInCatalog();
    if (own.sha256 === notice.catalog) return own.trie.buffer as SharedArrayBuffer; // catalogs are opened in shared memory
    if ((await client.strlen(catalog)) > 2 * MOST_BYTES.catalog) throw new ProtocolError("its catalog is too long");
    const body = await client.get(catalog);
    if (body === null) throw new ProtocolError(`its catalog ${notice.catalog.slice(0, 8)} is not there`);
    return imageOfTold(body, notice);
  }

  /** Ends the threads of those that have no run. */
  async #endPools(which: (pool: SharedPool) => boolean): Promise<void> {
    for (const [catalog, pool] of this.#pools) {
      if (pool.runs > 0 || !which(pool)) continue;
      this.#pools.delete(catalog);
      await pool.executor.close();
    }
  }

  async #close(name: string): Promise<void> {
    const open = this.#open.get(name);
    if (open === undefined) return;
    await open.served.stop();
    const { client, prefix } = this.#service;
    // whoever looks into a queue that is not there any more leaves a trace of it, and a late outcome is nobody's
    if ((await client.sismember(runsKey(prefix), name)) === 0) await removeRun(client, prefix, name);
    this.#open.delete(name);
    const { shards, units } = open.served.served;
    this.#ended.shards += shards;
    this.#ended.units += units;
    this.#service.tell(`run ${shortName(name)}: ${count(shards)} shards, ${count(units)} units`);
    const pool = this.#pools.get(open.catalog);
    if (pool === undefined) return;
    pool.runs--;
    pool.idleSince = performance.now();
  }
}
