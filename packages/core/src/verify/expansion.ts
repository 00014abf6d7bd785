import { covers, isGlob, literalService, lowerAscii, suffixesAfter } from "./glob.ts";
import type { Unused } from "../unused/unused.ts";

const REMEMBERED_ENTRIES = 30_000;

/** An entry of a statement as the verifier looks at it: as spelled, folded, and the ids of the catalog that it matches. */
export interface Entry {
  readonly spelled: string;
  readonly folded: string;
  readonly isGlob: boolean;
  readonly ids: Uint32Array;
}

/** The catalog as the verifier sees it: its own sorted list of names and a hash map. Nothing of the trie is used. */
export class Expansion {
  /** Folded and sorted; an id is a place in this list. */
  readonly names: readonly string[];
  /** Every id, ascending: what a prefix matches is a part of it. */
  readonly all: Uint32Array;
  readonly #ids: ReadonlyMap<string, number>;
  readonly #entries = new Map<string, Entry>();

  /** @param actions `service:Name`, any order, each once (case ignored) */
  constructor(actions: readonly string[]) {
    this.names = actions.map(lowerAscii).sort();
    this.all = Uint32Array.from(this.names, (_, id) => id);
    this.#ids = new Map(this.names.map((name, id) => [name, id]));
  }

  id(name: string): number | undefined {
    return this.#ids.get(name);
  }

  idsOfService(service: string): Uint32Array {
    return this.#startingWith(`${service}:`);
  }

  /** An entry with what it matches. Remembered, since organizations repeat the same few thousand entries. */
  entry(spelled: string): Entry {
    const known = this.#entries.get(spelled);
    if (known !== undefined) return known;
    const folded = lowerAscii(spelled);
    const entry: Entry = { spelled, folded, isGlob: isGlob(folded), ids: this.#expand(folded) };
    if (this.#entries.size >= REMEMBERED_ENTRIES) this.#entries.clear();
    this.#entries.set(spelled, entry);
    return entry;
  }

  #expand(folded: string): Uint32Array {
    if (!isGlob(folded)) {
      const id = this.#ids.get(folded);
      return id === undefined ? this.all.subarray(0, 0) : this.all.subarray(id, id + 1);
    }
    const head = folded.slice(0, folded.search(/[*?]/));
    const candidates = this.#startingWith(head);
    if (folded.length === head.length + 1 && folded.endsWith("*")) return candidates;
    return candidates.filter((id) => covers(folded, this.names[id]!)); // ids are places in the list
  }

  /** Sorted names that start alike stand together; U+FFFF sorts behind every character of a name. */
  #startingWith(head: string): Uint32Array {
    return this.all.subarray(this.#place(head), this.#place(`${head}\uffff`));
  }

  #place(text: string): number {
    let low = 0;
    let high = this.names.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.names[middle]! < text)
        low = middle + 1; // middle is inside
      else high = middle;
    }
    return low;
  }
}

/** U as the verifier sees it: marks on the catalog's actions, and what the catalog does not list. */
export class UnusedMarks {
  readonly #marks: Uint8Array;
  readonly #services = new Map<string, { readonly whole: boolean; readonly names: ReadonlySet<string> }>();
  readonly #unlisted: string[] = [];

  constructor(expansion: Expansion, unused: Unused) {
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

  areAllUnused(ids: Uint32Array): boolean {
    return ids.every((id) => this.#marks[id] === 1);
  }

  /** Whether an entry matches anything unused, listed in the catalog or not. */
  reaches({ folded, isGlob: wild, ids }: Entry): boolean {
    const only = ids[0];
    if (!wild) return only === undefined ? this.#holds(folded) : this.#marks[only] === 1;
    return (
      ids.some((id) => this.#marks[id] === 1) ||
      this.#unlisted.some((name) => covers(folded, name)) ||
      this.#reachesWholeService(folded)
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
