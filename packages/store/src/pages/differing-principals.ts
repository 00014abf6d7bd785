import type { Page } from "@leastwise/api";
import type { Connection } from "../database.ts";
import type { DifferingPrincipal } from "../run-differences.ts";
import { type Asked, found, searched, text, whole } from "./asked.ts";
import { type Looked, type Part, collect } from "./collect.ts";
import { cursorValues } from "./cursor.ts";
import { questionText } from "./list.ts";

type Row = Omit<DifferingPrincipal, "isInFrom" | "isInTo" | "isRegrouped"> & {
  readonly isInFrom: 0 | 1;
  readonly isInTo: 0 | 1;
  readonly isRegrouped: 0 | 1;
  readonly isWanted: 0 | 1;
};

const USUAL_ROWS = 100;
const MOST_ROWS = 500;

/** Principals of two runs, in the order of ARNs: the same as `RunDifferences.principals`, and left and gone on with at any of them. */
export function readDifferingPrincipals(
  db: Connection,
  runs: { readonly from: number; readonly to: number },
  asked: Asked,
  isOver: Part["isOver"],
  mostRows: number = MOST_ROWS,
): Page<DifferingPrincipal> {
  const limit = whole(asked, "limit", 1, mostRows) ?? USUAL_ROWS;
  const question = questionText(`run-differences ${runs.from}`, runs.to, asked);
  const after = text(asked, "after");
  const q = searched(asked);
  const arn = after === undefined ? "" : String(cursorValues(question, 1, after)[0]);
  const rows = db.prepare<[object], Row>(sqlOf(q === null ? "1" : found("p.arn"))).iterate({ ...runs, arn, q });
  return { ...collect(question, lookedAt(rows), { limit, isOver }), total: null };
}

function* lookedAt(rows: Iterable<Row>): Generator<Looked<DifferingPrincipal>> {
  for (const { isInFrom, isInTo, isRegrouped, isWanted, ...principal } of rows) {
    const item = {
      ...principal,
      isInFrom: isInFrom === 1,
      isInTo: isInTo === 1,
      isRegrouped: isRegrouped === 1 && isInFrom === 1 && isInTo === 1,
    };
    yield { place: [principal.arn], item: isWanted === 1 ? item : null };
  }
}

/** Whether a principal has an answer in either run that the other has not, or is in other groups. */
const REGROUPED = `
  WITH regrouped (user_id) AS MATERIALIZED (
    SELECT user_id FROM (SELECT account_id, group_name, user_id FROM membership WHERE run_id = $to
      EXCEPT SELECT account_id, group_name, user_id FROM membership WHERE run_id = $from)
    UNION
    SELECT user_id FROM (SELECT account_id, group_name, user_id FROM membership WHERE run_id = $from
      EXCEPT SELECT account_id, group_name, user_id FROM membership WHERE run_id = $to))`;
const DIFFERS = `
  p.principal_id IN (SELECT user_id FROM regrouped)
    OR EXISTS (SELECT 1 FROM recommendation b
      LEFT JOIN recommendation a ON a.run_id = $from AND a.principal_id = b.principal_id AND a.policy_id = b.policy_id
      WHERE b.run_id = $to AND b.principal_id = p.principal_id AND a.unit_id IS NOT b.unit_id)
    OR EXISTS (SELECT 1 FROM recommendation a
      LEFT JOIN recommendation b ON b.run_id = $to AND b.principal_id = a.principal_id AND b.policy_id = a.policy_id
      WHERE a.run_id = $from AND a.principal_id = p.principal_id AND b.unit_id IS NULL)`;

function sqlOf(named: string): string {
  return `${REGROUPED}
    SELECT p.principal_id AS principalId, p.arn, p.account_id AS accountId,
      EXISTS (SELECT 1 FROM run_principal x WHERE x.run_id = $from AND x.principal_id = p.principal_id) AS isInFrom,
      EXISTS (SELECT 1 FROM run_principal x WHERE x.run_id = $to AND x.principal_id = p.principal_id) AS isInTo,
      p.principal_id IN (SELECT user_id FROM regrouped) AS isRegrouped,
      coalesce((${named}) AND (${DIFFERS}), 0) AS isWanted
    FROM principal p WHERE p.arn > $arn ORDER BY p.arn`;
}
