import type { PolicyDocument, Statement } from "../policy/document.ts";
import { type Spelling, spelledPolicy, spellingOf } from "../spelling/spellings.ts";
import type { Entry, Expansion } from "./expansion.ts";

/** A statement with its entries expanded; none for one that does not allow. */
export interface ReadStatement {
  readonly statement: Statement;
  readonly allows: boolean;
  /** Whether the entries are those of NotAction. */
  readonly isNot: boolean;
  readonly entries: readonly Entry[];
  /** The entries' own spellings, once somebody has asked for them by `spellingsOf`. */
  spellings?: ReadonlySet<string>;
}

export interface ReadDocument {
  readonly statements: readonly ReadStatement[];
  /** Ids of what its Allow statements grant together, ascending, each once. */
  readonly granted: Uint32Array;
}

/** Reads documents; one that has been read stays read as long as somebody holds it, since many results share a document. */
export class DocumentReader {
  readonly #expansion: Expansion;
  readonly #known = new WeakMap<PolicyDocument, ReadDocument>();
  /** A bit for each action, used for one document after another. */
  readonly #granted: Uint32Array;

  constructor(expansion: Expansion) {
    this.#expansion = expansion;
    this.#granted = new Uint32Array((expansion.all.length + 31) >>> 5);
  }

  /** O(entries + actions they match). */
  read(document: PolicyDocument): ReadDocument {
    const known = this.#known.get(document);
    if (known !== undefined) return known;
    const hints = spelledPolicy(document).statements;
    const statements = listOf(document.Statement).map((statement, i) =>
      this.#readStatement(statement, hints[i]?.entries),
    );
    const read: ReadDocument = { statements, granted: this.grantedBy(statements) };
    this.#known.set(document, read);
    return read;
  }

  /** @param hints what the entries' spellings may be: each is taken only where its text is the entry's, so nobody is believed */
  #readStatement(statement: Statement, hints: readonly Spelling[] = []): ReadStatement {
    const allows = statement.Effect === "Allow";
    const isNot = statement.NotAction !== undefined;
    const texts = allows ? entryList(isNot ? statement.NotAction : statement.Action) : [];
    const entries = texts.map((text, i) => {
      const hint = hints[i];
      return this.#expansion.read(hint?.text === text ? hint : spellingOf(text));
    });
    return { statement, allows, isNot, entries };
  }

  /** Ids of what these statements grant together, ascending, each once. O(ids + catalog / 32). */
  grantedBy(statements: readonly ReadStatement[]): Uint32Array {
    const granted = this.#granted.fill(0);
    for (const { allows, isNot, entries } of statements) {
      if (!allows) continue;
      if (!isNot) markBits(granted, entries);
      else {
        const excepted = markBits(new Uint32Array(granted.length), entries);
        for (let i = 0; i < granted.length; i++) granted[i]! |= ~excepted[i]!; // both are as long as the catalog, here and below
      }
    }
    const { length } = this.#expansion.all;
    const ids: number[] = [];
    for (let i = 0; i < granted.length; i++) {
      for (let word = granted[i]!; word !== 0; word &= word - 1) {
        const id = 32 * i + 31 - Math.clz32(word & -word);
        if (id < length) ids.push(id);
      }
    }
    return Uint32Array.from(ids);
  }
}

/** Sets the bits of all that the entries match. */
function markBits(bits: Uint32Array, entries: readonly Entry[]): Uint32Array {
  for (const { ids } of entries) for (let i = 0; i < ids.length; i++) bits[ids[i]! >>> 5]! |= 1 << (ids[i]! & 31); // i is inside
  return bits;
}

export function spellingsOf(statement: ReadStatement): ReadonlySet<string> {
  return (statement.spellings ??= new Set(statement.entries.map(({ spelled }) => spelled)));
}

/** Sets the marks of all that the entries match. */
export function mark(marks: Uint8Array | Uint32Array, entries: readonly Entry[], value: number): void {
  for (const { ids } of entries) for (let i = 0; i < ids.length; i++) marks[ids[i]!] = value; // i is inside
}

export function listOf(statement: Statement | readonly Statement[]): readonly Statement[] {
  return Array.isArray(statement) ? (statement as readonly Statement[]) : [statement as Statement]; // as in document.ts
}

export function entryList(element: string | readonly string[] | undefined): readonly string[] {
  return element === undefined ? [] : typeof element === "string" ? [element] : element;
}
