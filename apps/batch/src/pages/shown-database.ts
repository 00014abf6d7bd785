import { statSync } from "node:fs";
import { type Connection, StoreError, openForReading, readCurrentRun } from "@leastwise/store";

/** A run of a database, as pages show it. */
export interface ShownRun {
  readonly db: Connection;
  readonly runId: number;
  readonly catalogId: number;
}

/** Connections that are kept open: to the newest run and to some that people look at. */
const MOST_KEPT = 4;

/**
 * Connections to the runs of one database file, opened when somebody asks. What is answered in one call is of one state of the database, whatever is
 * written meanwhile. A file that has been put in the place of another is opened anew. Nothing is written.
 */
export class ShownDatabase {
  readonly #path: string;
  /** By the name of the run, the least lately used first. */
  readonly #open = new Map<string, Connection>();
  #identity = "";

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * @param run as people name it; absent: the current one
   * @throws StoreError as `openForReading`; whatever `answer` throws
   */
  with<T>(run: string | undefined, answer: (shown: ShownRun) => T): T {
    const db = this.#connection(run ?? "");
    db.exec("BEGIN");
    try {
      const current = readCurrentRun(db);
      if (current === undefined)
        throw new StoreError("no-run", "the database has no run", "`leastwise refine` makes one");
      return answer({ db, ...current });
    } finally {
      if (db.inTransaction) db.exec("COMMIT");
    }
  }

  /** To be called where the file is no good; it is opened anew when somebody asks. */
  close(): void {
    for (const db of this.#open.values()) db.close();
    this.#open.clear();
  }

  #connection(run: string): Connection {
    const identity = identityOf(this.#path);
    if (identity !== this.#identity) this.close();
    this.#identity = identity;
    const key = run === "latest" ? "" : run;
    const known = this.#open.get(key);
    const db = known ?? openForReading(this.#path, key === "" ? undefined : key);
    this.#open.delete(key);
    this.#open.set(key, db);
    for (const [oldest, connection] of this.#open) {
      if (this.#open.size <= MOST_KEPT) break;
      connection.close();
      this.#open.delete(oldest);
    }
    return db;
  }
}

/** Which file it is; empty where there is none. A run that writes into it does not make it another one. */
function identityOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? "" : `${stats.dev} ${stats.ino}`;
}
