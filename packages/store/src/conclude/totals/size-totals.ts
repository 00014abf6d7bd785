import type { Connection } from "../../database.ts";
import { FIT_COLUMNS, FIT_COLUMNS_IN_PLACE } from "../../fit/fit-columns.ts";
import type { Untouched } from "../../reuse/untouched.ts";
import type { Sink } from "./sink.ts";

type SizeRow = readonly [
  policyId: number,
  principalId: number,
  unitId: number,
  isOver: 0 | 1,
  fit: string,
  form: string,
  size: number,
  limit: number,
  excess: number,
  policies: number,
];

/** So many principals are looked at together. */
const PRINCIPALS = 10_000;

/**
 * What is over its limit, or was made to fit; of attached policies only those of touched accounts, where others are known. O(recommendations);
 * memory: the rows of some principals, and of shared policies.
 */
export function sumSizes(db: Connection, runId: number, sink: Sink, untouched?: Untouched): void {
  const last = db
    .prepare<[{ readonly runId: number; readonly after: number }], number>(
      `SELECT max(principal_id) FROM (
         SELECT principal_id FROM run_principal WHERE run_id = $runId AND principal_id > $after ORDER BY principal_id LIMIT ${PRINCIPALS})`,
    )
    .pluck();
  const found = db
    .prepare<[{ readonly runId: number; readonly after: number; readonly last: number }], SizeRow>(
      foundAmong(
        untouched === undefined ? "" : "AND r.principal_id IN (SELECT principal_id FROM temp.touched_principal)",
      ),
    )
    .raw();
  for (let after = Number.MIN_SAFE_INTEGER; ;) {
    const until = last.get({ runId, after }) ?? null;
    if (until === null) break;
    for (const row of found.all({ runId, after, last: until })) sink("size_total", ...row); // nothing can be written while it is read, here and below
    after = until;
  }
  const inPlace = db.prepare<[{ readonly runId: number }], SizeRow>(FOUND_IN_PLACE).raw();
  for (const row of inPlace.all({ runId })) sink("size_total", ...row);
}

const foundAmong = (some: string): string => `
  SELECT policy_id, principal_id, unit_id, fit IN ('too-large', 'does-not-fit'), fit, form, size_after, size_limit, size_after - size_limit,
         coalesce(json_array_length(parts), 1)
  FROM (
    SELECT r.policy_id, r.principal_id, u.unit_id, ${FIT_COLUMNS}
    FROM run
    CROSS JOIN recommendation r ON r.run_id = run.run_id AND r.principal_id > $after AND r.principal_id <= $last ${some}
    CROSS JOIN unit u ON u.unit_id = r.unit_id AND u.recommended_action = 'CREATE_POLICY'
    CROSS JOIN policy po ON po.policy_id = r.policy_id
    CROSS JOIN principal pr ON pr.principal_id = r.principal_id
    CROSS JOIN document before ON before.document_id = u.document_id
    CROSS JOIN document after ON after.document_id = u.final_document_id
    CROSS JOIN option_set o ON o.option_set_id = u.option_set_id
    LEFT JOIN inline_size isz ON isz.run_id = run.run_id AND isz.principal_id = r.principal_id
    WHERE run.run_id = $runId)
  WHERE fit <> 'fits' OR form <> 'prefixes'`;

const FOUND_IN_PLACE = `
  SELECT policy_id, 0, unit_id, fit IN ('too-large', 'does-not-fit'), fit, form, size_after, size_limit, size_after - size_limit, 1
  FROM (
    SELECT r.policy_id, u.unit_id, ${FIT_COLUMNS_IN_PLACE}
    FROM run
    CROSS JOIN policy_recommendation r ON r.run_id = run.run_id
    CROSS JOIN unit u ON u.unit_id = r.unit_id AND u.recommended_action = 'CREATE_POLICY'
    CROSS JOIN document before ON before.document_id = u.document_id
    CROSS JOIN document after ON after.document_id = u.final_document_id
    CROSS JOIN option_set o ON o.option_set_id = u.option_set_id
    WHERE run.run_id = $runId)
  WHERE fit <> 'fits' OR form <> 'prefixes'`;
