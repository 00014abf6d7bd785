import { entryMatches } from "../schema/entry-matches.ts";
import { ACCOUNT, ACTION, ENTRY, type Question } from "./question.ts";

/** A service that an interval reaches into: services follow each other, so it is the one that the interval begins in, or begins inside. */
const OVERLAPS = `s.catalog_id = gi.catalog_id AND s.lo < gi.hi
       AND s.lo >= (SELECT max(b.lo) FROM service b WHERE b.catalog_id = gi.catalog_id AND b.lo <= gi.lo)`;

/** Who may do what, before and after. */
export const ACCESS: readonly Question[] = [
  {
    name: "who-can",
    sentence:
      "who may still call ACTION once the recommendations are applied, and by which entry; the narrowest grants first",
    parameters: ACTION,
    sql: `SELECT account_id AS account, principal_kind AS kind, principal_arn AS principal, policy_kind, policy_name AS policy, statement, element, entry
FROM allowed_after WHERE action = $action`,
  },
  {
    name: "who-could",
    sentence: "who may call ACTION today, and by which entry; the narrowest grants first",
    parameters: ACTION,
    sql: `SELECT account_id AS account, principal_kind AS kind, principal_arn AS principal, policy_kind, policy_name AS policy, statement, element, entry
FROM allowed_before WHERE action = $action`,
  },
  {
    name: "covers",
    sentence:
      "the actions of the run's catalog that an ENTRY such as s3:Get* or *:Describe* matches, with their access levels",
    parameters: ENTRY,
    sql: `SELECT a.action, a.access_level FROM action a
WHERE a.catalog_id = (SELECT catalog_id FROM current_run) AND ${entryMatches("$entry")} ORDER BY a.action_id`,
  },
  {
    name: "escalation",
    sentence:
      "actions with which one can give oneself more than one has, how, and how many attached policies grant them",
    parameters: [],
    sql: `SELECT action, path, reason, attachments_before AS before, attachments_after AS after FROM escalation_actions
WHERE attachments_before > 0 ORDER BY attachments_after DESC, attachments_before DESC, action`,
  },
  {
    name: "escalation-holders",
    sentence: "who keeps such actions, by which policy and entry",
    parameters: [],
    sql: `SELECT e.path, e.action, a.principal_arn AS principal, a.policy_name AS policy, a.entry
FROM escalation_actions e CROSS JOIN allowed_after a ON a.action = e.action`,
  },
  {
    name: "access-levels",
    sentence: "what the policies of ACCOUNT grant by access level, before and after (pairs of attachment and action)",
    parameters: ACCOUNT,
    sql: `SELECT access_level, actions_before AS before, actions_after AS after
FROM access_levels WHERE account_id = $account ORDER BY actions_before DESC, access_level`,
  },
  {
    name: "nearly-everything",
    sentence: "who holds more than half of all actions through one policy, before and after; the widest first",
    parameters: [],
    sql: `SELECT pr.arn AS principal, po.name AS policy, u.actions_before AS before, u.actions_before - u.actions_removed AS after, rp.evidence
FROM unit u
CROSS JOIN recommendation r ON r.unit_id = u.unit_id AND r.run_id = (SELECT run_id FROM current_run)
CROSS JOIN run_principal rp ON rp.run_id = r.run_id AND rp.principal_id = r.principal_id
CROSS JOIN principal pr ON pr.principal_id = r.principal_id
CROSS JOIN policy po ON po.policy_id = r.policy_id
WHERE u.actions_before > (SELECT count(*) / 2 FROM action a WHERE a.catalog_id = (SELECT catalog_id FROM current_run))
ORDER BY u.actions_before DESC, u.actions_removed`,
  },
  {
    name: "wildcards-left",
    sentence: "wildcard entries that stay in Allow statements, in how many attached policies, and what they match",
    parameters: [],
    sql: `SELECT entry, element, attachments AS attached_policies, kept, generated, actions, worst_level
FROM wildcards ORDER BY attachments DESC, entry`,
  },
  {
    name: "services-unused",
    sentence: "services granted today of which nobody keeps anything, or only principals of whose use nothing is known",
    parameters: [],
    sql: `SELECT service, verdict, accounts_before AS accounts, attachments_before AS attached_policies, principals_before AS principals,
  principals_after AS keep_it, principals_unknown AS of_unknown_use
FROM services WHERE verdict <> 'kept' ORDER BY verdict DESC, principals_before DESC, service`,
  },
  {
    name: "services-unused-in",
    sentence: "the same for one ACCOUNT",
    parameters: ACCOUNT,
    sql: `SELECT service, verdict, attachments_before AS attached_policies, principals_before AS principals, principals_after AS keep_it,
  principals_unknown AS of_unknown_use
FROM account_services WHERE account_id = $account AND verdict <> 'kept' ORDER BY verdict DESC, principals_before DESC, service`,
  },
  {
    name: "services-removed",
    sentence: "services that a principal loses altogether, who loses the most first",
    parameters: [],
    sql: `SELECT pr.account_id AS account, pr.arn AS principal, t.services_removed AS services,
  (SELECT group_concat(service, ' ') FROM (
     SELECT s.service FROM recommendation r CROSS JOIN unit u USING (unit_id)
     CROSS JOIN grant_intervals gi ON gi.catalog_id = u.catalog_id AND gi.document_id = u.document_id
     CROSS JOIN service s ON ${OVERLAPS}
     WHERE r.run_id = t.run_id AND r.principal_id = t.principal_id
     EXCEPT
     SELECT s.service FROM recommendation r CROSS JOIN unit u USING (unit_id)
     CROSS JOIN grant_intervals gi ON gi.catalog_id = u.catalog_id AND gi.document_id = u.final_document_id
     CROSS JOIN service s ON ${OVERLAPS}
     WHERE r.run_id = t.run_id AND r.principal_id = t.principal_id)) AS removed
FROM principal_total t
CROSS JOIN principal pr ON pr.principal_id = t.principal_id
WHERE t.run_id = (SELECT run_id FROM concluded_run) AND t.services_removed > 0 ORDER BY t.services_removed DESC`,
  },
];
