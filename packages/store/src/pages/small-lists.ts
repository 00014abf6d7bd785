import type { AccountRow, ActionRow, ServiceRow, SharedPolicyRow } from "@leastwise/api";
import type { List } from "./list.ts";
import { scannedList } from "./scanned-list.ts";

const ACCOUNT = { sql: "t.account_id" };

/** The lists that have some ten thousand rows at the most, or so many as a person has to look at. */
export const ACCOUNTS: List<AccountRow> = scannedList<AccountRow>({
  name: "accounts",
  from: "FROM account_total t",
  where: "t.run_id = $run",
  columns: {
    accountId: "t.account_id",
    principals: "t.principals",
    attachments: "t.attachments",
    toReplace: "t.to_replace",
    toDetach: "t.to_detach",
    unchanged: "t.unchanged",
    failed: "t.failed",
    actionsBefore: "t.actions_before",
    actionsAfter: "t.actions_after",
  },
  orders: {
    removed: [{ sql: "t.actions_before - t.actions_after", isDescending: true }, ACCOUNT],
    account: [ACCOUNT],
    attachments: [{ sql: "t.attachments", isDescending: true }, ACCOUNT],
    before: [{ sql: "t.actions_before", isDescending: true }, ACCOUNT],
    after: [{ sql: "t.actions_after", isDescending: true }, ACCOUNT],
  },
  filters: {
    service: {
      sql: `EXISTS (SELECT 1 FROM account_service_total s WHERE s.run_id = t.run_id AND s.account_id = t.account_id
        AND s.service = $service AND s.attachments_before > 0)`,
    },
  },
  names: ["t.account_id"],
});

const POLICY = { sql: "po.key" };

export const SHARED_POLICIES: List<SharedPolicyRow> = scannedList<SharedPolicyRow>({
  name: "shared-policies",
  from: "FROM policy_total t CROSS JOIN policy po ON po.policy_id = t.policy_id",
  where: "t.run_id = $run",
  columns: {
    policyKey: "po.key",
    policyName: "po.name",
    policyKind: "t.kind",
    accountId: "po.account_id",
    principals: "t.principals",
    accounts: "t.accounts",
    differentResults: "t.different_results",
    toChange: "t.to_change",
    blockers: "t.blockers",
  },
  orders: {
    principals: [{ sql: "t.principals", isDescending: true }, POLICY],
    name: [{ sql: "po.name" }, POLICY],
    results: [{ sql: "t.different_results", isDescending: true }, POLICY],
  },
  filters: { kind: { sql: "t.kind = $kind", words: ["customer", "aws"] } },
  names: ["po.key"],
});

const SERVICE = { sql: "t.service" };
const VERDICT = `CASE WHEN t.principals_after = 0 THEN 'unused' WHEN t.principals_unknown = t.principals_after THEN 'unknown' ELSE 'kept' END`;
const SERVICE_COLUMNS = {
  service: "t.service",
  verdict: VERDICT,
  accountsBefore: "t.accounts_before",
  accountsAfter: "t.accounts_after",
  principalsBefore: "t.principals_before",
  principalsAfter: "t.principals_after",
  attachmentsBefore: "t.attachments_before",
  attachmentsAfter: "t.attachments_after",
};
const SERVICE_ORDERS = {
  removed: [{ sql: "t.attachments_before - t.attachments_after", isDescending: true }, SERVICE],
  service: [SERVICE],
  before: [{ sql: "t.attachments_before", isDescending: true }, SERVICE],
  after: [{ sql: "t.attachments_after", isDescending: true }, SERVICE],
};
const SERVICE_VERDICT = { sql: `${VERDICT} = $verdict`, words: ["unused", "unknown", "kept"] };

const OF_ALL: List<ServiceRow> = scannedList<ServiceRow>({
  name: "services",
  from: "FROM service_total t",
  where: "t.run_id = $run",
  columns: SERVICE_COLUMNS,
  orders: SERVICE_ORDERS,
  filters: { verdict: SERVICE_VERDICT },
  names: ["t.service"],
});

const OF_ACCOUNT: List<ServiceRow> = scannedList<ServiceRow>({
  name: "services",
  from: "FROM account_service_total t",
  where: "t.run_id = $run",
  columns: {
    ...SERVICE_COLUMNS,
    accountsBefore: "t.principals_before > 0",
    accountsAfter: "t.principals_after > 0",
  },
  orders: SERVICE_ORDERS,
  filters: { account: { sql: "t.account_id = $account" }, verdict: SERVICE_VERDICT },
  names: ["t.service"],
});

/** Of the organization, or of one account. */
export const SERVICES: List<ServiceRow> = {
  ...OF_ACCOUNT,
  read: (db, runId, asked, part) =>
    ((asked["account"] ?? "") === "" ? OF_ALL : OF_ACCOUNT).read(db, runId, asked, part),
};

const ACTION = { sql: "a.action_id" };
const BEFORE = "coalesce(t.attachments_before, 0)";
const AFTER = "coalesce(t.attachments_after, 0)";

export const ACTIONS: List<ActionRow> = scannedList<ActionRow>({
  name: "actions",
  from: `FROM run CROSS JOIN action a ON a.catalog_id = run.catalog_id
    LEFT JOIN action_total t ON t.run_id = run.run_id AND t.action_id = a.action_id
    LEFT JOIN escalation_actions e ON e.action = a.action`,
  where: "run.run_id = $run",
  columns: {
    action: "a.action",
    accessLevel: "a.access_level",
    tracked: "a.tracked",
    escalation: "e.reason",
    attachmentsBefore: BEFORE,
    attachmentsAfter: AFTER,
  },
  booleans: ["tracked"],
  orders: {
    removed: [{ sql: `${BEFORE} - ${AFTER}`, isDescending: true }, ACTION],
    action: [ACTION],
    before: [{ sql: BEFORE, isDescending: true }, ACTION],
    after: [{ sql: AFTER, isDescending: true }, ACTION],
  },
  filters: {
    service: { sql: "a.service = $service COLLATE NOCASE" },
    level: { sql: "a.access_level = $level" },
    escalation: { sql: "e.reason IS NOT NULL", words: ["yes"] },
    granted: { sql: `${BEFORE} > 0`, words: ["yes"] },
  },
  names: ["a.action"],
});
