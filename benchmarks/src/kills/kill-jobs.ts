import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pick, randomFrom } from "../random.ts";
import { KINDS, KINDS_BY_WEIGHT, type Attempt, type Kind, type Standing, attempt, standingOf } from "./attempt.ts";
import { type Content, contentOf } from "./content.ts";
import { momentFrom } from "./moment.ts";
import { type VictimSize, writeVictim } from "./victim.ts";

export interface KillPlan extends VictimSize {
  readonly kills: number;
  /** Where the organization and the databases are made. */
  readonly folder: string;
}

/** What became of all jobs together. */
export interface KillReport {
  /** Of an undisturbed job, in seconds. */
  readonly undisturbedSeconds: number;
  readonly kills: Readonly<Record<Kind, number>>;
  /** Stages in which the jobs were when they were killed by a signal, with how often. */
  readonly stages: Readonly<Record<string, number>>;
  readonly jobs: number;
  /** Jobs of which every row was compared: all but those whose rival came so late that it began a run of its own, so that there are two. */
  readonly compared: number;
  /** Units and recommendations that were missing in the end. */
  readonly lost: number;
  /** Rows more than in the undisturbed job. */
  readonly twice: number;
  /** Databases that SQLite found damaged at any time, or that came to something else in the end. */
  readonly damaged: number;
  /** Whatever else was not as promised, in words. */
  readonly broken: readonly string[];
  /** The longest time from SIGINT or SIGTERM to the end, in milliseconds. */
  readonly slowestEndMs: number;
}

/** A thread parses more than this in most jobs. */
const MOST_PARSES = 2000;

/**
 * Runs the same job again and again, kills it at random moments until that number of kills is reached, goes on until it is finished, and
 * compares what it came to with an undisturbed one. The same seed gives the same organization, kinds and moments; where the job is at a
 * moment depends on the machine.
 *
 * @param tell is told of each kill, for people
 */
export async function killJobs(plan: KillPlan, tell: (line: string) => void): Promise<KillReport> {
  const inputs = join(plan.folder, "inputs");
  mkdirSync(inputs, { recursive: true });
  await writeVictim(inputs, plan);
  const undisturbed = join(plan.folder, "undisturbed.db");
  const started = performance.now();
  const first = await attempt(inputs, undisturbed, null);
  if (first.code !== 0 && first.code !== 3)
    throw new Error(`the undisturbed job ended with ${first.code}: ${first.err}`);
  const wholeMs = performance.now() - started;
  const expected = contentOf(undisturbed);
  const random = randomFrom(plan.seed);
  const tally = new Tally();
  for (let done = 0; done < plan.kills; tally.jobs++) {
    const path = join(plan.folder, `job-${tally.jobs}.db`);
    let before: Standing = { state: "nothing", files: 0, units: 0, integrity: "ok" };
    let last: Attempt;
    do {
      const moment = momentFrom(random, wholeMs);
      const kind = pick(random, KINDS_BY_WEIGHT);
      const disturbance = { kind, moment, parses: 1 + Math.floor(random() * MOST_PARSES) };
      last = await attempt(inputs, path, done < plan.kills ? disturbance : null);
      const now = standingOf(path);
      if (last.isHit) done++;
      tally.add(last, before, now);
      before = now;
      tell(
        `${done} of ${plan.kills}: ${last.kind ?? "left alone"} in ${moment.stage}, ${last.isHit ? "hit" : "missed"}, ${now.state}, ${now.files} files, ${now.units} units`,
      );
    } while (before.state !== "done");
    if (last.endedMs === null && last.kind !== "rival" && last.code !== first.code)
      tally.broken.push(`the last attempt ended with ${last.code} ${last.signal}: ${last.err}`);
    const isLate = last.rival !== null && last.rival.code !== 4; // it came when the job was done
    if (!isLate) tally.compare(contentOf(path), expected);
    for (const suffix of ["", "-wal", "-shm", "-lock"]) rmSync(path + suffix, { force: true });
  }
  return { undisturbedSeconds: wholeMs / 1000, ...tally.report() };
}

class Tally {
  jobs = 0;
  readonly broken: string[] = [];
  readonly #kills = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<Kind, number>; // one for each
  readonly #stages: Record<string, number> = {};
  #compared = 0;
  #lost = 0;
  #twice = 0;
  #damaged = 0;
  #slowest = 0;

  add({ kind, code, signal, err, endedMs, isHit, rival }: Attempt, before: Standing, now: Standing): void {
    if (now.integrity !== "ok") this.#damaged++;
    if (now.files < before.files || now.units < before.units) this.broken.push(`${kind}: committed work is gone`);
    if (kind === null || !isHit) return;
    this.#kills[kind]++;
    const end = signal ?? code;
    const isEnded = endedMs !== null;
    if (isEnded) this.#stages[now.state] = (this.#stages[now.state] ?? 0) + 1;
    if (kind === "SIGINT" || kind === "SIGTERM") {
      this.#slowest = Math.max(this.#slowest, endedMs ?? 0);
      const expected = kind === "SIGINT" ? 130 : 143;
      if (end !== expected && end !== kind && now.state !== "done")
        this.broken.push(`${kind}: ended with ${end}: ${err}`);
    } else if (kind === "thread" || kind === "pipe") {
      if (code !== 0 && code !== 3) this.broken.push(`${kind}: ended with ${end}: ${err}`);
    }
    if (rival !== null && rival.code !== 4 && code !== 4 && now.state !== "done")
      this.broken.push(`a rival ended with ${rival.code}`);
  }

  compare(found: Content, expected: Content): void {
    this.#compared++;
    this.#lost += found.lost;
    for (const [table, rows] of Object.entries(expected.rows)) {
      const more = (found.rows[table] ?? 0) - rows;
      if (more > 0) this.#twice += more;
      else this.#lost -= more;
    }
    if (found.integrity !== "ok" || found.sha256 !== expected.sha256) this.#damaged++;
  }

  report(): Omit<KillReport, "undisturbedSeconds"> {
    return {
      kills: this.#kills,
      stages: this.#stages,
      jobs: this.jobs,
      compared: this.#compared,
      lost: this.#lost,
      twice: this.#twice,
      damaged: this.#damaged,
      broken: this.broken,
      slowestEndMs: Math.round(this.#slowest),
    };
  }
}
