import type { Connection } from "../../database.ts";
import type { Sink } from "./sink.ts";

/** How many reports each source gave, about how many principals, and of which days. O(reports + kinds of calls). */
export function sumEvidence(db: Connection, runId: number, sink: Sink): void {
  const sources = db
    .prepare<[{ readonly runId: number }], [string, number, number, string | null, string | null]>(
      `SELECT source, count(DISTINCT report_id || ' ' || principal_id), count(DISTINCT CASE WHEN standing = 'counts' THEN principal_id END),
              max(updated_at), min(updated_at)
       FROM usage_report WHERE run_id = $runId GROUP BY source
       UNION ALL
       SELECT 'cloudtrail', count(*), count(DISTINCT CASE WHEN e.last_at >= run.events_since THEN p.principal_id END), max(e.last_at), min(e.last_at)
       FROM event_use e
       CROSS JOIN run ON run.run_id = e.run_id
       CROSS JOIN principal p ON p.arn = e.principal_arn
       CROSS JOIN run_principal rp ON rp.run_id = e.run_id AND rp.principal_id = p.principal_id
       WHERE e.run_id = $runId AND e.last_at IS NOT NULL AND e.event_name <> '' HAVING count(*) > 0
       ORDER BY 1`,
    )
    .raw()
    .all({ runId });
  for (const row of sources) sink("evidence_total", ...row);
}
