import { type HashedOutcome, type IntervalSet, type UnitFailure, type UnitResult, size } from "@leastwise/core";
import type Database from "better-sqlite3";
import type { Connection } from "./database.ts";
import type { Run } from "./runs.ts";
import type { PlannedShard } from "./shard-reader.ts";

/** Writes what came of a shard. A shard is done when its transaction has committed. */
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
  write(planned: PlannedShard, outcome: HashedOutcome): void {
    this.#db.transaction(() => {
      for (const { document, granted } of outcome.grants) {
        this.#writeGrants(planned.documentIds[document]!, granted); // places are the shard's own
      }
      outcome.units.forEach((unit, index) => {
        if (unit.ok) this.#writeResult(planned, index, unit, outcome.hashes[index] ?? null);
        else this.#writeFailure(unit);
      });
    })();
  }

  #writeResult(planned: PlannedShard, index: number, result: UnitResult, sha256: string | null): void {
    const { unitId, recommendedAction, text, changes, grants, grantedAfter, unknownActions } = result;
    let finalId: number | null = null;
    if (recommendedAction === "NONE") {
      finalId = planned.documentIds[planned.shard.units[index]!.document]!; // one outcome for each unit, in order
    } else if (text !== null && sha256 !== null) {
      finalId = this.#documentId(sha256, text, grantedAfter);
    }
    this.#statements.finish.run({
      unitId,
      recommendedAction,
      finalId,
      before: grants.before,
      removed: grants.removed,
      unknown: unknownActions.length === 0 ? null : JSON.stringify(unknownActions),
    });
    if (changes.length > 0) this.#statements.insertChanges.run(unitId, JSON.stringify(changes));
  }

  #documentId(sha256: string, text: string, granted: IntervalSet): number {
    const inserted = this.#statements.insertDocument.run(sha256, text, text.length);
    if (inserted.changes === 0) {
      const id = this.#statements.findDocument.get(sha256)!; // the insert found it there
      this.#writeGrants(id, granted);
      return id;
    }
    const id = Number(inserted.lastInsertRowid);
    this.#writeGrants(id, granted);
    return id;
  }

  #writeGrants(documentId: number, granted: IntervalSet): void {
    const { insertGrantSet, insertGrants } = this.#statements;
    if (insertGrantSet.run(this.#catalogId, documentId, size(granted)).changes === 0) return;
    const pairs: [number, number][] = [];
    for (let i = 0; i + 1 < granted.length; i += 2) pairs.push([granted[i]!, granted[i + 1]!]); // i + 1 is inside
    insertGrants.run(this.#catalogId, documentId, JSON.stringify(pairs));
  }

  #writeFailure({ unitId, code, message }: UnitFailure): void {
    this.#statements.fail.run(code, message, unitId);
  }
}

interface Statements {
  readonly finish: Database.Statement;
  readonly fail: Database.Statement;
  readonly insertChanges: Database.Statement;
  readonly insertDocument: Database.Statement;
  readonly findDocument: Database.Statement<[string], number>;
  readonly insertGrantSet: Database.Statement;
  readonly insertGrants: Database.Statement;
}

function prepare(db: Connection): Statements {
  return {
    finish: db.prepare(
      `UPDATE unit SET state = 'done', recommended_action = $recommendedAction, final_document_id = $finalId,
         actions_before = $before, actions_removed = $removed, unknown_actions = $unknown
       WHERE unit_id = $unitId`,
    ),
    fail: db.prepare(
      "UPDATE unit SET state = 'failed', final_document_id = document_id, failure_code = ?, failure = ? WHERE unit_id = ?",
    ),
    insertChanges: db.prepare("INSERT INTO unit_change (unit_id, changes) VALUES (?, ?) ON CONFLICT DO NOTHING"),
    insertDocument: db.prepare(
      "INSERT INTO document (sha256, text, characters) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    ),
    findDocument: db.prepare<[string], number>("SELECT document_id FROM document WHERE sha256 = ?").pluck(),
    insertGrantSet: db.prepare(
      "INSERT INTO grant_set (catalog_id, document_id, actions) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    ),
    insertGrants: db.prepare(
      `INSERT INTO grant_interval (catalog_id, document_id, lo, hi)
       SELECT ?, ?, json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?)`,
    ),
  };
}
