import {
  type PolicyDocument,
  type Statement,
  type Unused,
  entriesOf,
  fold,
  isUnused,
  matches,
  parsePattern,
  statementsOf,
} from "@leastwise/core";
import {
  type Connection,
  type PrincipalView,
  findAction,
  findPrincipal,
  readGroupsOf,
  readMembersOf,
  readRecommendations,
  readUnusedOf,
} from "@leastwise/store";
import { type Saying, sayingsOf, showsUse } from "./sayings.ts";

/** A statement that decides over an action, and what becomes of it. */
export interface Grant {
  readonly policyKey: string;
  readonly policyName: string;
  /** Place in the document, counted from 0. */
  readonly statement: number;
  readonly sid: string | null;
  readonly effect: "Allow" | "Deny";
  readonly element: "Action" | "NotAction";
  /** The entries of `Action` that match; none for `NotAction`, which is about what it does not name. */
  readonly entries: readonly string[];
  /** Whether the statement still allows the action afterwards. */
  readonly stays: boolean;
  /** The rule by which the policy is left alone, or null. */
  readonly leftBecause: string | null;
}

/** One principal by whose policies an action may be called: the one asked about, or a group that it is in. */
export interface Holder {
  readonly principal: PrincipalView;
  readonly grants: readonly Grant[];
  readonly sayings: readonly Saying[];
  /** What all of it comes to. */
  readonly state: "used" | "unused" | "unknown";
  /** Of a group: members of whom the action is not known to be unused, or that are left alone. */
  readonly keptFor: readonly string[];
}

export interface Explanation {
  /** As the catalog spells it, or as it was asked. */
  readonly action: string;
  readonly inCatalog: boolean;
  /** The protected pattern that matches, or null. */
  readonly protectedBy: string | null;
  /** The principal asked about first, then its groups. */
  readonly holders: readonly Holder[];
}

export interface Question {
  readonly principal: PrincipalView;
  readonly action: string;
  /** Patterns that the run protected. */
  readonly protected: readonly string[];
  /** What the Sids of statements begin with that the run left as they are. */
  readonly keptSids: readonly string[];
  /** Events before this day proved no use; empty where all did. */
  readonly eventsSince: string;
}

/** Everything that the database knows of one principal and one action. */
export function explainAction(db: Connection, question: Question): Explanation {
  const { principal, action } = question;
  const spelled = findAction(db, action);
  const folded = fold(action);
  const groups = readGroupsOf(db, principal.principal_id).map((arn) => findPrincipal(db, arn)!); // read from the same view
  return {
    action: spelled ?? action,
    inCatalog: spelled !== undefined,
    protectedBy: question.protected.find((pattern) => matches(parsePattern(pattern), folded)) ?? null,
    holders: [principal, ...groups].map((holder) => holderOf(db, holder, folded, question)),
  };
}

/** Of a large group's members the sayings of so many are given, first of those for whom it keeps the action. */
const MOST_MEMBERS = 20;

function holderOf(db: Connection, principal: PrincipalView, folded: string, question: Question): Holder {
  const members = principal.kind === "group" ? readMembersOf(db, principal) : [];
  const keptFor = members.filter(
    ({ principal_id, left_because }) => left_because !== null || !holds(readUnusedOf(db, principal_id).unused, folded),
  );
  const isAsked = principal.arn === question.principal.arn;
  const others = members.filter((member) => !keptFor.includes(member));
  const speaking = [principal, ...(isAsked ? [...keptFor, ...others] : keptFor).slice(0, MOST_MEMBERS)];
  const sayings = speaking.flatMap(({ arn }) => sayingsOf(db, arn, folded, question.eventsSince));
  const { unused, removable } = readUnusedOf(db, principal.principal_id);
  return {
    principal,
    grants: grantsOf(db, principal.arn, folded, holds(removable, folded), question.keptSids),
    sayings,
    state: holds(unused, folded) ? "unused" : sayings.some(showsUse) ? "used" : "unknown",
    keptFor: keptFor.map(({ arn }) => arn),
  };
}

function holds(unused: Unused, folded: string): boolean {
  const colon = folded.indexOf(":");
  const service = unused.find((line) => line.service === folded.slice(0, colon));
  return service !== undefined && isUnused(service, folded.slice(colon + 1));
}

function grantsOf(
  db: Connection,
  arn: string,
  folded: string,
  mayGo: boolean,
  keptSids: readonly string[],
): readonly Grant[] {
  return [...readRecommendations(db, arn)].flatMap((row) => {
    const document = JSON.parse(row.existing_policy) as PolicyDocument; // the store holds checked documents
    return statementsOf(document).flatMap((statement, place): readonly Grant[] => {
      const entries = deciding(statement, folded);
      if (entries === null) return [];
      const { Sid: sid = null, Effect: effect } = statement;
      const isKept = row.left_because !== null || keptSids.some((start) => sid?.startsWith(start) === true);
      return [
        {
          policyKey: row.policy_key,
          policyName: row.policy_name,
          statement: place,
          sid,
          effect,
          element: statement.NotAction === undefined ? "Action" : "NotAction",
          entries,
          stays: effect === "Allow" && (isKept || !mayGo),
          leftBecause: row.left_because,
        },
      ];
    });
  });
}

/** The entries by which a statement is about an action; null where it is not. */
function deciding(statement: Statement, folded: string): readonly string[] | null {
  const entries = entriesOf(statement.NotAction ?? statement.Action);
  const matching = entries.filter((entry) => matches(parsePattern(entry), folded));
  if (statement.NotAction !== undefined) return matching.length === 0 ? [] : null;
  return matching.length === 0 ? null : matching;
}
