import type { Connection } from "../database.ts";
import type { Run } from "../runs.ts";

/** The rule by which groups of such an account are left alone. */
export const INCOMPLETE_EXPORT = "incomplete-export";

/**
 * Accounts of which not everybody is known: somebody was left out of what was read and stands in no other input, or a page of the
 * account's export says that another follows, and none says that it is the last. Whoever is not seen may use what nobody else uses, so
 * nothing goes from such an account's groups and shared policies. Tells of each in a diagnostic.
 */
export function findIncompleteAccounts(db: Connection, { runId }: Run): ReadonlySet<string> {
  db.prepare(
    `DELETE FROM incomplete_account WHERE run_id = $runId AND principal_arn IN (
       SELECT p.arn FROM run_principal rp JOIN principal p USING (principal_id) WHERE rp.run_id = $runId)`,
  ).run({ runId });
  db.prepare(
    `INSERT INTO incomplete_account (run_id, input_id, account_id, reason)
     SELECT run_id, min(input_id), account_id, 'the last page of its export is missing' FROM export_page
     WHERE run_id = ? GROUP BY account_id HAVING max(is_last) = 0 ORDER BY account_id`,
  ).run(runId);
  db.prepare(
    `INSERT INTO incomplete_account (run_id, input_id, account_id, reason)
     SELECT DISTINCT a.run_id, a.input_id, p.account_id, a.reason || ', and nobody knows which account it is of'
     FROM incomplete_account a JOIN run_principal rp USING (run_id) JOIN principal p USING (principal_id)
     WHERE a.run_id = ? AND a.account_id IS NULL ORDER BY a.input_id, p.account_id`,
  ).run(runId);
  db.prepare("DELETE FROM incomplete_account WHERE run_id = ? AND account_id IS NULL").run(runId);
  db.prepare("DELETE FROM export_page WHERE run_id = ?").run(runId);
  db.prepare(
    `INSERT INTO diagnostic (run_id, severity, code, path, pointer, message, hint)
     SELECT a.run_id, 'warning', 'incomplete-export', min(i.path), a.account_id,
            'of account \`' || a.account_id || '\` not everybody is known, since ' || a.reason || '; nothing goes from its groups and shared policies',
            'export the account again, with all its pages: without --max-items and --no-paginate'
     FROM incomplete_account a JOIN input i USING (input_id) WHERE a.run_id = ?
     GROUP BY a.account_id, a.reason ORDER BY a.account_id, a.reason`,
  ).run(runId);
  const accounts = db.prepare<[number], string>("SELECT DISTINCT account_id FROM incomplete_account WHERE run_id = ?");
  return new Set(accounts.pluck().all(runId));
}
