import type { PrincipalKind } from "@leastwise/core";
import { parsePolicyArn, parsePrincipalArn } from "../arn.ts";
import type { Draft } from "../draft.ts";
import { isObject } from "../fields.ts";

/** A page of authorization details, and whose it is: the accounts of its ARNs, more than one where somebody has joined exports. */
export interface Page {
  readonly value: Record<string, unknown>;
  readonly accounts: readonly string[];
}

const LISTS = ["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"] as const;

/**
 * A page and its accounts, which the draft keeps with whether another page follows. A page that bears no ARN of an account (the last one
 * may hold policies of AWS alone) is of the account of the page before it in the same file; in a file of its own it ends nobody's export.
 */
export function pageOf(draft: Draft, value: Record<string, unknown>): Page {
  const own = accountsIn(value);
  const accounts = own.length > 0 ? own : before(draft);
  const isLast = !isTruncated(value);
  for (const accountId of accounts) draft.exportPages.push({ accountId, isLast });
  return { value, accounts };
}

/**
 * Notes that a user, group or role of a page is not known whole.
 *
 * @param item what the page has in its place, as far as it tells who it is
 */
export function damagedPrincipal(draft: Draft, page: Page, kind: PrincipalKind, item: unknown): void {
  const arn = arnOf(item);
  const parts = arn === undefined ? undefined : parsePrincipalArn(arn);
  const reason = `a ${kind} was left out of its export`;
  if (arn !== undefined && parts?.kind === kind) {
    draft.incompleteAccounts.push({ accountId: parts.accountId, principalArn: arn, reason });
    return;
  }
  for (const accountId of page.accounts.length === 0 ? anyAccount(kind === "user") : page.accounts)
    draft.incompleteAccounts.push({ accountId, principalArn: null, reason });
}

/**
 * Somebody of an account that nobody knows: a user may be in a group of any. Of roles and groups the policies' own counts of attachments
 * tell, so they do not hold up the accounts of other files.
 */
function anyAccount(mayBeUser: boolean): readonly null[] {
  return mayBeUser ? [null] : [];
}

const HAS_PRINCIPALS = /"(?:User|Group|Role)DetailList"\s*:/;
const HAS_USERS = /"UserDetailList"\s*:/;
const ARN = /"Arn"\s*:\s*"arn:[\w-]+:iam::(\d{12}):(?:user|group|role|policy)\//g;

/** Notes whose export a text is that is no JSON, where it is one: those that it does not show may be anybody. */
export function damagedExport(draft: Draft, text: string): void {
  if (!HAS_PRINCIPALS.test(text)) return;
  const accounts = new Set(Array.from(text.matchAll(ARN), ([, account]) => account!)); // the group is not optional
  const reason = "its export is no whole JSON";
  for (const accountId of accounts.size === 0 ? anyAccount(HAS_USERS.test(text)) : accounts)
    draft.incompleteAccounts.push({ accountId, principalArn: null, reason });
}

/** The API and `--no-paginate` say `IsTruncated`, the AWS CLI with `--max-items` gives a `NextToken`. */
function isTruncated(value: Record<string, unknown>): boolean {
  const { IsTruncated: flag, Marker: marker, NextToken: token } = value;
  if (typeof token === "string" && token !== "") return true;
  return typeof flag === "boolean" ? flag : typeof marker === "string" && marker !== "";
}

function accountsIn(value: Record<string, unknown>): readonly string[] {
  const accounts = new Set<string>();
  for (const name of LISTS) {
    const items = value[name];
    if (!Array.isArray(items)) continue;
    for (const item of items) {
      const arn = arnOf(item);
      if (arn === undefined) continue;
      const account = (parsePrincipalArn(arn) ?? parsePolicyArn(arn))?.accountId;
      if (account !== undefined && account !== null) accounts.add(account);
    }
  }
  return [...accounts];
}

/** The accounts of the page before, as long as it says that another one follows. */
function before({ exportPages }: Draft): readonly string[] {
  const last = exportPages.at(-1);
  return last === undefined || last.isLast ? [] : [last.accountId];
}

function arnOf(item: unknown): string | undefined {
  const arn = isObject(item) ? item["Arn"] : undefined;
  return typeof arn === "string" ? arn : undefined;
}
