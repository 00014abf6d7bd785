import { type IntervalSet, ids, intersect, intervalSetOf, subtract } from "../interval/interval-set.ts";
import { fold } from "../pattern/fold.ts";
import { type Pattern, matches, parsePattern } from "../pattern/pattern.ts";
import { remainders } from "../pattern/remainder.ts";
import { matchedBy } from "../policy/matched.ts";
import type { CatalogTrie } from "../trie/trie.ts";
import type { Unused, UnusedService } from "../unused/unused.ts";

/** Patterns over `service:Name` whose actions are never removed, seen from one catalog. */
export interface Protection {
  readonly patterns: readonly Pattern[];
  /** What they match of the catalog. */
  readonly ids: IntervalSet;
}

export function protectionOf(trie: CatalogTrie, texts: readonly string[]): Protection {
  const patterns = texts.map(parsePattern);
  return { patterns, ids: intervalSetOf(patterns.flatMap((pattern) => matchedBy(trie, pattern))) };
}

/**
 * U without what is protected. Of a service that is unused whole and that a pattern reaches into, the catalog's other actions stay
 * unused by name: a pattern can match names that no catalog has, and no list of exceptions could hold those. Canonical in, canonical
 * out; the same object where nothing is protected. O(names + actions of such services).
 */
export function withoutProtected(trie: CatalogTrie, unused: Unused, protection: Protection): Unused {
  if (protection.patterns.length === 0) return unused;
  return unused.flatMap((service): Unused => {
    const left = service.whole ? wholeWithout(trie, service, protection) : namedWithout(service, protection);
    return left.whole || left.names.length > 0 ? [left] : [];
  });
}

function namedWithout(service: UnusedService, protection: Protection): UnusedService {
  const names = service.names.filter(
    (name) => !protection.patterns.some((pattern) => matches(pattern, `${service.service}:${name}`)),
  );
  return { ...service, names };
}

function wholeWithout(trie: CatalogTrie, service: UnusedService, { patterns, ids: kept }: Protection): UnusedService {
  const head = `${service.service}:`;
  if (patterns.every((pattern) => remainders(pattern, head).length === 0)) return service;
  const lo = trie.lowerBound(head);
  const excepted = service.names.flatMap((name) => {
    const id = trie.findIn(service.service, name);
    return id < 0 ? [] : [id, id + 1];
  });
  const all: IntervalSet = [lo, trie.upperBound(head, lo)];
  const left = subtract(subtract(all, intersect(all, kept)), intervalSetOf(excepted));
  return {
    service: service.service,
    whole: false,
    names: Array.from(ids(left), (id) => fold(trie.name(id)).slice(head.length)),
  };
}
