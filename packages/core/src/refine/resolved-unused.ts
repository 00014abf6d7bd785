import { type IntervalSet, intersects, intervalSetOf, subtract } from "../interval/interval-set.ts";
import { hasWildcard, type Pattern, matches } from "../pattern/pattern.ts";
import { fold } from "../pattern/fold.ts";
import { remainders } from "../pattern/remainder.ts";
import type { CatalogTrie } from "../trie/trie.ts";
import { type Unused, type UnusedService, isUnused } from "../unused/unused.ts";

/** U seen from one catalog. Made once for each U and used for any number of policies. */
export interface ResolvedUnused {
  /** U ∩ C. */
  readonly ids: IntervalSet;
  /** Every action of the services that are unused whole, their exceptions too: no prefix is safe in there. */
  readonly wholeIds: IntervalSet;
  /** `ids` and `wholeIds` together: what no prefix of an entry that ends in its only `*` may cover. */
  readonly unsafeIds: IntervalSet;
  /** Reported `service:name` that C lacks, folded. */
  readonly unlisted: readonly string[];
  readonly services: ReadonlyMap<string, UnusedService>;
  readonly whole: readonly UnusedService[];
}

/** O(reported names) look-ups. */
export function resolveUnused(trie: CatalogTrie, unused: Unused): ResolvedUnused {
  const named: number[] = [];
  const exceptions: number[] = [];
  const wholePairs: number[] = [];
  const unlisted: string[] = [];
  for (const { service, whole, names } of unused) {
    for (const name of names) {
      const id = trie.findIn(service, name);
      if (id >= 0) (whole ? exceptions : named).push(id, id + 1);
      else if (!whole) unlisted.push(`${service}:${name}`);
    }
    if (whole) {
      const lo = trie.lowerBound(`${service}:`);
      wholePairs.push(lo, trie.upperBound(`${service}:`, lo));
    }
  }
  const wholeIds = intervalSetOf(wholePairs);
  const unusedOfWhole = subtract(wholeIds, intervalSetOf(exceptions));
  const unusedIds = intervalSetOf([...named, ...unusedOfWhole]);
  return {
    ids: unusedIds,
    wholeIds,
    unsafeIds: intervalSetOf([...unusedIds, ...wholeIds]),
    unlisted,
    services: new Map(unused.map((service) => [service.service, service])),
    whole: unused.filter(({ whole }) => whole),
  };
}

/** Whether U holds an action, in the catalog or not, given as folded `service:name`. */
export function holds(unused: ResolvedUnused, folded: string): boolean {
  const colon = folded.indexOf(":");
  const service = colon < 0 ? undefined : unused.services.get(folded.slice(0, colon));
  return service !== undefined && isUnused(service, folded.slice(colon + 1));
}

/** Whether L(e) ∩ U is not empty, `matched` being C(e). */
export function touches(unused: ResolvedUnused, pattern: Pattern, matched: IntervalSet): boolean {
  return (
    intersects(matched, unused.ids) ||
    unused.unlisted.some((action) => matches(pattern, action)) ||
    wholeServicesInReach(unused, pattern).some((service) => touchesService(service, pattern))
  );
}

/** The services reported whole that the pattern could reach at all. */
function wholeServicesInReach(unused: ResolvedUnused, pattern: Pattern): readonly UnusedService[] {
  const colon = pattern.folded.indexOf(":");
  if (colon < 0 || colon >= pattern.headLength) return unused.whole;
  const service = unused.services.get(pattern.folded.slice(0, colon));
  return service?.whole === true ? [service] : [];
}

/** Whether the pattern matches any action of the service, in the catalog or not, that is not an exception. */
function touchesService(service: UnusedService, pattern: Pattern): boolean {
  return remainders(pattern, `${service.service}:`).some(
    (rest) => hasWildcard(rest) || isUnused(service, fold(rest)), // a wildcard matches endlessly many names, exceptions are few
  );
}
