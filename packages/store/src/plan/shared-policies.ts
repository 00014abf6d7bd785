import { NOTHING_UNUSED, type Unused, intersectionOf } from "@leastwise/core";
import type { Connection } from "../database.ts";
import type { Run } from "../runs.ts";
import type { UnusedSets } from "./unused-sets.ts";

interface SharedPolicy {
  readonly policy_id: number;
  readonly key: string;
  readonly account_id: string;
  readonly document_id: number;
  readonly principals: number;
  readonly attachment_count: number | null;
  readonly boundary_count: number | null;
  /** JSON list of the sets of unused actions of those that have it, each once. */
  readonly unused: string;
}

/**
 * A customer managed policy that several principals have gets a recommendation in place (SEMANTICS 7): U is what none of them uses.
 * Nothing goes from one that is somebody's permissions boundary, that principals have that no export shows, or whose account is
 * `incomplete`: not everybody in it is known.
 */
export function planSharedPolicies(db: Connection, run: Run, sets: UnusedSets, incomplete: ReadonlySet<string>): void {
  const { runId, catalogId, optionSetId, engineVersion } = run;
  const shared = db
    .prepare<[number], SharedPolicy>(
      `SELECT r.policy_id, po.key, po.account_id, pd.document_id, count(*) AS principals, pd.attachment_count, pd.boundary_count,
              json_group_array(DISTINCT u.unused_id) AS unused
       FROM recommendation r JOIN policy po USING (policy_id) JOIN policy_document pd USING (run_id, policy_id)
       JOIN unit u USING (unit_id)
       WHERE r.run_id = ? AND po.kind = 'customer'
       GROUP BY r.policy_id HAVING count(*) > 1 ORDER BY r.policy_id`,
    )
    .all(runId);
  const boundaries = new Map(
    db
      .prepare<[number], [string, number]>(
        "SELECT boundary_arn, count(*) FROM run_principal WHERE run_id = ? AND boundary_arn IS NOT NULL GROUP BY boundary_arn",
      )
      .raw()
      .all(runId),
  );
  const ask = db.prepare(
    `INSERT INTO unit (document_id, unused_id, catalog_id, option_set_id, engine_version) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const recommend = db.prepare(
    `INSERT INTO policy_recommendation (run_id, policy_id, unit_id)
     SELECT ?, ?, unit_id FROM unit
     WHERE document_id = ? AND unused_id = ? AND catalog_id = ? AND option_set_id = ? AND engine_version = ?`,
  );
  const block = db.prepare(
    "INSERT INTO policy_blocker (run_id, policy_id, principal_id, reason, actions) VALUES (?, ?, NULL, ?, 0)",
  );
  for (const policy of shared) {
    const reasons = reasonsToLeave(policy, boundaries.get(policy.key) ?? 0, incomplete.has(policy.account_id));
    for (const reason of reasons) block.run(runId, policy.policy_id, reason);
    const ids = JSON.parse(policy.unused) as readonly number[]; // SQLite wrote it
    const unusedId = sets.idOf(reasons.length > 0 ? NOTHING_UNUSED : commonOf(ids, sets));
    ask.run(policy.document_id, unusedId, catalogId, optionSetId, engineVersion);
    recommend.run(runId, policy.policy_id, policy.document_id, unusedId, catalogId, optionSetId, engineVersion);
  }
}

/** What blocks every removal in place, whoever has the policy. */
function reasonsToLeave(policy: SharedPolicy, boundaries: number, isIncomplete: boolean): readonly string[] {
  const { principals, attachment_count, boundary_count } = policy;
  const reasons: string[] = [];
  const bounded = Math.max(boundaries, boundary_count ?? 0);
  if (attachment_count === null && boundary_count === null)
    // with either, the export tells of boundaries too
    reasons.push("the export does not say who else has it, or whether it is a permissions boundary");
  if (bounded > 0) reasons.push(`it is the permissions boundary of ${bounded} principal${bounded === 1 ? "" : "s"}`);
  const unseen = (attachment_count ?? 0) - principals;
  if (unseen > 0)
    reasons.push(
      `${unseen} more principal${unseen === 1 ? " has" : "s have"} it and ${unseen === 1 ? "is" : "are"} in no export`,
    );
  if (isIncomplete) reasons.push("incomplete-export: not everybody in its account is known");
  return reasons;
}

function commonOf(ids: readonly number[], sets: UnusedSets): Unused {
  let common: Unused | undefined;
  for (const id of ids) {
    const unused = sets.read(id);
    common = common === undefined ? unused : intersectionOf(common, unused);
    if (common.length === 0) return NOTHING_UNUSED;
  }
  return common ?? NOTHING_UNUSED;
}
