import type { Connection } from "../database.ts";
import type { Run } from "../runs.ts";

/** What the inline policies of each principal come to, before and after. O(recommendations). */
export function sumInlineSizes(db: Connection, { runId }: Run): void {
  db.prepare("DELETE FROM inline_size WHERE run_id = ?").run(runId);
  db.prepare(`INSERT INTO inline_size (run_id, principal_id, characters_before, characters_after) ${INLINE_SIZES}`).run(
    { runId },
  );
}

/** Policies without an answer stay as they are; those that are split become managed ones. */
export const INLINE_SIZES = `
  SELECT r.run_id, r.principal_id, sum(d.characters), sum(CASE WHEN r.is_split THEN 0 ELSE coalesce(f.characters, 0) END)
  FROM recommendation r JOIN policy po USING (policy_id) JOIN unit u USING (unit_id)
  JOIN document d ON d.document_id = u.document_id LEFT JOIN document f ON f.document_id = u.final_document_id
  WHERE r.run_id = $runId AND po.kind = 'inline' GROUP BY r.principal_id`;
