import type { PageText, UsageBatch, UsageCase, UsageSource } from "@leastwise/core";
import type Database from "better-sqlite3";
import type { Connection } from "../database.ts";
import type { Run } from "../runs.ts";
import { EventUses } from "./event-uses.ts";
import type { Excludable } from "./left-alone.ts";
import type { MaybeUnused } from "./unused-principals.ts";

/** How much a batch holds: enough that sending it costs little, little enough that some of them are no weight. */
export interface BatchLimits {
  readonly principals: number;
  /** Characters of pages together: whoever reaches it is the last of a batch, with all of its pages. */
  readonly characters: number;
}

export const BATCH_LIMITS: BatchLimits = { principals: 256, characters: 1024 * 1024 };

/** A principal of a run, as the plan sees it. */
export interface PrincipalRow extends Excludable, MaybeUnused {
  readonly principal_id: number;
}

/** Principals with what the inputs say of their use: `batch` has their places. */
export interface PlannedBatch {
  readonly principals: readonly PrincipalRow[];
  readonly batch: UsageBatch;
}

/** What holds for all batches of a run. */
export type BatchSettings = Omit<UsageBatch, "principals">;

/**
 * The users and roles of a run that are not settled, in the order of their ids, packed into batches. Nothing is held but the current one.
 *
 * @param eventsSince the day before which events prove no use; empty where all do
 */
export function* readUsageBatches(
  db: Connection,
  { runId }: Run,
  settings: BatchSettings,
  eventsSince: string,
  limits: BatchLimits,
): Generator<PlannedBatch> {
  const rows = prepare(db);
  const events = new EventUses(db, runId, eventsSince);
  let last = 0;
  for (;;) {
    const principals = new Principals(limits);
    for (const row of rows.iterate(runId, last)) if (!principals.take(row)) break; // before anything is written
    const found = principals.rows;
    if (found.length === 0) return;
    const first = found[0]!.principal_id; // there is one, here and below
    last = found.at(-1)!.principal_id;
    const used = events.between(first, last);
    const cases = found.map(({ principal_id, created_at }, place): UsageCase => ({
      createdAt: created_at,
      pages: principals.pages[place]!, // as many as principals
      events: used.get(principal_id) ?? [],
    }));
    yield { principals: found, batch: { ...settings, principals: cases } };
  }
}

/** A principal with one of its pages; of a principal without any the page is null. */
type JoinedRow = readonly [
  principalId: number,
  arn: string,
  accountId: string,
  kind: PrincipalRow["kind"],
  name: string,
  path: string,
  marked: string | null,
  tags: string,
  createdAt: string | null,
  lastUsedAt: string | null,
  tracksLastUse: 0 | 1,
  source: UsageSource,
  reportId: string,
  active: 0 | 1,
  updatedAt: string | null,
  lines: string | null,
  input: number,
];

function prepare(db: Connection): Database.Statement<[number, number], JoinedRow> {
  return db
    .prepare<[number, number], JoinedRow>(
      `SELECT p.principal_id, p.arn, p.account_id, p.kind, p.name, p.path, p.marked, rp.tags, rp.created_at, rp.last_used_at,
              rp.tracks_last_use, u.source, u.report_id, u.active, u.updated_at, u.lines, u.input_id
       FROM run_principal rp JOIN principal p USING (principal_id)
       LEFT JOIN usage_page u ON u.run_id = rp.run_id AND u.principal_arn = p.arn
       WHERE rp.run_id = ? AND rp.principal_id > ? AND p.kind <> 'group' AND rp.evidence IS NULL ORDER BY rp.principal_id`,
    )
    .raw();
}

/** Collects principals with their pages. */
class Principals {
  readonly rows: PrincipalRow[] = [];
  readonly pages: PageText[][] = [];
  readonly #limits: BatchLimits;
  #characters = 0;

  constructor(limits: BatchLimits) {
    this.#limits = limits;
  }

  /** Whether the row belongs into this batch, which is full only where another principal begins. */
  take(row: JoinedRow): boolean {
    if (this.rows.at(-1)?.principal_id !== row[0]) {
      if (this.rows.length >= this.#limits.principals || this.#characters >= this.#limits.characters) return false;
      this.rows.push(principalOf(row));
      this.pages.push([]);
    }
    const [, , , , , , , , , , , source, reportId, active, updatedAt, lines, input] = row;
    if (lines === null) return true;
    this.pages.at(-1)!.push({ source, reportId, active: active === 1, updatedAt, lines, input }); // of the principal above
    this.#characters += lines.length;
    return true;
  }
}

function principalOf(row: JoinedRow): PrincipalRow {
  const [principal_id, arn, account_id, kind, name, path, marked, tags, created_at, last_used_at, tracks_last_use] =
    row;
  return { principal_id, arn, account_id, kind, name, path, marked, tags, created_at, last_used_at, tracks_last_use };
}
