import { ANY_ACCOUNT, type PlanSettings } from "@leastwise/core";
import type { Connection } from "../database.ts";
import { type Run, enterState } from "../runs.ts";
import { accountsByDates } from "./accounts-by-dates.ts";

interface BaseInput {
  readonly id: number;
  readonly sha256: string | null;
  readonly accounts: string[];
}

/**
 * Which files a run need not read, since the run that it builds on has read the same bytes: those that concern closed accounts only. An
 * account is open as soon as one of its files is new, changed or gone, or its results hang on a date that has changed; an unchanged file
 * that concerns an open account is read again, and opens all accounts that it concerns.
 *
 * Memory: some numbers for each file and each account that it concerns.
 */
export class Reuse {
  readonly #db: Connection;
  readonly #run: Run;
  readonly #baseRunId: number;
  readonly #base = new Map<string, BaseInput>();
  readonly #pathsOf = new Map<string, string[]>();
  readonly #open = new Set<string>();
  #kept = new Set<string>();

  /** Undefined where the run builds on no other. */
  static of(db: Connection, run: Run): Reuse | undefined {
    return run.baseRunId === null ? undefined : new Reuse(db, run, run.baseRunId);
  }

  private constructor(db: Connection, run: Run, baseRunId: number) {
    this.#db = db;
    this.#run = run;
    this.#baseRunId = baseRunId;
    const inputs = db
      .prepare<[number], [path: string, id: number, sha256: string | null]>(
        "SELECT path, input_id, sha256 FROM input WHERE run_id = ?",
      )
      .raw();
    const accounts = db
      .prepare<[number], [path: string, account: string]>(
        "SELECT i.path, a.account_id FROM input_account a JOIN input i USING (input_id) WHERE a.run_id = ?",
      )
      .raw();
    for (const [path, id, sha256] of inputs.iterate(baseRunId)) this.#base.set(path, { id, sha256, accounts: [] });
    for (const [path, account] of accounts.iterate(baseRunId)) {
      this.#base.get(path)!.accounts.push(account); // every input has been set
      const paths = this.#pathsOf.get(account);
      if (paths === undefined) this.#pathsOf.set(account, [path]);
      else paths.push(path);
    }
  }

  /** Whether the base has read a file of this name whose hash is known. */
  knows(path: string): boolean {
    return (this.#base.get(path)?.sha256 ?? null) !== null;
  }

  /**
   * Takes the hashes of the files that there are. Everything else is new, changed or gone, and opens what it concerned; so does what this run has
   * read before it was interrupted.
   */
  compare(hashes: ReadonlyMap<string, string | null>): void {
    const read = this.#db.prepare("SELECT 1 FROM input WHERE run_id = ? AND path = ?");
    const isSame = (path: string, { sha256 }: BaseInput): boolean =>
      sha256 !== null && hashes.get(path) === sha256 && read.get(this.#run.runId, path) === undefined;
    this.#kept = new Set([...this.#base].filter(([path, input]) => isSame(path, input)).map(([path]) => path));
    for (const [path, { accounts }] of this.#base) if (!this.#kept.has(path)) this.#openAll(accounts);
    this.#openAll(this.#datedAfterStart());
    this.openRead();
  }

  /** Whether the file need not be read, as far as is known so far. */
  keeps(path: string): boolean {
    return this.#kept.has(path);
  }

  get keptFiles(): number {
    return this.#kept.size;
  }

  /** Opens what the files concern that the run has read; whether others have to be read for that. */
  openRead(): boolean {
    const read = this.#db
      .prepare<[number], string>("SELECT DISTINCT account_id FROM input_account WHERE run_id = ?")
      .pluck();
    return this.#openAll(read.all(this.#run.runId));
  }

  /** The same of what hangs on a date that has changed. To be asked once all files that are not kept have been read. */
  openByDates(settings: PlanSettings): boolean {
    const closed = [...this.#pathsOf.keys()].filter((account) => !this.#open.has(account));
    const kept = [...this.#kept].map((path) => this.#base.get(path)!.id); // they are the base's
    return this.#openAll(accountsByDates(this.#db, this.#run, this.#baseRunId, { closed, kept }, settings));
  }

  /** Unreads what the run has read, so that all files of an account are read in the order of their names. */
  unread(): void {
    this.#db.transaction(() => {
      for (const table of READ) this.#db.prepare(`DELETE FROM ${table} WHERE run_id = ?`).run(this.#run.runId); // the names are the program's own
    })();
  }

  /** Notes what is kept, and takes the run to its next state. @param now the moment, ISO 8601 in UTC */
  finish(now: string): Run {
    const [db, { runId }] = [this.#db, this.#run];
    const keep = db.prepare(
      `INSERT INTO input (run_id, path, kinds, sha256, base_input_id)
       SELECT ?, path, kinds, sha256, input_id FROM input WHERE input_id = ?`,
    );
    return db.transaction(() => {
      for (const path of [...this.#kept].sort()) keep.run(runId, this.#base.get(path)!.id); // they are the base's
      db.prepare(
        `INSERT INTO input_account (run_id, input_id, account_id, newest_report)
         SELECT i.run_id, i.input_id, a.account_id, a.newest_report FROM input i
         JOIN input_account a ON a.run_id = $base AND a.input_id = i.base_input_id
         WHERE i.run_id = $runId AND i.base_input_id IS NOT NULL ORDER BY i.input_id, a.account_id`,
      ).run({ runId, base: this.#baseRunId });
      return enterState(db, this.#run, "plan", now);
    })();
  }

  /** Accounts with reports of the base run's future: whether they count depends on when a run begins. */
  #datedAfterStart(): readonly string[] {
    return this.#db
      .prepare<[number], string>(
        `SELECT DISTINCT account_id FROM input_account a JOIN run USING (run_id)
         WHERE a.run_id = ? AND a.newest_report > run.started_at`,
      )
      .pluck()
      .all(this.#baseRunId);
  }

  /** Whether files have to be read that were kept before. O(files and accounts that are opened). */
  #openAll(accounts: readonly string[]): boolean {
    const before = this.#kept.size;
    const open = accounts.includes(ANY_ACCOUNT) ? [...this.#pathsOf.keys()] : [...accounts];
    for (let account = open.pop(); account !== undefined; account = open.pop()) {
      if (this.#open.has(account)) continue;
      this.#open.add(account);
      for (const path of this.#pathsOf.get(account) ?? [])
        if (this.#kept.delete(path)) for (const other of this.#base.get(path)!.accounts) open.push(other); // it is the base's
    }
    return this.#kept.size < before;
  }
}

/** What is written while files are read, what refers to inputs first. */
const READ = [
  "usage_page",
  "event_use",
  "unused_principal",
  "aws_recommendation",
  "membership",
  "attachment",
  "aws_policy_document",
  "policy_document",
  "run_principal",
  "diagnostic",
  "export_page",
  "incomplete_account",
  "input_account",
  "input",
] as const;
