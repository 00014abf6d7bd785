import { hash } from "node:crypto";
import { NOTHING_UNUSED, type RecommendedAction, type Unused, intersectionOf } from "@leastwise/core";
import type Database from "better-sqlite3";
import type { Connection } from "./database.ts";

/** An answered unit as it stands in the database, nothing of it trusted. Texts are not parsed. */
export interface StoredResult {
  readonly unitId: number;
  readonly state: string;
  readonly catalogId: number;
  readonly documentId: number;
  readonly unusedId: number;
  readonly finalDocumentId: number | null;
  /** The document of that id where it is another than the existing one; null also where it is missing. */
  readonly finalDocument: StoredDocument | null;
  readonly optionSetId: number;
  readonly engineVersion: number;
  readonly recommendedAction: RecommendedAction;
  readonly actionsBefore: number;
  readonly actionsRemoved: number;
  /** JSON text; null where there are none. */
  readonly unknownActions: string | null;
  readonly changes: string | null;
  readonly certificate: string | null;
}

export interface StoredText {
  readonly sha256: string;
  readonly text: string;
}

export interface StoredDocument extends StoredText {
  readonly characters: number;
}

/** A text by content that nothing answered needs. `characters` is a document's. */
export interface Unreferenced extends StoredDocument {
  readonly what: "document" | "unused set" | "option set";
}

/** What the database says a document grants: how many actions, and their intervals as it has them. */
export interface StoredGrants {
  readonly actions: number;
  readonly intervals: string;
}

export interface StoredCatalog {
  readonly catalogId: number;
  readonly sha256: string;
  readonly source: string;
  readonly date: string;
  readonly services: readonly { readonly service: string; readonly lo: number; readonly hi: number }[];
  /** In the order of their ids. */
  readonly actions: readonly {
    readonly id: number;
    readonly service: string;
    readonly name: string;
    readonly action: string;
    readonly accessLevel: string;
    /** 0 or 1 */
    readonly tracked: number;
  }[];
}

export interface StoredCounts {
  readonly results: number;
  readonly recommendations: number;
  readonly unanswered: number;
  readonly unfinished: number;
}

/** An attachment that a result is the answer for. */
export interface AnsweredAttachment {
  readonly principalArn: string;
  readonly policyName: string;
  readonly runId: number;
}

/** Something about the rows around the results that cannot be right. */
export interface Misplaced {
  readonly what: string;
  readonly principalArn: string;
  readonly policyName: string;
  readonly runId: number;
}

/** Reads results back, so that somebody can check them. Everything is read as it is, whatever it says. */
export class StoredResults {
  readonly #db: Connection;
  readonly #document: Database.Statement<[number], StoredDocument>;
  readonly #unused: Database.Statement<[number], StoredText>;
  readonly #options: Database.Statement<[number], StoredText>;
  readonly #grants: Database.Statement<[number, number], StoredGrants>;
  readonly #some: Database.Statement<[string], ResultRow>;
  readonly #attachments: Database.Statement<[{ readonly unitId: number }], AnsweredAttachment>;

  constructor(db: Connection) {
    this.#db = db;
    this.#document = db.prepare("SELECT sha256, text, characters FROM document WHERE document_id = ?");
    this.#unused = db.prepare("SELECT sha256, text FROM unused_set WHERE unused_id = ?");
    this.#options = db.prepare("SELECT sha256, text FROM option_set WHERE option_set_id = ?");
    this.#grants = db.prepare("SELECT actions, intervals FROM grant_set WHERE catalog_id = ? AND document_id = ?");
    this.#some = db
      .prepare<[string], ResultRow>(
        `SELECT u.unit_id, CASE WHEN u.failure_code IS NULL AND u.failure IS NULL THEN u.state ELSE 'failed' END, u.catalog_id,
                u.document_id, u.unused_id, u.final_document_id, u.option_set_id, u.engine_version, u.recommended_action,
                u.actions_before, u.actions_removed, u.unknown_actions, c.changes, u.certificate,
                f.sha256, f.text, f.characters
         FROM json_each(?) AS id CROSS JOIN unit u ON u.unit_id = id.value
         LEFT JOIN unit_change c ON c.unit_id = u.unit_id
         LEFT JOIN document f ON f.document_id = u.final_document_id AND u.final_document_id <> u.document_id`,
      )
      .raw();
    this.#attachments = db.prepare(
      `SELECT pr.arn AS principalArn, po.name AS policyName, r.run_id AS runId
       FROM recommendation r JOIN principal pr USING (principal_id) JOIN policy po USING (policy_id)
       WHERE r.unit_id = $unitId
       UNION ALL
       SELECT po.key, po.name, r.run_id FROM policy_recommendation r JOIN policy po USING (policy_id) WHERE r.unit_id = $unitId
       ORDER BY runId DESC, principalArn, policyName`,
    );
  }

  /** How many results there are, how many attachments of all runs they answer, how many wait for one, how many runs are unfinished. */
  count(): StoredCounts {
    return this.#db
      .prepare<[], StoredCounts>(
        `SELECT (SELECT count(*) FROM unit WHERE ${ANSWERED}) AS results,
                (SELECT count(*) FROM recommendation JOIN unit USING (unit_id) WHERE ${ANSWERED}) AS recommendations,
                (SELECT count(*) FROM recommendation JOIN unit USING (unit_id) WHERE NOT ${ANSWERED}) AS unanswered,
                (SELECT count(*) FROM run WHERE state <> 'done') AS unfinished`,
      )
      .get()!; // aggregates give a row
  }

  /**
   * The units that say they have an answer: all in the order of plan, where those of one U stand together, or so many drawn at
   * random in that order.
   */
  answered(sample?: number): readonly number[] {
    const sql =
      sample === undefined
        ? `SELECT unit_id FROM unit WHERE ${ANSWERED} ORDER BY unit_id`
        : `SELECT unit_id FROM (SELECT unit_id FROM unit WHERE ${ANSWERED} ORDER BY random() LIMIT ?) ORDER BY unit_id`;
    const find = this.#db.prepare<number[], number>(sql).pluck();
    return sample === undefined ? find.all() : find.all(sample);
  }

  /** The results of units, in the order of their ids in the list. */
  *results(unitIds: readonly number[]): Generator<StoredResult> {
    for (const row of this.#some.iterate(JSON.stringify(unitIds))) {
      yield {
        unitId: row[0],
        state: row[1],
        catalogId: row[2],
        documentId: row[3],
        unusedId: row[4],
        finalDocumentId: row[5],
        optionSetId: row[6],
        engineVersion: row[7],
        recommendedAction: row[8],
        actionsBefore: row[9],
        actionsRemoved: row[10],
        unknownActions: row[11],
        changes: row[12],
        certificate: row[13],
        finalDocument: row[14] === null ? null : { sha256: row[14], text: row[15], characters: row[16] },
      };
    }
  }

  document(documentId: number): StoredDocument | undefined {
    return this.#document.get(documentId);
  }

  unused(unusedId: number): StoredText | undefined {
    return this.#unused.get(unusedId);
  }

  options(optionSetId: number): StoredText | undefined {
    return this.#options.get(optionSetId);
  }

  grants(catalogId: number, documentId: number): StoredGrants | undefined {
    return this.#grants.get(catalogId, documentId);
  }

  attachments(unitId: number): readonly AnsweredAttachment[] {
    return this.#attachments.all({ unitId });
  }

  catalogs(): readonly StoredCatalog[] {
    const catalogs = this.#db
      .prepare<[], Pick<StoredCatalog, "catalogId" | "sha256" | "source" | "date">>(
        "SELECT catalog_id AS catalogId, sha256, source, date FROM catalog ORDER BY catalog_id",
      )
      .all();
    const services = this.#db.prepare<[number], StoredCatalog["services"][number]>(
      "SELECT service, lo, hi FROM service WHERE catalog_id = ? ORDER BY service",
    );
    const actions = this.#db.prepare<[number], StoredCatalog["actions"][number]>(
      `SELECT action_id AS id, service, name, action, access_level AS accessLevel, tracked
       FROM action WHERE catalog_id = ? ORDER BY action_id`,
    );
    return catalogs.map(({ catalogId, sha256, source, date }) => {
      return { catalogId, sha256, source, date, services: services.all(catalogId), actions: actions.all(catalogId) };
    });
  }

  /** Documents, sets of unused actions and sets of options that no result refers to. */
  *unreferenced(): Generator<Unreferenced> {
    yield* this.#db
      .prepare<[], Unreferenced>(
        `SELECT 'document' AS what, sha256, text, characters FROM document
         WHERE document_id NOT IN (
           SELECT document_id FROM unit WHERE ${ANSWERED}
           UNION SELECT final_document_id FROM unit WHERE ${ANSWERED} AND final_document_id IS NOT NULL)
         UNION ALL
         SELECT 'unused set', sha256, text, 0 FROM unused_set
         WHERE unused_id NOT IN (SELECT unused_id FROM unit WHERE ${ANSWERED})
         UNION ALL
         SELECT 'option set', sha256, text, 0 FROM option_set
         WHERE option_set_id NOT IN (SELECT option_set_id FROM unit WHERE ${ANSWERED})`,
      )
      .iterate();
  }

  /** Recommendations that point to an answer of another question, and attachments of finished runs that have none. */
  *misplaced(): Generator<Misplaced> {
    yield* this.#misplacedInPlace();
    yield* this.#db
      .prepare<[], Misplaced>(
        `SELECT 'the result is of another policy document, other evidence or other options' AS what,
                coalesce(pr.arn, 'principal ' || r.principal_id) AS principalArn,
                coalesce(po.name, 'policy ' || r.policy_id) AS policyName, r.run_id AS runId
         FROM recommendation r LEFT JOIN run ON run.run_id = r.run_id
         LEFT JOIN principal pr ON pr.principal_id = r.principal_id LEFT JOIN policy po ON po.policy_id = r.policy_id
         LEFT JOIN unit u ON u.unit_id = r.unit_id
         LEFT JOIN policy_document pd ON pd.run_id = r.run_id AND pd.policy_id = r.policy_id
         LEFT JOIN run_principal rp ON rp.run_id = r.run_id AND rp.principal_id = r.principal_id
         LEFT JOIN unused_set emptied ON emptied.sha256 = '${NOTHING}' AND r.left_because IS NOT NULL
         WHERE (u.document_id IS NULL OR u.document_id IS NOT pd.document_id OR u.unused_id IS NOT CASE WHEN r.left_because IS NULL THEN rp.removable_id ELSE emptied.unused_id END OR u.catalog_id IS NOT run.catalog_id
             OR ${OTHER_OPTIONS} OR u.engine_version IS NOT run.engine_version)
         UNION ALL
         SELECT 'the attachment has no recommendation', pr.arn, po.name, a.run_id
         FROM attachment a JOIN run USING (run_id) JOIN principal pr USING (principal_id) JOIN policy po USING (policy_id)
         JOIN policy_document pd ON pd.run_id = a.run_id AND pd.policy_id = a.policy_id
         LEFT JOIN recommendation r ON r.run_id = a.run_id AND r.principal_id = a.principal_id AND r.policy_id = a.policy_id
         WHERE run.state IN ('execute', 'done') AND pr.marked IS NOT 'service-linked' AND r.unit_id IS NULL
         UNION ALL
         SELECT 'the run is finished, yet this was never answered', pr.arn, po.name, r.run_id
         FROM recommendation r JOIN run USING (run_id) JOIN unit u USING (unit_id)
         JOIN principal pr USING (principal_id) JOIN policy po USING (policy_id)
         WHERE run.state = 'done' AND u.state NOT IN ('done', 'failed')
         UNION ALL
         SELECT 'the result is of another policy document, or other options', coalesce(po.key, 'policy ' || r.policy_id),
                coalesce(po.name, ''), r.run_id
         FROM policy_recommendation r LEFT JOIN run ON run.run_id = r.run_id LEFT JOIN policy po ON po.policy_id = r.policy_id
         LEFT JOIN unit u ON u.unit_id = r.unit_id
         LEFT JOIN policy_document pd ON pd.run_id = r.run_id AND pd.policy_id = r.policy_id
         WHERE u.document_id IS NULL OR u.document_id IS NOT pd.document_id OR u.catalog_id IS NOT run.catalog_id
           OR ${OTHER_OPTIONS} OR u.engine_version IS NOT run.engine_version
         UNION ALL
         SELECT 'several principals have the policy, yet there is no recommendation in place', po.key, po.name, r.run_id
         FROM recommendation r JOIN run USING (run_id) JOIN policy po USING (policy_id)
         LEFT JOIN policy_recommendation p ON p.run_id = r.run_id AND p.policy_id = r.policy_id
         WHERE po.kind = 'customer' AND run.state IN ('execute', 'done') AND p.unit_id IS NULL
         GROUP BY r.run_id, r.policy_id HAVING count(*) > 1
         UNION ALL
         SELECT 'the recommendation is for something that is not attached', pr.arn, po.name, r.run_id
         FROM recommendation r JOIN principal pr USING (principal_id) JOIN policy po USING (policy_id)
         LEFT JOIN attachment a ON a.run_id = r.run_id AND a.principal_id = r.principal_id AND a.policy_id = r.policy_id
         WHERE a.run_id IS NULL`,
      )
      .iterate();
  }

  /** Answers for shared policies by which something else goes than what nobody who has the policy uses. */
  *#misplacedInPlace(): Generator<Misplaced> {
    const rows = this.#db
      .prepare<[], Omit<Misplaced, "what"> & { readonly unused: string; readonly ofHolders: string }>(
        `SELECT po.key AS principalArn, po.name AS policyName, p.run_id AS runId, s.text AS unused,
                json_group_array(DISTINCT hs.text) AS ofHolders
         FROM policy_recommendation p JOIN policy po USING (policy_id) JOIN unit u USING (unit_id) JOIN unused_set s USING (unused_id)
         JOIN recommendation r ON r.run_id = p.run_id AND r.policy_id = p.policy_id
         JOIN unit hu ON hu.unit_id = r.unit_id JOIN unused_set hs ON hs.unused_id = hu.unused_id
         WHERE NOT EXISTS (SELECT 1 FROM policy_blocker b WHERE b.run_id = p.run_id AND b.policy_id = p.policy_id AND b.principal_id IS NULL)
         GROUP BY p.run_id, p.policy_id`,
      )
      .iterate();
    for (const { unused, ofHolders, ...place } of rows) {
      if (commonText(ofHolders) !== unused)
        yield { what: "something else goes than what nobody who has the policy uses", ...place };
    }
  }
}

/** The text of what several sets of unused actions, each a text in a JSON list, have in common; undefined where one is none. */
function commonText(list: string): string | undefined {
  try {
    const sets = (JSON.parse(list) as readonly string[]).map((text) => JSON.parse(text) as Unused); // nothing of it is trusted
    return JSON.stringify(sets.reduce(intersectionOf));
  } catch {
    return undefined; // which equals no text, so it is told of
  }
}

/** SHA-256 of the empty set of unused actions: what a policy that is left alone is refined with. */
const NOTHING = hash("sha256", JSON.stringify(NOTHING_UNUSED));

/** Whether a unit `u` has other options than its `run`, apart from the form, which the ladder chooses. */
const OTHER_OPTIONS = `(u.option_set_id IS NOT run.option_set_id AND (
  SELECT CASE WHEN json_valid(text) THEN json_remove(text, '$.fit') END FROM option_set WHERE option_set_id = u.option_set_id)
  IS NOT (SELECT text FROM option_set WHERE option_set_id = run.option_set_id))`;

/** A unit that says it has an answer, in whatever way. */
const ANSWERED = "(state = 'done' OR certificate IS NOT NULL)";

type ResultRow = [
  unitId: number,
  state: string,
  catalogId: number,
  documentId: number,
  unusedId: number,
  finalDocumentId: number | null,
  optionSetId: number,
  engineVersion: number,
  recommendedAction: RecommendedAction,
  actionsBefore: number,
  actionsRemoved: number,
  unknownActions: string | null,
  changes: string | null,
  certificate: string | null,
  ...(readonly [sha256: string, text: string, characters: number] | readonly [null, null, null]),
];
