import { createHash } from "node:crypto";
import type { HandoffFacts, RecommendationRow } from "@leastwise/store";
import { safeName } from "../format/diff.ts";
import { type Answer, answerOf } from "./answer.ts";
import type { Change, Document, Holder, NotApplied, Plan } from "./change.ts";
import { copyNames, partNames } from "./copy-names.ts";
import { documentText } from "./document-text.ts";
import { isLegalName, isLegalPolicyArn, placeOf } from "./legal-names.ts";

/** What is done to a customer managed policy that several principals have: one change for all, or a copy for each. */
export type SharedBy = "in-place" | "copies";

/**
 * What is to be done to one principal's policies (SEMANTICS 7). What goes comes first, so that there is room for what is attached in
 * place of others; then documents that shrink, so that the sum of its inline policies never outgrows what it is before or afterwards.
 */
export function planPrincipal(rows: readonly RecommendationRow[], facts: HandoffFacts, shared: SharedBy): Plan {
  const changes: Change[] = [];
  const notApplied: NotApplied[] = [];
  const ids = new Set<string>();
  for (const row of [...rows].sort((a, b) => turn(a) - turn(b) || growth(a) - growth(b))) {
    const planned = planRow(row, idOf(row, ids), facts, shared);
    if (planned === undefined) continue;
    if ("reason" in planned) notApplied.push(planned);
    else changes.push(planned);
  }
  return { changes, notApplied };
}

function turn({ recommended_action: action }: RecommendationRow): number {
  return action === "DETACH_POLICY" ? 0 : 1;
}

/** An inline policy that becomes managed ones leaves nothing behind in the sum. */
function growth({
  policy_kind: kind,
  fit,
  characters_after: after,
  characters_before: before,
}: RecommendationRow): number {
  return (kind === "inline" && fit === "split" ? 0 : after) - before;
}

function planRow(
  row: RecommendationRow,
  id: string,
  facts: HandoffFacts,
  shared: SharedBy,
): Change | NotApplied | undefined {
  if (row.left_because !== null) return leave(row, `left alone: ${row.left_because}`);
  if (row.recommended_action === "NONE") return undefined;
  if (!isLegal(row)) return { ...leave(row, "IAM allows no such name, so the export is not genuine"), isRefused: true };
  const mark = facts.markOf(row.principal_arn);
  if (mark === "identity-center") {
    const reason = `the change belongs in the permission set; the documents are in permission-sets/${id}.*`;
    return { ...leave(row, reason), documents: bothDocuments(`permission-sets/${id}`, row) };
  }
  if (mark !== null) return leave(row, `${mark}: AWS lets nobody change it`);
  const holder: Holder = { kind: row.principal_kind, name: nameOf(row.principal_arn), arn: row.principal_arn };
  const before = document(id, "before", row.existing_policy);
  const answer = answerOf(row);
  if (answer.type === "unfit") return leave(row, answer.reason);
  if (row.policy_kind === "inline") {
    if (answer.type === "documents" && answer.texts.length === 1) {
      const documents = [before, ...answer.texts.map((text) => document(id, "after", text))];
      return { type: "inline", id, holder, policyName: row.policy_name, documents };
    }
    return swap(row, id, holder, answer, facts);
  }
  if (row.policy_kind === "customer") {
    const { holders, attachmentCount, isBoundary } = facts.standingOf(row.policy_key);
    if (holders > 1 && shared === "in-place") return undefined; // its change in place is planned by itself
    const isItsOwn = holders === 1 && (attachmentCount ?? 1) <= 1 && !isBoundary;
    if (isItsOwn && answer.type === "documents" && answer.texts.length === 1) {
      const documents = [
        before,
        ...answer.texts.map((text) => document(id, "after", text)),
        holdersDocument(id, [holder]),
      ];
      return { type: "version", id, policyArn: row.policy_key, documents };
    }
  }
  return swap(row, id, holder, answer, facts);
}

function swap(row: RecommendationRow, id: string, holder: Holder, answer: Answer, facts: HandoffFacts): Change {
  const texts = answer.type === "documents" ? answer.texts : [];
  const how = row.policy_kind === "inline" ? "inline" : "managed";
  return {
    type: "swap",
    id,
    stem: id,
    holder,
    how,
    old: how === "inline" ? row.policy_name : row.policy_key,
    copies: namesFor(row, holder, texts.length, facts),
    documents: [
      document(id, "before", row.existing_policy),
      ...texts.map((text, i) => document(id, `after-${i + 1}`, text)),
    ],
  };
}

/** A split customer managed policy of one holder gives NAME-1, NAME-2 …; everything else has its holder in its name. */
function namesFor(row: RecommendationRow, holder: Holder, count: number, facts: HandoffFacts): readonly string[] {
  if (count > 1 && row.policy_kind === "customer" && facts.standingOf(row.policy_key).holders === 1) {
    const plain = freePartNames(row.account_id, row.policy_name, count, facts);
    if (plain !== undefined) return plain;
  }
  return copyNames(row.policy_name, holder.name, row.principal_arn, row.policy_key, count);
}

/** NAME-1, NAME-2 …, unless one is too long or is another policy's. */
function freePartNames(
  accountId: string,
  policyName: string,
  count: number,
  facts: HandoffFacts,
): readonly string[] | undefined {
  const names = partNames(policyName, count);
  const areFree = names.every((name) => isLegalName(name) && !facts.isNameTaken(accountId, name));
  return areFree ? names : undefined;
}

function leave(row: RecommendationRow, reason: string): NotApplied {
  return { arn: row.principal_arn, policyName: row.policy_name, reason, documents: [], isRefused: false };
}

function isLegal(row: RecommendationRow): boolean {
  const place = placeOf(row.principal_arn);
  if (place === undefined || !isLegalName(nameOf(row.principal_arn)) || !isLegalName(row.policy_name)) return false;
  if (row.policy_kind === "inline") return true;
  if (!isLegalPolicyArn(row.policy_key)) return false;
  const owner = row.policy_kind === "aws" ? "aws" : place.accountId;
  return row.policy_key.startsWith(`arn:${place.partition}:iam::${owner}:`);
}

/** KIND/PRINCIPAL/POLICYKIND-POLICY, which no other policy of the principal has, whatever a file system makes of case. */
function idOf(row: RecommendationRow, ids: Set<string>): string {
  const plain = changeId(row.principal_kind, nameOf(row.principal_arn), row.policy_kind, row.policy_name);
  const id = ids.has(plain.toLowerCase())
    ? `${plain}-${createHash("sha256").update(row.policy_key).digest("hex").slice(0, 8)}`
    : plain;
  ids.add(id.toLowerCase());
  return id;
}

export function changeId(kind: string, holderName: string, policyKind: string, policyName: string): string {
  return `${kind}/${safeName(holderName)}/${safeName(`${policyKind}-${policyName}`)}`;
}

export function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}

export function document(stem: string, stage: string, minified: string): Document {
  return { path: `policies/${stem}.${stage}.json`, text: documentText(minified) };
}

/** Who may have the policy when it changes in place: a line each, as the AWS CLI prints them. */
export function holdersDocument(stem: string, holders: readonly Holder[]): Document {
  return {
    path: `policies/${stem}.holders.txt`,
    text: holders.map(({ kind, name }) => `${kind}\t${name}\n`).join(""),
  };
}

function bothDocuments(stem: string, row: RecommendationRow): readonly Document[] {
  const before: Document = { path: `${stem}.before.json`, text: documentText(row.existing_policy) };
  return row.recommended_policy === null
    ? [before]
    : [before, { path: `${stem}.after.json`, text: documentText(row.recommended_policy) }];
}
