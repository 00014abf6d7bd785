import type { HolderRow, Page } from "@leastwise/api";
import { type PolicyDocument, entriesOf, fold, matches, parsePattern, statementsOf } from "@leastwise/core";
import type { Connection } from "../database.ts";
import { type Asked, choice, found, required, searched, text, whole } from "./asked.ts";
import { type Looked, collect } from "./collect.ts";
import { type KeyValues, cursorValues } from "./cursor.ts";
import type { Value } from "./list-query.ts";
import { questionText } from "./list.ts";
import { PageError } from "./page-error.ts";

/** An entry that allows the action, as a statement has it. */
type Allowing = Pick<HolderRow, "statement" | "sid" | "element" | "entry" | "resource" | "condition">;

interface Walk {
  readonly when: "before" | "after";
  readonly runId: number;
  readonly catalogId: number;
  readonly actionId: number;
  readonly folded: string;
  /** SQL: what attached policies are wanted, over their `principal p` and `policy po`. */
  readonly wanted: string;
  readonly values: Readonly<Record<string, Value>>;
}

/** Where the walk goes on: the interval, the row of its documents, the place in that, unit, principal, policy, entry of the last row. */
const KEYS = 8;
const USUAL_ROWS = 100;
const MOST_ROWS = 500;

export const HOLDER_COLUMNS: readonly (keyof HolderRow)[] = [
  "accountId",
  "principalArn",
  "principalKind",
  "policyKey",
  "policyName",
  "policyKind",
  "statement",
  "sid",
  "element",
  "entry",
  "resource",
  "condition",
];

/**
 * Who may call an action: from the action by the intervals that hold it to documents, and from them to attachments, those with the
 * narrowest grants first. Rows as the views `allowed_before` and `allowed_after` have them.
 *
 * @throws PageError `bad-parameter`, `bad-cursor`, `not-found` for an action that the run's catalog has not
 */
export function readHolders(
  db: Connection,
  runId: number,
  asked: Asked,
  isOver: () => boolean,
  mostRows: number = MOST_ROWS,
): Page<HolderRow> {
  const named = required(asked, "action");
  const limit = whole(asked, "limit", 1, mostRows) ?? USUAL_ROWS;
  const action = db
    .prepare<[number, string], { catalogId: number; actionId: number; action: string }>(
      `SELECT a.catalog_id AS catalogId, a.action_id AS actionId, a.action FROM run JOIN action a USING (catalog_id)
       WHERE run.run_id = ? AND a.action = ?`,
    )
    .get(runId, named);
  if (action === undefined)
    throw new PageError("not-found", `the catalog has no action \`${named}\``, "check the spelling");
  const question = questionText("holders", runId, asked);
  const after = text(asked, "after");
  const values = {
    q: searched(asked),
    kind: choice(asked, "kind", ["role", "user", "group"]) ?? null,
    account: text(asked, "account") ?? null,
  };
  const wanted = [
    ...(values.kind === null ? [] : ["p.kind = $kind"]),
    ...(values.account === null ? [] : ["p.account_id = $account"]),
    ...(values.q === null ? [] : [`(${found("p.arn", "po.key")})`]),
  ];
  const walk: Walk = {
    when: choice(asked, "when", ["before", "after"]) ?? "after",
    runId,
    catalogId: action.catalogId,
    actionId: action.actionId,
    folded: fold(action.action),
    wanted: wanted.length === 0 ? "1" : wanted.join(" AND "),
    values,
  };
  const from = after === undefined ? null : cursorValues(question, KEYS, after);
  return { ...collect(question, holders(db, walk, from), { limit, isOver }), total: null };
}

interface Documents {
  readonly lo: number;
  readonly hi: number;
  readonly first: number;
  /** JSON list of ids. */
  readonly documents: string;
}

interface Attached {
  readonly unitId: number;
  readonly principalId: number;
  readonly policyId: number;
  readonly isWanted: 0 | 1;
}

function* holders(db: Connection, walk: Walk, from: KeyValues | null): Generator<Looked<HolderRow>> {
  const attachedTo = db.prepare<[object], Attached>(attachedSql(walk));
  const textOf = db.prepare<[number], string>("SELECT text FROM document WHERE document_id = ?").pluck();
  const holderOf = db.prepare<[number, number], Omit<HolderRow, keyof Allowing>>(HOLDER);
  const { runId, catalogId, folded, values } = walk;
  for (const { lo, hi, first, documents } of documentsOf(db, walk, from)) {
    const isSame = isAt(from, [lo, hi, first]);
    const ids = JSON.parse(documents) as readonly number[]; // the conclusion wrote it
    for (let at = isSame ? Number(from?.[3]) : 0; at < ids.length; at++) {
      const documentId = ids[at]!; // at is inside
      const isFrom = isAt(from, [lo, hi, first, at]);
      const [unit, principal, policy] = isFrom && from !== null ? from.slice(4, 7) : [0, 0, 0];
      let allowing: readonly Allowing[] | null = null;
      const some = attachedTo.iterate({ ...values, runId, catalogId, documentId, unit, principal, policy });
      for (const { unitId, principalId, policyId, isWanted } of some) {
        const place = [lo, hi, first, at, unitId, principalId, policyId];
        const seen = isAt(from, place) ? Number(from?.[7]) + 1 : 0;
        if (isWanted === 0) {
          yield { place: [...place, 0], item: null };
          continue;
        }
        allowing ??= allowingIn(textOf.get(documentId)!, folded); // an id of the database
        for (let i = seen; i < allowing.length; i++)
          yield { place: [...place, i], item: { ...holderOf.get(principalId, policyId)!, ...allowing[i]! } }; // ids of the database, and i is inside
      }
    }
  }
}

function isAt(from: KeyValues | null, place: KeyValues): boolean {
  return from !== null && place.every((value, i) => value === from[i]);
}

/** Intervals that begin nearest to the action first, from where the walk goes on. */
function* documentsOf(
  db: Connection,
  { when, runId, catalogId, actionId }: Walk,
  from: KeyValues | null,
): Generator<Documents> {
  const attachments = { before: "t.attachments_before", after: "t.attachments_after" }[when];
  const rows = db.prepare<[object], Documents>(
    `SELECT t.lo, t.hi, i.first_document_id AS first, i.documents
     FROM interval_total t
     CROSS JOIN interval_document i ON i.catalog_id = $catalogId AND i.lo = t.lo AND i.hi = t.hi
     WHERE t.run_id = $runId AND t.lo <= $actionId AND t.hi > $actionId AND ${attachments} > 0
       AND (t.lo < $lo OR (t.lo = $lo AND (t.hi > $hi OR (t.hi = $hi AND i.first_document_id >= $first))))
     ORDER BY t.lo DESC, t.hi, i.first_document_id`,
  );
  const [lo, hi, first] = from ?? [actionId, 0, 0];
  yield* rows.iterate({ runId, catalogId, actionId, lo, hi, first });
}

/** All attached policies of the run with a document, from one of them on. */
function attachedSql({ when, wanted }: Walk): string {
  const document = { before: "u.document_id", after: "u.final_document_id" }[when];
  return `SELECT u.unit_id AS unitId, r.principal_id AS principalId, r.policy_id AS policyId, coalesce(${wanted}, 0) AS isWanted
    FROM unit u
    CROSS JOIN recommendation r ON r.unit_id = u.unit_id AND r.run_id = $runId
    CROSS JOIN principal p ON p.principal_id = r.principal_id
    CROSS JOIN policy po ON po.policy_id = r.policy_id
    WHERE ${document} = $documentId AND u.catalog_id = $catalogId
      AND (u.unit_id, r.principal_id, r.policy_id) >= ($unit, $principal, $policy)
    ORDER BY u.unit_id, r.principal_id, r.policy_id`;
}

const HOLDER = `
  SELECT p.account_id AS accountId, p.arn AS principalArn, p.kind AS principalKind, po.key AS policyKey, po.name AS policyName,
         po.kind AS policyKind
  FROM principal p, policy po WHERE p.principal_id = ? AND po.policy_id = ?`;

/** The entries by which a document's Allow statements allow an action. */
function allowingIn(document: string, folded: string): readonly Allowing[] {
  const statements = statementsOf(JSON.parse(document) as PolicyDocument); // the edge has checked it, or a worker wrote it
  return statements.flatMap((statement, place) => {
    if (statement.Effect !== "Allow") return [];
    const { Sid: sid = null, NotAction, Resource: resource, Condition: condition } = statement;
    const common = { statement: place, sid, resource: json(resource), condition: json(condition) };
    const matching = entriesOf(NotAction ?? statement.Action).filter((entry) => matches(parsePattern(entry), folded));
    if (NotAction === undefined) return matching.map((entry): Allowing => ({ ...common, element: "Action", entry }));
    if (matching.length > 0) return [];
    return [{ ...common, element: "NotAction", entry: JSON.stringify(entriesOf(NotAction)) } satisfies Allowing];
  });
}

function json(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
