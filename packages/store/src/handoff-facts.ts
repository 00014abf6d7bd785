import type { PolicyKind } from "@leastwise/core";
import type { Connection } from "./database.ts";

/** How a managed policy stands in its account. */
export interface PolicyStanding {
  /** Principals of the current run that have it. */
  readonly holders: number;
  /** How many AWS says have it; null where the export does not say. */
  readonly attachmentCount: number | null;
  readonly isBoundary: boolean;
}

export interface AttachedPolicy {
  readonly key: string;
  readonly kind: PolicyKind;
  readonly name: string;
}

/** What whoever carries recommendations out has to know besides them. */
export interface HandoffFacts {
  /** `service-linked`, `identity-center` or null. */
  readonly markOf: (principalArn: string) => string | null;
  readonly standingOf: (policyArn: string) => PolicyStanding;
  /** Whether a customer managed policy of the account has this name, in any case: IAM tells names apart without it. O(policies). */
  readonly isNameTaken: (accountId: string, name: string) => boolean;
  /** Every policy that a principal has, recommended on or not, by key. */
  readonly attachedTo: (principalArn: string) => readonly AttachedPolicy[];
}

export function handoffFacts(db: Connection): HandoffFacts {
  let known: ReadonlySet<string> | undefined;
  const boundaries = (): ReadonlySet<string> =>
    (known ??= new Set(
      db
        .prepare<[], string>("SELECT DISTINCT boundary_arn FROM principals WHERE boundary_arn IS NOT NULL")
        .pluck()
        .all(),
    ));
  const mark = db.prepare<[string], string | null>("SELECT marked FROM principal WHERE arn = ?").pluck();
  const standing = db.prepare<
    [string],
    { readonly attachments: number; readonly attachment_count: number | null; readonly boundary_count: number | null }
  >("SELECT attachments, attachment_count, boundary_count FROM policies WHERE key = ?");
  const named = db
    .prepare<[string, string], number>(
      "SELECT 1 FROM policy WHERE kind = 'customer' AND account_id = ? AND lower(name) = lower(?) LIMIT 1",
    )
    .pluck();
  const attached = db.prepare<[string], AttachedPolicy>(
    "SELECT policy_key AS key, policy_kind AS kind, policy_name AS name FROM attachments WHERE principal_arn = ? ORDER BY policy_key",
  );
  return {
    markOf: (principalArn) => mark.get(principalArn) ?? null,
    standingOf: (policyArn) => {
      const row = standing.get(policyArn);
      return {
        holders: row?.attachments ?? 0,
        attachmentCount: row?.attachment_count ?? null,
        isBoundary: (row?.boundary_count ?? 0) > 0 || boundaries().has(policyArn),
      };
    },
    isNameTaken: (accountId, name) => named.get(accountId, name) !== undefined,
    attachedTo: (principalArn) => attached.all(principalArn),
  };
}
