import type { PolicyPage, RecommendationRow } from "@leastwise/api";
import {
  type IntervalSet,
  type PolicyDocument,
  hasWildcard,
  intersect,
  intervalSetOf,
  matchedBy,
  parsePattern,
  resolveUnused,
  size,
  subtract,
} from "@leastwise/core";
import type { Catalog } from "@leastwise/catalog";
import {
  type Connection,
  PageError,
  type PageAsked,
  type PolicyFacts,
  findPrincipal,
  readBlockersOf,
  readHoldersOf,
  readMembersOf,
  readPolicyFacts,
  readPolicyRecommendations,
  readRecommendations,
  recommendationRows,
} from "@leastwise/store";
import { Drift } from "../drift/entry-drift.ts";
import { prettyJson } from "../format/diff.ts";
import { patchOf, policyPatchOf } from "../format/exports.ts";
import { alignedStatements } from "./aligned-statements.ts";
import type { PageCatalogs } from "./catalogs.ts";
import { changeScript } from "./change-script.ts";
import { Evidence } from "./entry-evidence.ts";
import type { ShownRun } from "./shown-database.ts";

/** Of those that share a policy, and of those that keep more in it, so many are named. */
const MOST_NAMED = 20;

/** The facts of the policy that is asked for. @throws PageError `not-found` */
export function askedPolicy({ db, runId }: ShownRun, asked: PageAsked): PolicyFacts {
  const { policy = "", principal } = asked;
  const facts = readPolicyFacts(db, runId, policy, principal === "" ? undefined : principal);
  if (facts !== undefined) return facts;
  const of = principal === undefined ? "in place" : `of \`${principal}\``;
  throw new PageError("not-found", `the run has no recommendation for \`${policy}\` ${of}`, "look it up in the list");
}

/** All that stands behind one recommendation. */
export function policyPage(shown: ShownRun, asked: PageAsked, catalogs: PageCatalogs): PolicyPage {
  const { db, runId, catalogId } = shown;
  const facts = askedPolicy(shown, asked);
  const { policyKey, policyId, principalId } = facts;
  const arn = principalId === null ? undefined : asked["principal"];
  const row =
    arn === undefined ? undefined : [...readRecommendations(db, arn)].find((one) => one.policy_key === policyKey);
  const [shared] = facts.policyKind === "customer" ? readPolicyRecommendations(db, policyKey) : [];
  const catalog = catalogs.of(db, catalogId);
  const document = JSON.parse(facts.before) as PolicyDocument; // the edge has checked it
  const holders = facts.policyKind === "inline" ? [] : readHoldersOf(db, policyKey);
  const others = holders.filter((holder) => holder !== arn);
  const evidence = new Evidence(db, arn === undefined ? holders : speaking(db, arn));
  const unused = resolveUnused(catalog.trie, facts.unused);
  const script = facts.state === "done" ? changeScript(db, row, shared) : { apply: null, rollback: null };
  const patch = row !== undefined ? patchOf(row) : shared === undefined ? "" : policyPatchOf(shared);
  const answer = row ?? shared;
  return {
    recommendation:
      principalId === null ? inPlaceRow(facts, shared) : recommendationRows(db)(runId, principalId, policyId),
    before: prettyJson(facts.before),
    after: afterOf(facts, answer?.parts ?? null),
    statements: alignedStatements({
      document,
      recommendedAction: facts.recommendedAction,
      changes: facts.changes,
      leftBecause: facts.leftBecause,
      keptSids: facts.keptSids,
      evidenceOf: (element, entries) => {
        const matched = matching(catalog, entries);
        const concerned = element === "Action" ? matched : subtract([0, catalog.trie.actionCount], matched);
        return evidence.of(catalog, intersect(concerned, unused.ids));
      },
    }),
    madeAs: madeAs(db, facts, arn, row?.fit === "split"),
    sizeBefore: answer?.size_before ?? facts.before.length,
    certificate: facts.certificate,
    certificateStatement: facts.certificateStatement,
    failure: facts.failure,
    shared: { principals: others.length, first: others.slice(0, MOST_NAMED) },
    blockers: facts.policyKind === "customer" ? readBlockersOf(db, policyKey).slice(0, MOST_NAMED) : [],
    drift: driftOf(catalog, catalogs, facts),
    patch,
    ...script,
  };
}

/** Whose use decides: the principal's own, and of a group its members'. */
function speaking(db: Connection, arn: string): readonly string[] {
  const principal = findPrincipal(db, arn);
  if (principal?.kind !== "group") return [arn];
  return [arn, ...readMembersOf(db, principal).map((member) => member.arn)];
}

function matching({ trie }: Catalog, entries: readonly string[]): IntervalSet {
  return intervalSetOf(entries.flatMap((entry) => matchedBy(trie, parsePattern(entry))));
}

function afterOf({ recommendedAction, after, state }: PolicyFacts, parts: string | null): readonly string[] {
  if (state !== "done" || recommendedAction === "DETACH_POLICY" || after === null) return [];
  if (parts === null) return [prettyJson(after)];
  return (JSON.parse(parts) as readonly string[]).map(prettyJson); // SQLite wrote it
}

function inPlaceRow(
  facts: PolicyFacts,
  shared: ReturnType<typeof readPolicyRecommendations> extends Generator<infer Row> ? Row | undefined : never,
): RecommendationRow {
  return {
    accountId: shared?.account_id ?? facts.policyKey.split(":")[4] ?? "",
    principalArn: "",
    principalName: "",
    principalKind: "role",
    policyKey: facts.policyKey,
    policyName: facts.policyKey.slice(facts.policyKey.lastIndexOf("/") + 1),
    policyKind: facts.policyKind,
    recommendedAction: facts.recommendedAction,
    actionsBefore: shared?.actions_before ?? null,
    actionsAfter: shared?.actions_after ?? null,
    sizeAfter: shared?.size_after ?? null,
    sizeLimit: shared?.size_limit ?? null,
    fit: shared?.fit ?? null,
    leftBecause: facts.leftBecause,
    state: facts.state,
  };
}

/** As the view `recommendations` says it. */
function madeAs(db: Connection, { policyKind }: PolicyFacts, arn: string | undefined, isSplit: boolean): string {
  if (arn !== undefined && findPrincipal(db, arn)?.marked === "identity-center") return "permission set";
  if (policyKind === "aws" || (policyKind === "inline" && isSplit)) return "customer managed copy";
  return policyKind === "customer" ? "customer managed policy" : "inline policy";
}

/** Wildcards of what is put in place that reach further by the program's own catalog. */
function driftOf(
  older: Catalog,
  catalogs: PageCatalogs,
  { after, before, recommendedAction }: PolicyFacts,
): PolicyPage["drift"] {
  const newer = catalogs.newerThan(older);
  if (newer === null) return null;
  if (recommendedAction === "DETACH_POLICY") return [];
  const document = JSON.parse(after ?? before) as PolicyDocument; // the edge has checked it, or a worker wrote it
  const all = new Drift(older, newer.catalog, newer.changes).of(document);
  const seen = new Map<string, { readonly entry: string; readonly now: number; readonly then: number }>();
  for (const { drift } of all) {
    if (size(drift.admitted) === 0) continue;
    const isAction = drift.element === "Action";
    const entry = isAction ? (drift.entries[0] ?? "") : `NotAction ${drift.entries.join(", ")}`;
    if (isAction && !hasWildcard(entry)) continue;
    const count = (catalog: Catalog): number => {
      const matched = size(matching(catalog, drift.entries));
      return isAction ? matched : catalog.trie.actionCount - matched;
    };
    seen.set(entry, { entry, now: count(older), then: count(newer.catalog) }); // eslint-disable-line unicorn/no-thenable -- a number of the contract
  }
  return [...seen.values()];
}
