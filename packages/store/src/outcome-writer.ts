import type { GrantRow, OutcomeRows, UnitRow } from "@leastwise/core";
import type Database from "better-sqlite3";
import type { Connection } from "./database.ts";
import type { Run } from "./runs.ts";
import type { PlannedShard } from "./shard-reader.ts";

/** A shard with what came of it. */
export interface FinishedShard {
  readonly planned: PlannedShard;
  readonly outcome: OutcomeRows;
}

/** Writes what came of shards. A shard is done when its transaction has committed. */
export class OutcomeWriter {
  readonly #db: Connection;
  readonly #catalogId: number;
  readonly #statements: Statements;

  constructor(db: Connection, run: Run) {
    this.#db = db;
    this.#catalogId = run.catalogId;
    this.#statements = prepare(db);
  }

  /** All or nothing. Writing the outcome of a shard that is done already changes nothing. */
  write(shards: readonly FinishedShard[]): void {
    this.#db.transaction(() => {
      for (const { planned, outcome } of shards) {
        for (const { document, granted } of outcome.grants) {
          this.#writeGrants(planned.documentIds[document]!, granted); // places are the shard's own
        }
        outcome.units.forEach((unit, index) => this.#writeUnit(planned, index, unit));
      }
    })();
  }

  #writeUnit(planned: PlannedShard, index: number, unit: UnitRow): void {
    const { finish, fail, insertChanges } = this.#statements;
    const { unitId } = unit;
    if (!unit.ok) {
      fail.run(unit.code, unit.message, unitId);
      return;
    }
    const { recommendedAction, created, actionsBefore, actionsRemoved, unknownActions, changes, certificate } = unit;
    const existing = planned.documentIds[planned.shard.units[index]!.document]!; // one outcome for each unit, in order
    const finalId = created === null ? (recommendedAction === "NONE" ? existing : null) : this.#documentId(created);
    finish.run(recommendedAction, finalId, actionsBefore, actionsRemoved, unknownActions, certificate, unitId);
    if (changes !== null) insertChanges.run(unitId, changes);
  }

  #documentId({
    sha256,
    text,
    granted,
  }: {
    readonly sha256: string;
    readonly text: string;
    readonly granted: GrantRow;
  }): number {
    const inserted = this.#statements.insertDocument.run(sha256, text, text.length);
    const id = inserted.changes > 0 ? Number(inserted.lastInsertRowid) : this.#statements.findDocument.get(sha256)!; // it was there
    this.#writeGrants(id, granted);
    return id;
  }

  #writeGrants(documentId: number, { actions, wildcards, intervals, shape }: GrantRow): void {
    const { insertGrants, insertShape } = this.#statements;
    insertGrants.run(this.#catalogId, documentId, actions, wildcards, intervals);
    if (shape !== null) insertShape.run(documentId, shape);
  }
}

interface Statements {
  readonly finish: Database.Statement;
  readonly fail: Database.Statement;
  readonly insertChanges: Database.Statement;
  readonly insertDocument: Database.Statement;
  readonly findDocument: Database.Statement<[string], number>;
  readonly insertGrants: Database.Statement;
  readonly insertShape: Database.Statement;
}

function prepare(db: Connection): Statements {
  return {
    finish: db.prepare(
      `UPDATE unit SET state = 'done', recommended_action = ?, final_document_id = ?,
         actions_before = ?, actions_removed = ?, unknown_actions = ?, certificate = ?
       WHERE unit_id = ?`,
    ),
    fail: db.prepare(
      "UPDATE unit SET state = 'failed', final_document_id = document_id, failure_code = ?, failure = ? WHERE unit_id = ?",
    ),
    insertChanges: db.prepare("INSERT INTO unit_change (unit_id, changes) VALUES (?, ?) ON CONFLICT DO NOTHING"),
    insertDocument: db.prepare(
      "INSERT INTO document (sha256, text, characters) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    ),
    findDocument: db.prepare<[string], number>("SELECT document_id FROM document WHERE sha256 = ?").pluck(),
    insertGrants: db.prepare(
      `INSERT INTO grant_set (catalog_id, document_id, actions, wildcards, intervals) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
    ),
    insertShape: db.prepare(
      "INSERT INTO document_shape (document_id, shape_sha256) VALUES (?, ?) ON CONFLICT DO NOTHING",
    ),
  };
}
