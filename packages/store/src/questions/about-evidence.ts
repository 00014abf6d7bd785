import type { Question } from "./question.ts";

/** What is known of use, and what is not. */
export const EVIDENCE: readonly Question[] = [
  {
    name: "without-evidence",
    sentence: "principals with policies of which nothing, or only use, is known; they keep everything",
    parameters: [],
    sql: `SELECT pr.account_id AS account, pr.kind, pr.arn AS principal, rp.evidence, rp.last_used_at, t.attachments AS policies,
  t.actions_before AS actions
FROM principal_total t
CROSS JOIN principal pr ON pr.principal_id = t.principal_id
CROSS JOIN run_principal rp ON rp.run_id = t.run_id AND rp.principal_id = t.principal_id
WHERE t.run_id = (SELECT run_id FROM concluded_run) AND t.is_unknown = 1 ORDER BY t.actions_before DESC`,
  },
  {
    name: "unused-principals",
    sentence: "roles and users that are unused altogether, never used ones first; their policies are left as they are",
    parameters: [],
    sql: `SELECT pr.account_id AS account, pr.kind, pr.arn AS principal, rp.unused_by AS said_by, rp.unused_since AS last_used
FROM run_principal rp
CROSS JOIN principal pr ON pr.principal_id = rp.principal_id
WHERE rp.run_id = (SELECT run_id FROM current_run) AND rp.unused_by IS NOT NULL ORDER BY rp.unused_since`,
  },
  {
    name: "evidence-age",
    sentence: "how old the reports on use are, by source, and how many count",
    parameters: [],
    sql: `SELECT source, reports, principals, youngest_days, oldest_days FROM evidence_sources ORDER BY source`,
  },
  {
    name: "events",
    sentence: "how many of CloudTrail's events stand for a known action, service by service",
    parameters: [],
    sql: `SELECT coalesce(service, event_source) AS service, events, mapped, percent_mapped, denied
FROM event_shares ORDER BY events DESC, coalesce(service, event_source)`,
  },
  {
    name: "unmapped-events",
    sentence: "names of CloudTrail's events that stand for no known action",
    parameters: [],
    sql: `SELECT event_source, event_name, service, events, principals, last_at
FROM event_names WHERE actions IS NULL ORDER BY events DESC, event_source, event_name`,
  },
];
