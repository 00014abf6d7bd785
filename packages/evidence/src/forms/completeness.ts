import type { PrincipalKind } from "@leastwise/core";
import { parsePolicyArn, parsePrincipalArn } from "../arn.ts";
import type { Draft } from "../draft.ts";
import { isObject } from "../fields.ts";

/** A page of authorization details, and whose it is: the accounts of its ARNs, more than one where somebody has joined exports. */
export interface Page {
  readonly value: Record<string, unknown>;
  readonly accounts: readonly string[];
}

/** The lists of a page, in the order in which their accounts count. */
export const LISTS = ["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"] as const;

/**
 * A page and its accounts, which the draft keeps with whether another page follows. A page that bears no ARN of an account (the last one
 * may hold policies of AWS alone) is of the account of the page before it in the same file; in a file of its own it ends nobody's export.
 *
 * @param own the accounts of its ARNs, where its lists are not in `value`
 */
export function pageOf(draft: Draft, value: Record<string, unknown>, own: readonly string[] = accountsIn(value)): Page {
  const accounts = own.length > 0 ? own : before(draft);
  const isLast = !isTruncated(value);
  for (const accountId of accounts) draft.addExportPage({ accountId, isLast });
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
  const export_ = new DamagedExport();
  export_.look(text);
  export_.note(draft);
}

/** The same of a text that is looked at in pieces; each begins with the last `OVERLAP` characters of the one before. */
export class DamagedExport {
  static readonly OVERLAP = 4096;
  readonly #accounts = new Set<string>();
  #hasPrincipals = false;
  #hasUsers = false;

  look(text: string): void {
    this.#hasPrincipals ||= HAS_PRINCIPALS.test(text);
    this.#hasUsers ||= HAS_USERS.test(text);
    for (const [, account] of text.matchAll(ARN)) this.#accounts.add(account!); // the group is not optional
  }

  note(draft: Draft): void {
    if (!this.#hasPrincipals) return;
    const reason = "its export is no whole JSON";
    for (const accountId of this.#accounts.size === 0 ? anyAccount(this.#hasUsers) : this.#accounts)
      draft.incompleteAccounts.push({ accountId, principalArn: null, reason });
  }
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
    if (Array.isArray(items)) for (const item of items) addAccount(accounts, item);
  }
  return [...accounts];
}

/** Adds the account of an item's ARN, where it has one. */
export function addAccount(accounts: Set<string>, item: unknown): void {
  const arn = arnOf(item);
  const account = arn === undefined ? undefined : (parsePrincipalArn(arn) ?? parsePolicyArn(arn))?.accountId;
  if (account !== undefined && account !== null) accounts.add(account);
}

/** The accounts of the page before, as long as it says that another one follows. */
function before({ lastPage: last }: Draft): readonly string[] {
  return last === undefined || last.isLast ? [] : [last.accountId];
}

function arnOf(item: unknown): string | undefined {
  const arn = isObject(item) ? item["Arn"] : undefined;
  return typeof arn === "string" ? arn : undefined;
}
