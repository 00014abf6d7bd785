import type { Connection } from "../database.ts";
import type { Run } from "../runs.ts";

/**
 * Decides which document of each policy that AWS manages counts, since the exports of all accounts have them: the newest; of one date
 * always the same. Tells of each document that does not count. O(what files say of such policies).
 */
export function decideAwsPolicies(db: Connection, { runId }: Run): void {
  db.prepare(
    `INSERT INTO policy_document (run_id, policy_id, document_id, version_id, updated_at, attachment_count, boundary_count)
     SELECT $runId, policy_id, document_id, version_id, updated_at, attachment_count, boundary_count FROM (
       SELECT t.policy_id, t.document_id, t.version_id, t.updated_at, max(t.attached) OVER own AS attachment_count,
              max(t.bounding) OVER own AS boundary_count,
              row_number() OVER (PARTITION BY t.policy_id ORDER BY coalesce(t.updated_at, '') DESC, d.sha256 DESC, t.version_id DESC) AS place
       FROM (SELECT policy_id, document_id, version_id, updated_at, max(attachment_count) AS attached, max(boundary_count) AS bounding
             FROM aws_policy_document WHERE run_id = $runId GROUP BY 1, 2, 3, 4) AS t
       JOIN document d USING (document_id)
       WINDOW own AS (PARTITION BY t.policy_id))
     WHERE place = 1 ORDER BY policy_id`,
  ).run({ runId });
  db.prepare(
    `INSERT INTO diagnostic (run_id, severity, code, path, pointer, message, hint)
     SELECT $runId, 'warning', 'conflicting-documents', min(i.path), po.key,
            'another input gives \`' || po.name || '\` with a different document; the other one '
              || CASE WHEN max(t.updated_at) IS pd.updated_at THEN 'counts' ELSE 'is newer and counts' END,
            'leave exports of different days out of one run'
     FROM aws_policy_document t
     JOIN policy_document pd ON pd.run_id = t.run_id AND pd.policy_id = t.policy_id AND pd.document_id <> t.document_id
     JOIN policy po ON po.policy_id = t.policy_id
     JOIN input i ON i.input_id = t.input_id
     JOIN document d ON d.document_id = t.document_id
     WHERE t.run_id = $runId GROUP BY t.policy_id, t.document_id ORDER BY po.key, d.sha256`,
  ).run({ runId });
}
