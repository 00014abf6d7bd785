import type { OutcomeJob } from "./protocol.ts";

/** What one worker did for a run, as its coordinator saw it. */
export interface FleetMember {
  /** `HOST:PID` */
  readonly worker: string;
  readonly threads: number;
  /** Outcomes that were taken. */
  readonly shards: number;
  readonly units: number;
  /** Units by the second, from taking its first shard to its last outcome. */
  readonly unitsPerSecond: number;
  /** Shards that somebody else, or it itself, had taken before and not finished. */
  readonly retried: number;
  /** Outcomes that were not taken: not of the form, not the verifier's, or of a worker that had sent such a one. */
  readonly refused: number;
}

interface Record {
  threads: number;
  shards: number;
  units: number;
  since: number;
  until: number;
  retried: number;
  refused: number;
}

/** Who did not answer for so long is not counted as being there. */
const PRESENT_MS = 15_000;

/** Counts who does how much, for people. Memory: O(workers). */
export class Fleet {
  readonly #clock: () => number;
  readonly #members = new Map<string, Record>();
  #holders: ReadonlySet<string> = new Set();
  #held = 0;
  #retried = 0;

  /** @param clock milliseconds that only grow */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /** Who holds the shards that somebody holds, a name for each. */
  see(holders: readonly string[]): void {
    this.#holders = new Set(holders);
    this.#held = holders.length;
  }

  /** An outcome was taken. */
  took({ worker, threads, attempt, ms }: Omit<OutcomeJob, "body" | "protocol">, units: number): void {
    const member = this.#member(worker, ms);
    member.threads = threads;
    member.shards++;
    member.units += units;
    if (attempt > 1) {
      member.retried++;
      this.#retried++;
    }
  }

  refused(worker: string): void {
    this.#member(worker, 0).refused++;
  }

  /** How many workers hold a shard or have answered in the last 15 seconds. */
  get present(): number {
    const since = this.#clock() - PRESENT_MS;
    const recent = [...this.#members].filter(([, { until }]) => until >= since).map(([worker]) => worker);
    return new Set([...recent, ...this.#holders]).size;
  }

  /** For the line of progress. */
  notes(): readonly string[] {
    const { present } = this;
    return [
      `${present} worker${present === 1 ? "" : "s"}`,
      `${this.#held} in flight`,
      ...(this.#retried === 0 ? [] : [`${this.#retried} retried`]),
    ];
  }

  /** In the order of their names. */
  members(): readonly FleetMember[] {
    return [...this.#members]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([worker, { threads, shards, units, since, until, retried, refused }]) => ({
        worker,
        threads,
        shards,
        units,
        unitsPerSecond: until > since ? Math.round((1000 * units) / (until - since)) : 0,
        retried,
        refused,
      }));
  }

  #member(worker: string, ms: number): Record {
    const now = this.#clock();
    const found = this.#members.get(worker);
    if (found !== undefined) {
      found.until = now;
      return found;
    }
    const made = { threads: 0, shards: 0, units: 0, since: now - ms, until: now, retried: 0, refused: 0 };
    this.#members.set(worker, made);
    return made;
  }
}
