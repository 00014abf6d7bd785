import { covers, isGlob, literalService, lowerAscii, suffixesAfter } from "./glob.ts";
import type { Unused, UnusedService } from "../unused/unused.ts";

const MOST_ENTRIES = 40_000;
/** Ids that may be remembered beside the shared list of all: patterns with inner wildcards have lists of their own. */
const MOST_IDS = 4_000_000;

const NO_NAMES: ReadonlyMap<string, number> = new Map();

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
  readonly #services = new Map<string, Map<string, number>>();
  readonly #entries = new Map<string, Entry>();
  #remembered = 0;

  /** @param actions `service:Name`, any order, each once (case ignored) */
  constructor(actions: readonly string[]) {
    this.names = actions.map(lowerAscii).sort();
    this.all = Uint32Array.from(this.names, (_, id) => id);
    this.#ids = new Map(this.names.map((name, id) => [name, id]));
    this.names.forEach((name, id) => {
      const colon = name.indexOf(":");
      const service = name.slice(0, colon);
      const names = this.#services.get(service) ?? new Map<string, number>();
      this.#services.set(service, names.set(name.slice(colon + 1), id));
    });
  }

  /** The ids of a service by bare names. */
  namesOfService(service: string): ReadonlyMap<string, number> {
    return this.#services.get(service) ?? NO_NAMES;
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
    if (this.#entries.size >= MOST_ENTRIES || this.#remembered > MOST_IDS) {
      this.#entries.clear();
      this.#remembered = 0;
    }
    this.#entries.set(spelled, entry);
    if (entry.ids.buffer !== this.all.buffer) this.#remembered += entry.ids.length;
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
  readonly #services = new Map<string, UnusedService>();
  readonly #unlisted: string[] = [];

  constructor(expansion: Expansion, unused: Unused) {
    this.#marks = new Uint8Array(expansion.names.length);
    for (const { service, whole, names } of unused) {
      this.#services.set(service, { service, whole, names });
      if (whole) for (const id of expansion.idsOfService(service)) this.#marks[id] = 1;
      const ids = expansion.namesOfService(service);
      for (const name of names) {
        const id = ids.get(name);
        if (id !== undefined) this.#marks[id] = whole ? 0 : 1;
        else if (!whole) this.#unlisted.push(`${service}:${name}`);
      }
    }
  }

  isUnused(id: number): boolean {
    return this.#marks[id] === 1;
  }

  areAllUnused(ids: Uint32Array): boolean {
    for (let i = 0; i < ids.length; i++) if (this.#marks[ids[i]!] !== 1) return false; // i is inside, here and below
    return true;
  }

  #hasUnused(ids: Uint32Array): boolean {
    for (let i = 0; i < ids.length; i++) if (this.#marks[ids[i]!] === 1) return true;
    return false;
  }

  /** Whether an entry matches anything unused, listed in the catalog or not. */
  reaches({ folded, isGlob: wild, ids }: Entry): boolean {
    const only = ids[0];
    if (!wild) return only === undefined ? this.#holds(folded) : this.#marks[only] === 1;
    return this.#hasUnused(ids) || this.#reachesBeyond(folded);
  }

  /** Whether an entry matches something unused that the catalog does not list. */
  reachesBeyondCatalog({ folded, isGlob: wild, ids }: Entry): boolean {
    return wild ? this.#reachesBeyond(folded) : ids.length === 0 && this.#holds(folded);
  }

  #reachesBeyond(folded: string): boolean {
    return this.#unlisted.some((name) => covers(folded, name)) || this.#reachesWholeService(folded);
  }

  #holds(action: string): boolean {
    const colon = action.indexOf(":");
    const service = colon < 0 ? undefined : this.#services.get(action.slice(0, colon));
    return service !== undefined && service.names.includes(action.slice(colon + 1)) !== service.whole;
  }

  #reachesWholeService(entry: string): boolean {
    const literal = literalService(entry);
    const candidates = literal === undefined ? this.#services.keys() : [literal];
    for (const service of candidates) {
      const record = this.#services.get(service);
      if (record?.whole !== true) continue;
      for (const suffix of suffixesAfter(entry, `${service}:`)) {
        if (isGlob(suffix) || !record.names.includes(suffix)) return true;
      }
    }
    return false;
  }
}
