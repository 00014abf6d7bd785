import { hash } from "node:crypto";
import {
  type GrantRow,
  type OutcomeRows,
  type RecommendedAction,
  type Shard,
  type UnitFailure,
  type UnitRow,
  optionsText,
} from "@leastwise/core";
import type Database from "better-sqlite3";
import type { Connection } from "../database.ts";

/** What a part says of a shard: of those of its units that it has answered, in their order. */
export interface FoundAnswers {
  /** The places of these units in the shard. */
  readonly places: readonly number[];
  readonly outcome: OutcomeRows;
}

interface AnswerRow {
  readonly state: string;
  readonly recommendedAction: RecommendedAction;
  readonly actionsBefore: number;
  readonly actionsRemoved: number;
  readonly unknownActions: string | null;
  readonly certificate: string;
  readonly failureCode: UnitFailure["code"];
  readonly failure: string;
  readonly changes: string | null;
  readonly sha256: string;
  readonly text: string;
}

/** Finds in a database what it has answered, by content, whatever ids it gives. Nothing of it has been checked. */
export class PartAnswers {
  readonly #db: Connection;
  readonly #answer: Database.Statement<[object], AnswerRow>;
  readonly #grants: Database.Statement<[object], GrantRow>;
  readonly #catalog: Database.Statement<[string], number>;
  readonly #optionSet: Database.Statement<[string], number>;

  constructor(db: Connection) {
    this.#db = db;
    this.#answer = db.prepare(
      `SELECT u.state, u.recommended_action AS recommendedAction, u.actions_before AS actionsBefore, u.actions_removed AS actionsRemoved,
              u.unknown_actions AS unknownActions, u.certificate, u.failure_code AS failureCode, u.failure, c.changes, f.sha256, f.text
       FROM document d CROSS JOIN unused_set s
       CROSS JOIN unit u ON u.unused_id = s.unused_id AND u.document_id = d.document_id AND u.catalog_id = $catalogId
         AND u.option_set_id = $optionSetId AND u.engine_version = $engineVersion
       LEFT JOIN unit_change c ON c.unit_id = u.unit_id
       LEFT JOIN document f ON f.document_id = u.final_document_id AND u.final_document_id <> u.document_id
       WHERE d.sha256 = $document AND s.sha256 = $unused`,
    );
    this.#grants = db.prepare(
      `SELECT g.actions, g.intervals, g.wildcards, h.shape_sha256 AS shape
       FROM document d CROSS JOIN grant_set g ON g.catalog_id = $catalogId AND g.document_id = d.document_id
       LEFT JOIN document_shape h ON h.document_id = d.document_id
       WHERE d.sha256 = $document`,
    );
    this.#catalog = db.prepare<[string], number>("SELECT catalog_id FROM catalog WHERE sha256 = ?").pluck();
    this.#optionSet = db.prepare<[string], number>("SELECT option_set_id FROM option_set WHERE sha256 = ?").pluck();
  }

  /** O(units × log size of the database) */
  of(shard: Shard): FoundAnswers {
    const catalogId = this.#catalog.get(shard.catalog) ?? -1; // none has such an id, here and below
    const optionSetId = this.#optionSet.get(hash("sha256", optionsText(shard.options))) ?? -1;
    const { engineVersion } = shard.origin;
    const documents = shard.documents.map(({ text }) => hash("sha256", text));
    const unused = shard.unused.map((text) => hash("sha256", text));
    const places: number[] = [];
    const units: UnitRow[] = [];
    const told = new Set<number>();
    const grants: { readonly document: number; readonly granted: GrantRow }[] = [];
    shard.units.forEach((unit, place) => {
      const document = documents[unit.document]!; // its places are inside, here and below
      const asked = { catalogId, optionSetId, engineVersion, document, unused: unused[unit.unused]! };
      const row = this.#answer.get(asked);
      if (row === undefined || row.state === "planned") return;
      places.push(place);
      units.push(this.#unitRow(unit.unitId, catalogId, row));
      if (shard.documents[unit.document]!.wantsGrants && !told.has(unit.document)) {
        told.add(unit.document);
        const granted = this.#grants.get({ catalogId, document });
        if (granted !== undefined) grants.push({ document: unit.document, granted });
      }
    });
    return { places, outcome: { units, grants } };
  }

  close(): void {
    this.#db.close();
  }

  /** As it would have come of refining, where what the part says is right. */
  #unitRow(unitId: number, catalogId: number, row: AnswerRow): UnitRow {
    const { recommendedAction, actionsBefore, actionsRemoved, unknownActions, certificate, changes, sha256, text } =
      row;
    if (row.state === "failed") return { unitId, ok: false, code: row.failureCode, message: row.failure };
    const granted =
      recommendedAction === "CREATE_POLICY" ? this.#grants.get({ catalogId, document: sha256 }) : undefined;
    const created = granted === undefined ? null : { text, sha256, granted };
    return {
      unitId,
      ok: true,
      recommendedAction,
      actionsBefore,
      actionsRemoved,
      changes,
      unknownActions,
      certificate,
      created,
    };
  }
}
