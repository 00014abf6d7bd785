import type { Evidence } from "./records.ts";

/** An account that an input says something of. */
export interface ConcernedAccount {
  /** 12 digits, or empty for what is no account's, or ANY_ACCOUNT. */
  readonly accountId: string;
  /** The newest date of its reports on the account's principals: ISO 8601 in UTC; null where none has one. */
  readonly newestReport: string | null;
}

/** Callers that IAM knows no principal for, and names that no account can be read from. */
const NO_ACCOUNT = "";
/** Somebody is left out, and nobody knows of which account. */
export const ANY_ACCOUNT = "*";

/**
 * The account of an ARN of IAM, or of `ACCOUNT:kind/name`; empty where it has none. The store has the same rule in SQL
 * (`accountOfSql`), and rows are told apart by both.
 */
export function accountOf(principalArn: string): string {
  const start = principalArn.startsWith("arn:") ? principalArn.indexOf("::") + 2 : 0;
  const account = principalArn.slice(start, start + 12);
  return /^\d{12}$/.test(account) ? account : NO_ACCOUNT;
}

/**
 * Every account that a fact of the evidence is on, each once, in order: what an input says bears on no other account's results, but for
 * the documents of policies managed by AWS and the dates. O(facts).
 */
export function concernedAccounts(evidence: Evidence): readonly ConcernedAccount[] {
  const newest = new Map<string, string | null>();
  const add = (accountId: string, date: string | null = null): void => {
    const known = newest.get(accountId);
    if (known === undefined || (date !== null && date > (known ?? ""))) newest.set(accountId, date);
  };
  for (const { accountId, boundaryArn } of evidence.principals) {
    add(accountId);
    const boundary = boundaryArn === null ? NO_ACCOUNT : accountOf(boundaryArn);
    if (boundary !== NO_ACCOUNT) add(boundary); // AWS's own policies are no account's
  }
  for (const { accountId } of evidence.policies) if (accountId !== null) add(accountId);
  for (const { principalArn, updatedAt } of evidence.usage) add(accountOf(principalArn), updatedAt);
  for (const { principalArn } of evidence.events) add(accountOf(principalArn));
  for (const { principalArn } of evidence.unusedPrincipals) add(accountOf(principalArn));
  for (const { principalArn } of evidence.awsRecommendations) add(accountOf(principalArn));
  for (const { accountId } of evidence.exportPages) add(accountId);
  for (const { accountId, principalArn } of evidence.incompleteAccounts) {
    add(accountId ?? ANY_ACCOUNT);
    if (principalArn !== null) add(accountOf(principalArn));
  }
  return Array.from(newest, ([accountId, newestReport]) => ({ accountId, newestReport })).sort((a, b) =>
    a.accountId < b.accountId ? -1 : 1,
  );
}
