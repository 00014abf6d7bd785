import { size } from "@leastwise/core";
import { POLICY_CHANGES, type PolicyChange, type PolicyChangeKind } from "./policy-change.ts";
import { PRINCIPAL_CHANGES, type PrincipalChange, type PrincipalChangeKind } from "./principal-change.ts";

/** Principals with which the same has happened: the same policies, by name, from the same documents to the same. */
export interface ChangeGroup {
  /** The first of them. */
  readonly first: PrincipalChange;
  readonly principals: number;
}

/** More than any report shows; beyond, those that weigh least are no longer told apart, so that memory stays flat. */
const MOST_GROUPS = 4000;

/** What differs between two runs, summed up. */
export class Tally {
  readonly principals: Record<PrincipalChangeKind, number> = countsOf(PRINCIPAL_CHANGES);
  /** Attached policies, and shared policies in place. */
  readonly policies: Record<PolicyChangeKind, number> = countsOf(POLICY_CHANGES);
  readonly inPlace: Record<PolicyChangeKind, number> = countsOf(POLICY_CHANGES);
  /** Attached policies of which more may go than before, and how many actions that is altogether; of which less may go. */
  readonly newlyRemovable = { policies: 0, actions: 0 };
  readonly noLongerRemovable = { policies: 0, actions: 0 };
  #groups = new Map<string, { readonly first: PrincipalChange; principals: number }>();
  /** Whether light groups had to be given up. */
  isCut = false;

  add(change: PrincipalChange): void {
    this.principals[change.kind]++;
    for (const policy of change.policies) {
      this.policies[policy.kind]++;
      const more = size(policy.newlyRemovable);
      if (more > 0) this.newlyRemovable.policies++;
      this.newlyRemovable.actions += more;
      // what has gone for good, together with its policy or by being applied, may not go any more because it is no longer there
      const less = policy.from?.documentId === policy.to?.documentId ? size(policy.noLongerRemovable) : 0;
      if (less > 0) this.noLongerRemovable.policies++;
      this.noLongerRemovable.actions += less;
    }
    const key = signatureOf(change);
    const known = this.#groups.get(key);
    if (known === undefined) this.#groups.set(key, { first: change, principals: 1 });
    else known.principals++;
    if (this.#groups.size > MOST_GROUPS) this.#prune();
  }

  addInPlace(change: PolicyChange): void {
    this.inPlace[change.kind]++;
  }

  /** The worst kind first, then those that concern the most. O(n log n). */
  groups(): readonly ChangeGroup[] {
    return [...this.#groups.values()].sort(byWeight);
  }

  #prune(): void {
    const heaviest = [...this.#groups].sort(([, a], [, b]) => byWeight(a, b)).slice(0, MOST_GROUPS / 2);
    this.#groups = new Map(heaviest);
    this.isCut = true;
  }
}

function countsOf<K extends string>(kinds: readonly K[]): Record<K, number> {
  return Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<K, number>; // one for each kind
}

function signatureOf({ kind, gained, lost, policies }: PrincipalChange): string {
  const parts = policies.map(
    (policy) =>
      `${policy.kind} ${(policy.to ?? policy.from)?.policyName} ${(policy.to ?? policy.from)?.group} ${policy.from?.documentId} ${policy.to?.documentId} ${size(policy.newlyRemovable)} ${size(policy.noLongerRemovable)}`,
  );
  return [kind, size(gained), size(lost), ...parts].join("\n");
}

function byWeight(a: ChangeGroup, b: ChangeGroup): number {
  const rank = ({ first }: ChangeGroup): number => PRINCIPAL_CHANGES.indexOf(first.kind);
  return rank(a) - rank(b) || weightOf(b) - weightOf(a) || (a.first.principal.arn < b.first.principal.arn ? -1 : 1);
}

function weightOf({ first, principals }: ChangeGroup): number {
  const { gained, lost, policies } = first;
  const removable = policies.reduce(
    (sum, policy) => sum + size(policy.newlyRemovable) + size(policy.noLongerRemovable),
    0,
  );
  return principals * (1 + size(gained) + size(lost) + removable);
}
