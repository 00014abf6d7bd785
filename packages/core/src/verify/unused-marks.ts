import { spelledUnused } from "../spelling/spellings.ts";
import type { Unused, UnusedService } from "../unused/unused.ts";
import type { Entry, Expansion, Fate } from "./expansion.ts";
import { covers, isGlob, suffixesAfter } from "./glob.ts";

/**
 * U as the verifier sees it: marks on the catalog's actions, and what the catalog does not list. One object reads one U after
 * another; each gets a number, and a mark is the number of the U that set it last, so that nothing needs clearing.
 */
export class UnusedMarks {
  readonly #expansion: Expansion;
  readonly #marks: Uint32Array;
  #number = 1;
  #unused: Unused = [];
  #whole: readonly UnusedService[] = [];
  #unlisted: string[] = [];

  constructor(expansion: Expansion) {
    this.#expansion = expansion;
    this.#marks = new Uint32Array(expansion.names.length);
  }

  /** From here on the questions are about this U. O(names it lists + actions of its whole services). */
  read(unused: Unused): void {
    if (unused === this.#unused) return;
    this.#unused = unused;
    this.#number++;
    this.#whole = unused.filter(({ whole }) => whole);
    this.#unlisted = [];
    const spellings = spelledUnused(unused);
    for (let i = 0; i < unused.length; i++) {
      const { service, whole, names } = unused[i]!; // i is inside
      const spelled = spellings[i];
      const hints = spelled?.service.text === service ? spelled.names : []; // a name's id is its service's too
      if (whole) {
        const { lo, hi } = this.#expansion.idsOf(service, spelled?.service);
        this.#marks.fill(this.#number, lo, hi);
      }
      for (let n = 0; n < names.length; n++) {
        const name = names[n]!; // n is inside
        const id = this.#expansion.idOf(service, name, hints[n]);
        if (id >= 0) this.#marks[id] = whole ? 0 : this.#number;
        else if (!whole) this.#unlisted.push(`${service}:${name}`);
      }
    }
  }

  isUnused(id: number): boolean {
    return this.#marks[id] === this.#number;
  }

  areAllUnused(ids: Uint32Array): boolean {
    for (let i = 0; i < ids.length; i++) if (this.#marks[ids[i]!] !== this.#number) return false; // i is inside, here and below
    return true;
  }

  /** SEMANTICS 2, steps 1 to 3. */
  fateOf(entry: Entry): Fate {
    if (entry.judgedBy !== this.#number) {
      entry.judgedBy = this.#number;
      entry.fate = this.#judge(entry);
    }
    return entry.fate;
  }

  /** Whether an entry matches something unused that the catalog does not list. */
  reachesBeyondCatalog(entry: Entry): boolean {
    return entry.isGlob ? this.#reachesBeyond(entry) : entry.ids.length === 0 && this.#holds(entry.folded);
  }

  #judge(entry: Entry): Fate {
    const { ids, isGlob: wild } = entry;
    const reaches = this.#hasUnused(ids) || this.reachesBeyondCatalog(entry);
    if (!reaches) return "stays";
    return wild && !this.areAllUnused(ids) ? "changes" : "goes";
  }

  #hasUnused(ids: Uint32Array): boolean {
    for (let i = 0; i < ids.length; i++) if (this.#marks[ids[i]!] === this.#number) return true;
    return false;
  }

  #reachesBeyond(entry: Entry): boolean {
    return this.#unlisted.some((name) => covers(entry.folded, name)) || this.#reachesWholeService(entry);
  }

  #holds(action: string): boolean {
    const colon = action.indexOf(":");
    const record = colon < 0 ? undefined : this.#unused.find(({ service }) => service === action.slice(0, colon));
    return record !== undefined && record.names.includes(action.slice(colon + 1)) !== record.whole;
  }

  #reachesWholeService({ folded, service: literal }: Entry): boolean {
    for (const { service, names } of this.#whole) {
      if (literal !== undefined && literal !== service) continue;
      for (const suffix of suffixesAfter(folded, `${service}:`)) {
        if (isGlob(suffix) || !names.includes(suffix)) return true;
      }
    }
    return false;
  }
}
