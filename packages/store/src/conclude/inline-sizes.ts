import type { Connection } from "../database.ts";
import type { Untouched } from "../reuse/untouched.ts";
import type { Run } from "../runs.ts";

/** What the inline policies of each principal come to, before and after. O(recommendations). */
export function sumInlineSizes(db: Connection, { runId }: Run, untouched?: Untouched): void {
  db.prepare("DELETE FROM inline_size WHERE run_id = ?").run(runId);
  const insert = "INSERT INTO inline_size (run_id, principal_id, characters_before, characters_after)";
  if (untouched === undefined) {
    db.prepare(`${insert} ${INLINE_SIZES}`).run({ runId });
    return;
  }
  db.prepare(
    `${insert} SELECT $runId, s.principal_id, s.characters_before, s.characters_after FROM inline_size s
     WHERE s.run_id = $base AND s.principal_id NOT IN (SELECT principal_id FROM temp.touched_principal)`,
  ).run({ runId, base: untouched.base });
  const touched = "AND r.principal_id IN (SELECT principal_id FROM temp.touched_principal)";
  db.prepare(`${insert} ${inlineSizes(touched)}`).run({ runId });
}

/** Policies without an answer stay as they are; those that are split become managed ones. */
const inlineSizes = (some: string): string => `
  SELECT r.run_id, r.principal_id, sum(d.characters), sum(CASE WHEN r.is_split THEN 0 ELSE coalesce(f.characters, 0) END)
  FROM recommendation r JOIN policy po USING (policy_id) JOIN unit u USING (unit_id)
  JOIN document d ON d.document_id = u.document_id LEFT JOIN document f ON f.document_id = u.final_document_id
  WHERE r.run_id = $runId AND po.kind = 'inline' ${some} GROUP BY r.principal_id`;
export const INLINE_SIZES: string = inlineSizes("");
