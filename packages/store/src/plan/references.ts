import type { Connection } from "../database.ts";
import type { Run } from "../runs.ts";

/** `arn:…:iam::ACCOUNT:kind/path/name`, or `ACCOUNT:kind/name` from sources that know no path. */
const NAMED = /^(?:arn:[^:]*:iam::)?(\d{12}):(role|user|group)\/(?:.*\/)?([^/]+)$/;

/** Every fact that names a principal. */
const TABLES = ["usage_page", "unused_principal", "aws_recommendation"] as const;

/**
 * Names are unique in an account, whatever their case and path, so an account, kind and name mean one principal. Gives facts on ARNs
 * that the run does not know, and on references without a path, the ARN of the principal that they mean, where there is just one. Events
 * are given to all whom they may mean, since they only ever keep. O(principals + unknown ARNs) and their facts.
 */
export function resolveReferences(db: Connection, { runId }: Run): void {
  const unknown = db
    .prepare<[object], string>(
      `SELECT DISTINCT principal_arn FROM (
         SELECT principal_arn FROM event_use WHERE run_id = $runId AND principal_arn NOT LIKE 'type:%'
         ${TABLES.map((table) => `UNION SELECT principal_arn FROM ${table} WHERE run_id = $runId`).join("\n")})
       WHERE NOT EXISTS (SELECT 1 FROM principal p JOIN run_principal rp ON rp.run_id = $runId AND rp.principal_id = p.principal_id
         WHERE p.arn = principal_arn)
       ORDER BY principal_arn`,
    )
    .pluck()
    .all({ runId });
  if (unknown.length === 0) return;
  db.exec("CREATE TEMP TABLE meant (said TEXT NOT NULL, arn TEXT NOT NULL, PRIMARY KEY (said, arn)) WITHOUT ROWID");
  const principals = arnsByName(db, runId);
  const insert = db.prepare("INSERT INTO temp.meant (said, arn) VALUES (?, ?)");
  for (const said of unknown) for (const arn of principals.get(nameOf(said)) ?? []) insert.run(said, arn);
  const isSure = "SELECT said FROM temp.meant GROUP BY said HAVING count(*) = 1";
  for (const table of TABLES) {
    db.prepare(
      `UPDATE OR REPLACE ${table} SET principal_arn = (SELECT arn FROM temp.meant WHERE said = principal_arn)
       WHERE run_id = ? AND principal_arn IN (${isSure})`,
    ).run(runId);
  }
  db.prepare(
    `INSERT INTO event_use (run_id, principal_arn, event_source, event_name, events, denied, last_at)
     SELECT run_id, arn, event_source, event_name, events, denied, last_at FROM temp.meant JOIN event_use ON principal_arn = said
     WHERE run_id = ?
     ON CONFLICT DO UPDATE SET events = events + excluded.events, denied = denied + excluded.denied,
       last_at = coalesce(max(last_at, excluded.last_at), last_at, excluded.last_at)`,
  ).run(runId);
  db.prepare("DELETE FROM event_use WHERE run_id = ? AND principal_arn IN (SELECT said FROM temp.meant)").run(runId);
  db.exec("DROP TABLE temp.meant");
}

/** `ACCOUNT:kind/name`, folded; empty for what names no principal. */
function nameOf(said: string): string {
  const [, account, kind, name] = NAMED.exec(said) ?? [];
  return account === undefined ? "" : `${account}:${kind}/${name}`.toLowerCase();
}

function arnsByName(db: Connection, runId: number): ReadonlyMap<string, readonly string[]> {
  const all = new Map<string, string[]>();
  const arns = db.prepare<[number], string>(
    "SELECT p.arn FROM run_principal rp JOIN principal p USING (principal_id) WHERE rp.run_id = ? ORDER BY p.arn",
  );
  for (const arn of arns.pluck().iterate(runId)) {
    const name = nameOf(arn);
    const known = all.get(name);
    if (known === undefined) all.set(name, [arn]);
    else known.push(arn);
  }
  return all;
}
