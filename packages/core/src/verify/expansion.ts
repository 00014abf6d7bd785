import {
  type NameSpelling,
  type ServiceReading,
  type ServiceSpelling,
  type Spelling,
  beginning,
  keeping,
  spellingAfter,
} from "../spelling/spellings.ts";
import { covers, isGlob, literalService, lowerAscii } from "./glob.ts";

const NO_NAMES: ReadonlyMap<string, number> = new Map();

/** What U makes of an entry (SEMANTICS 2, steps 1 to 3): it reaches nothing unused, something unused, or nothing else at all. */
export type Fate = "stays" | "changes" | "goes";

/** An entry of a statement as the verifier looks at it: as spelled, folded, and the ids of the catalog that it matches. */
export interface Entry {
  /** Whose it is. */
  readonly by: Expansion;
  /** Where it was read from. */
  readonly spelling: Spelling;
  readonly spelled: string;
  readonly folded: string;
  readonly isGlob: boolean;
  /** Its service part, folded, where no wildcard stands in it. */
  readonly service: string | undefined;
  /** Ascending. */
  readonly ids: Uint32Array;
  /** What the U of that number makes of it: a note of `UnusedMarks`, since the same entry stands in many statements. */
  judgedBy: number;
  fate: Fate;
}

/** The catalog as the verifier sees it: its own sorted list of names and a hash map. Nothing of the trie is used. */
export class Expansion {
  /** Folded and sorted; an id is a place in this list. */
  readonly names: readonly string[];
  /** Every id, ascending: what a prefix matches is a part of it. */
  readonly all: Uint32Array;
  readonly #ids: ReadonlyMap<string, number>;
  readonly #services = new Map<string, Map<string, number>>();

  /** @param actions `service:Name`, any order, each once (case ignored) */
  constructor(actions: readonly string[]) {
    beginning();
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

  /**
   * The id of a name of a service, both folded, or -1.
   *
   * @param hint a spelling that may be the name's: looked at only where its text is the name, so nobody is believed
   */
  idOf(service: string, name: string, hint?: NameSpelling): number {
    if (hint?.text !== name) return (this.#services.get(service) ?? NO_NAMES).get(name) ?? -1;
    if (hint.verifier?.by !== this) hint.verifier = { by: this, id: this.idOf(service, name) };
    return hint.verifier.id;
  }

  /** The ids of a service, folded; `hint` as for a name. */
  idsOf(service: string, hint?: ServiceSpelling): ServiceReading {
    if (hint?.text !== service) {
      return { by: this, lo: this.#place(`${service}:`), hi: this.#place(`${service}:\uffff`) };
    }
    if (hint.verifier?.by !== this) hint.verifier = this.idsOf(service);
    return hint.verifier;
  }

  /** @param previous what stands before it, if anything */
  entry(spelled: string, previous?: Entry): Entry {
    return this.read(spellingAfter(previous?.spelling, spelled));
  }

  /** An entry with what it matches, found again where this catalog has read its spelling before. */
  read(spelling: Spelling): Entry {
    const known = spelling.verifier;
    if (known !== undefined && known.by === this) return known;
    const lower = lowerAscii(spelling.text);
    const id = this.#ids.get(lower);
    const wild = id === undefined && isGlob(lower);
    const folded = id === undefined ? lower : this.names[id]!; // one text for the name and all entries that spell it
    const ids = wild ? this.#expand(folded) : this.all.subarray(id ?? 0, id === undefined ? 0 : id + 1);
    const service = literalService(folded);
    const entry: Entry = {
      by: this,
      spelling,
      spelled: spelling.text,
      folded,
      isGlob: wild,
      service,
      ids,
      judgedBy: 0,
      fate: "stays",
    };
    spelling.verifier = entry;
    if (ids.buffer !== this.all.buffer) keeping(ids.length);
    return entry;
  }

  #expand(folded: string): Uint32Array {
    const head = folded.slice(0, folded.search(/[*?]/));
    const candidates = this.idsStartingWith(head);
    if (folded.length === head.length + 1 && folded.endsWith("*")) return candidates;
    return candidates.filter((id) => covers(folded, this.names[id]!)); // ids are places in the list
  }

  /** Sorted names that start alike stand together; U+FFFF sorts behind every character of a name. */
  idsStartingWith(head: string): Uint32Array {
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
