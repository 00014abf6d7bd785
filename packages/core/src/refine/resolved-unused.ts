import { type IntervalSet, intersects, intervalSetOf } from "../interval/interval-set.ts";
import { hasWildcard, type Pattern, matches } from "../pattern/pattern.ts";
import { fold } from "../pattern/fold.ts";
import { remainders } from "../pattern/remainder.ts";
import { bitsFor } from "../policy/grant.ts";
import { type NameSpelling, type ServiceReading, type ServiceSpelling, spelledUnused } from "../spelling/spellings.ts";
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
  /** The services that are unused whole. */
  readonly whole: ReadonlyMap<string, UnusedService>;
  readonly unused: Unused;
}

/** O(reported names + actions / 32). */
export function resolveUnused(trie: CatalogTrie, unused: Unused): ResolvedUnused {
  const bits = bitsFor(trie);
  const spelled = spelledUnused(unused);
  const wholePairs: number[] = [];
  const unlisted: string[] = [];
  const whole = new Map<string, UnusedService>();
  let hasExceptions = false;
  for (let i = 0; i < unused.length; i++) {
    const { service, names } = spelled[i]!; // one for each of U
    const given = unused[i]!;
    if (given.whole) {
      const { lo, hi } = idsOf(trie, service);
      wholePairs.push(lo, hi);
      bits.add(lo, hi);
      whole.set(given.service, given);
    }
    for (let n = 0; n < names.length; n++) {
      const id = idOf(trie, given.service, names[n]!); // n is inside, here and below
      if (id < 0) {
        if (!given.whole) unlisted.push(`${given.service}:${names[n]!.text}`);
      } else if (given.whole) {
        bits.remove(id);
        hasExceptions = true;
      } else bits.add(id, id + 1);
    }
  }
  const unusedIds = bits.runs();
  const wholeIds = intervalSetOf(wholePairs);
  return {
    ids: unusedIds,
    wholeIds,
    unsafeIds: hasExceptions ? intervalSetOf([...unusedIds, ...wholeIds]) : unusedIds,
    unlisted,
    whole,
    unused,
  };
}

function idOf(trie: CatalogTrie, service: string, name: NameSpelling): number {
  if (name.refiner?.by !== trie) name.refiner = { by: trie, id: trie.findIn(service, name.text) };
  return name.refiner.id;
}

function idsOf(trie: CatalogTrie, service: ServiceSpelling): ServiceReading {
  if (service.refiner?.by !== trie) {
    const lo = trie.lowerBound(`${service.text}:`);
    service.refiner = { by: trie, lo, hi: trie.upperBound(`${service.text}:`, lo) };
  }
  return service.refiner;
}

/** Whether U holds an action, in the catalog or not, given as folded `service:name`. */
export function holds(unused: ResolvedUnused, folded: string): boolean {
  const colon = folded.indexOf(":");
  const name = folded.slice(0, Math.max(0, colon));
  const service = colon < 0 ? undefined : unused.unused.find((candidate) => candidate.service === name);
  return service !== undefined && isUnused(service, folded.slice(colon + 1));
}

/** Whether L(e) ∩ U is not empty, `matched` being C(e). */
export function touches(unused: ResolvedUnused, pattern: Pattern, matched: IntervalSet): boolean {
  return (
    intersects(matched, unused.ids) ||
    unused.unlisted.some((action) => matches(pattern, action)) ||
    (unused.whole.size > 0 && wholeServicesInReach(unused, pattern).some((service) => touchesService(service, pattern)))
  );
}

/** The services reported whole that the pattern could reach at all. */
function wholeServicesInReach(unused: ResolvedUnused, pattern: Pattern): readonly UnusedService[] {
  const colon = pattern.folded.indexOf(":");
  if (colon < 0 || colon >= pattern.headLength) return [...unused.whole.values()];
  const service = unused.whole.get(pattern.folded.slice(0, colon));
  return service === undefined ? [] : [service];
}

/** Whether the pattern matches any action of the service, in the catalog or not, that is not an exception. */
function touchesService(service: UnusedService, pattern: Pattern): boolean {
  return remainders(pattern, `${service.service}:`).some(
    (rest) => hasWildcard(rest) || isUnused(service, fold(rest)), // a wildcard matches endlessly many names, exceptions are few
  );
}
