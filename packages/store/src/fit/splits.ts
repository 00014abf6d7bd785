import { optionsOf } from "@leastwise/core";
import type Database from "better-sqlite3";
import type { Connection } from "../database.ts";
import type { Run } from "../runs.ts";

/** A document to be split. */
export interface PendingSplit {
  readonly unitId: number;
  /** Minified. */
  readonly text: string;
  /** Of the unit's options: what the Sids of statements begin with that must not be cut. */
  readonly keptSids: readonly string[];
}

/** What came of it: the parts in order, minified; none where it does not split. */
export interface FinishedSplit {
  readonly unitId: number;
  readonly parts: readonly { readonly text: string; readonly sha256: string }[];
  /** Why a split was refused, which is an error of the run; null where it was not. */
  readonly problem: string | null;
}

/** The final documents of units, read one after the other. */
export function* readSplits(db: Connection, unitIds: readonly number[]): Generator<PendingSplit> {
  const find = db.prepare<[number], { readonly text: string; readonly options: string }>(
    `SELECT d.text, o.text AS options FROM unit u JOIN document d ON d.document_id = u.final_document_id
     JOIN option_set o USING (option_set_id) WHERE u.unit_id = ?`,
  );
  for (const unitId of unitIds) {
    const { text, options } = find.get(unitId)!; // asked for by its id, and it has an answer
    yield { unitId, text, keptSids: optionsOf(options)?.keptSids ?? [] };
  }
}

/** Writes what documents split into; parts are documents like others, each once by content. */
export class SplitWriter {
  readonly #db: Connection;
  readonly #runId: number;
  readonly #limit: number;
  readonly #split: Database.Statement;
  readonly #document: Database.Statement;
  readonly #part: Database.Statement;
  readonly #refused: Database.Statement;

  /** @param limit that they were split for, in characters */
  constructor(db: Connection, { runId }: Run, limit: number) {
    this.#db = db;
    this.#runId = runId;
    this.#limit = limit;
    this.#split = db.prepare("INSERT INTO unit_split (unit_id, size_limit, parts) VALUES (?, ?, ?)");
    this.#document = db.prepare(
      "INSERT INTO document (sha256, text, characters) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    );
    this.#part = db.prepare(
      "INSERT INTO unit_part (unit_id, size_limit, place, document_id) SELECT ?, ?, ?, document_id FROM document WHERE sha256 = ?",
    );
    this.#refused = db.prepare(
      `INSERT INTO diagnostic (run_id, severity, code, path, pointer, message, hint)
       VALUES (?, 'error', 'verification-failed', 'unit ' || ?, '', ?, 'this is a bug in Leastwise: nothing was stored of this split')`,
    );
  }

  /** All or nothing. */
  write(splits: readonly FinishedSplit[]): void {
    this.#db.transaction(() => {
      for (const { unitId, parts, problem } of splits) {
        this.#split.run(unitId, this.#limit, parts.length);
        parts.forEach(({ text, sha256 }, i) => {
          this.#document.run(sha256, text, text.length);
          this.#part.run(unitId, this.#limit, i + 1, sha256);
        });
        if (problem !== null) this.#refused.run(this.#runId, unitId, problem);
      }
    })();
  }
}
