import type { EntryEvidence } from "@leastwise/api";
import type { Catalog } from "@leastwise/catalog";
import { type IntervalSet, fold, ids } from "@leastwise/core";
import { type Connection, type EvidenceView, readEvidenceOf } from "@leastwise/store";

/** Of the actions that a source speaks of so many are named. */
const MOST_NAMED = 20;
/** Of a group's members, and of those that share a policy, so many are heard. */
const MOST_HEARD = 20;

/** The unused actions that a report names, by folded service: all of it, or folded names. */
type Claimed = ReadonlyMap<string, "all" | ReadonlySet<string>>;

interface Heard {
  readonly report: EvidenceView;
  readonly claimed: Claimed;
}

/** What the reports that count say of some principals' unused actions. */
export class Evidence {
  readonly #heard: readonly Heard[];

  /** @param arns of those whose use it is about: a principal; a group's members; all that share a policy */
  constructor(db: Connection, arns: readonly string[]) {
    this.#heard = arns.slice(0, MOST_HEARD).flatMap((arn) =>
      readEvidenceOf(db, arn)
        .filter(({ standing }) => standing === "counts")
        .map((report) => ({ report, claimed: claimedBy(report) })),
    );
  }

  /** What says that these actions are unused, a line a source; of several reports of one source, the oldest date. */
  of({ trie }: Catalog, actions: IntervalSet): readonly EntryEvidence[] {
    const found = new Map<string, { oldest: EvidenceView; readonly names: Set<string> }>();
    for (const { report, claimed } of this.#heard) {
      const line = found.get(report.source) ?? { oldest: report, names: new Set<string>() };
      if (isOlder(report, line.oldest)) line.oldest = report;
      for (const id of ids(actions)) if (claims(claimed, trie.name(id))) line.names.add(trie.name(id));
      if (line.names.size > 0) found.set(report.source, line);
    }
    return Array.from(found, ([source, { oldest, names }]) => ({
      source,
      updatedAt: oldest.updated_at,
      ageDays: oldest.age_days,
      actions: names.size,
      first: [...names].slice(0, MOST_NAMED),
    }));
  }
}

function claimedBy({ claims: all }: EvidenceView): Claimed {
  const claimed = new Map<string, "all" | Set<string>>();
  for (const { service, state, actions } of all) {
    if (state !== "unused") continue;
    const key = fold(service);
    const known = claimed.get(key);
    if (actions === null) claimed.set(key, "all");
    else if (known !== "all") claimed.set(key, new Set([...(known ?? []), ...actions.map(fold)]));
  }
  return claimed;
}

function claims(claimed: Claimed, action: string): boolean {
  const [service, name] = parts(action);
  const known = claimed.get(service);
  return known === "all" || known?.has(name) === true;
}

function parts(action: string): readonly [service: string, name: string] {
  const folded = fold(action);
  const colon = folded.indexOf(":");
  return [folded.slice(0, colon), folded.slice(colon + 1)];
}

function isOlder(one: EvidenceView, other: EvidenceView): boolean {
  return (one.updated_at ?? "") < (other.updated_at ?? "");
}
