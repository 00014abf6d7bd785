import { covers, isGlob, lowerAscii, suffixesAfter } from "./glob.ts";
import type { Unused } from "../unused/unused.ts";

const CACHE_ENTRIES = 10_000;

/** The catalog as the verifier sees it: names in a hash map and by service. Nothing of the trie is used. */
export class Expansion {
  readonly names: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;
  readonly #byService: ReadonlyMap<string, readonly number[]>;
  readonly #all: readonly number[];
  readonly #cache = new Map<string, readonly number[]>();

  /** @param actions `service:Name`, any order, each once (case ignored). An id is a place in this list. */
  constructor(actions: readonly string[]) {
    this.names = actions.map(lowerAscii);
    this.#ids = new Map(this.names.map((name, id) => [name, id]));
    const byService = new Map<string, number[]>();
    this.names.forEach((name, id) => {
      const service = name.slice(0, name.indexOf(":"));
      const ids = byService.get(service);
      if (ids === undefined) byService.set(service, [id]);
      else ids.push(id);
    });
    this.#byService = byService;
    this.#all = this.names.map((_, id) => id);
  }

  id(name: string): number | undefined {
    return this.#ids.get(name);
  }

  idsOfService(service: string): readonly number[] {
    return this.#byService.get(service) ?? [];
  }

  /** The ids that a folded entry matches. Wildcards are remembered, since organizations repeat them. */
  expand(entry: string): readonly number[] {
    if (!isGlob(entry)) {
      const id = this.#ids.get(entry);
      return id === undefined ? [] : [id];
    }
    const known = this.#cache.get(entry);
    if (known !== undefined) return known;
    const service = literalService(entry);
    const candidates = service === undefined ? this.#all : this.idsOfService(service);
    const matched = candidates.filter((id) => covers(entry, this.names[id]!)); // ids come from the list of names
    if (this.#cache.size >= CACHE_ENTRIES) this.#cache.clear();
    this.#cache.set(entry, matched);
    return matched;
  }
}

/** U as the verifier sees it: marks on the catalog's actions, and what the catalog does not list. */
export class UnusedMarks {
  readonly #expansion: Expansion;
  readonly #marks: Uint8Array;
  readonly #services = new Map<string, { readonly whole: boolean; readonly names: ReadonlySet<string> }>();
  readonly #unlisted: string[] = [];

  constructor(expansion: Expansion, unused: Unused) {
    this.#expansion = expansion;
    this.#marks = new Uint8Array(expansion.names.length);
    for (const { service, whole, names } of unused) {
      this.#services.set(service, { whole, names: new Set(names) });
      if (whole) for (const id of expansion.idsOfService(service)) this.#marks[id] = 1;
      for (const name of names) {
        const id = expansion.id(`${service}:${name}`);
        if (id !== undefined) this.#marks[id] = whole ? 0 : 1;
        else if (!whole) this.#unlisted.push(`${service}:${name}`);
      }
    }
  }

  isUnused(id: number): boolean {
    return this.#marks[id] === 1;
  }

  /** Whether a folded entry matches anything unused, listed in the catalog or not. */
  reaches(entry: string): boolean {
    if (!isGlob(entry)) return this.#holds(entry);
    return (
      this.#expansion.expand(entry).some((id) => this.#marks[id] === 1) ||
      this.#unlisted.some((name) => covers(entry, name)) ||
      this.#reachesWholeService(entry)
    );
  }

  #holds(action: string): boolean {
    const colon = action.indexOf(":");
    const service = colon < 0 ? undefined : this.#services.get(action.slice(0, colon));
    return service !== undefined && service.names.has(action.slice(colon + 1)) !== service.whole;
  }

  #reachesWholeService(entry: string): boolean {
    const literal = literalService(entry);
    const candidates = literal === undefined ? this.#services.keys() : [literal];
    for (const service of candidates) {
      const record = this.#services.get(service);
      if (record?.whole !== true) continue;
      for (const suffix of suffixesAfter(entry, `${service}:`)) {
        if (isGlob(suffix) || !record.names.has(suffix)) return true;
      }
    }
    return false;
  }
}

/** The service part where no wildcard stands in it. */
function literalService(entry: string): string | undefined {
  const colon = entry.indexOf(":");
  return colon < 0 || isGlob(entry.slice(0, colon)) ? undefined : entry.slice(0, colon);
}
