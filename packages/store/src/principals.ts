import type { PrincipalKind } from "@leastwise/core";
import type { Connection } from "./database.ts";

/** A principal of the current run. */
export interface PrincipalView {
  readonly principal_id: number;
  readonly arn: string;
  readonly account_id: string;
  readonly kind: PrincipalKind;
  readonly name: string;
  readonly path: string;
  readonly created_at: string | null;
  readonly last_used_at: string | null;
  readonly boundary_arn: string | null;
  readonly marked: string | null;
  /** JSON `{key: value}` */
  readonly tags: string;
  readonly evidence: "reported" | "members" | "use-only" | "none" | null;
  readonly left_because: string | null;
  readonly unused_by: "access-analyzer" | "role-last-used" | null;
  readonly unused_since: string | null;
}

export function findPrincipal(db: Connection, arn: string): PrincipalView | undefined {
  return db.prepare<[string], PrincipalView>("SELECT * FROM principals WHERE arn = ?").get(arn);
}

/** At most two principals of the current run whose ARN, behind its service, begins and ends so. */
export function findCutPrincipals(db: Connection, head: string, tail: string): readonly PrincipalView[] {
  return db
    .prepare<[{ readonly head: string; readonly tail: string }], PrincipalView>(
      `SELECT * FROM principals
       WHERE substr(arn, instr(arn, '::') + 2, length($head)) = $head AND substr(arn, -length($tail)) = $tail ORDER BY arn LIMIT 2`,
    )
    .all({ head, tail });
}

/** ARNs of the current run that end alike or contain the text: what a person may have meant. */
export function suggestPrincipals(db: Connection, text: string): readonly string[] {
  const name = text.slice(text.lastIndexOf("/") + 1);
  return db
    .prepare<[string], string>("SELECT arn FROM principals WHERE instr(lower(arn), lower(?)) > 0 ORDER BY arn LIMIT 5")
    .pluck()
    .all(name);
}

/** The groups that a user is in, by ARN. */
export function readGroupsOf(db: Connection, principalId: number): readonly string[] {
  return db
    .prepare<[number], string>(
      `SELECT g.arn FROM current_run cr JOIN membership m ON m.run_id = cr.run_id
       JOIN principals g ON g.account_id = m.account_id AND g.kind = 'group' AND g.name = m.group_name
       WHERE m.user_id = ? ORDER BY g.arn`,
    )
    .pluck()
    .all(principalId);
}

/** The users that are in a group. */
export function readMembersOf(db: Connection, { account_id, name }: PrincipalView): readonly PrincipalView[] {
  return db
    .prepare<[string, string], PrincipalView>(
      `SELECT p.* FROM current_run cr JOIN membership m ON m.run_id = cr.run_id JOIN principals p ON p.principal_id = m.user_id
       WHERE m.account_id = ? AND m.group_name = ? ORDER BY p.arn`,
    )
    .all(account_id, name);
}
