import type { PolicyDocument, Statement } from "../policy/document.ts";
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

  constructor(expansion: Expansion) {
    this.#expansion = expansion;
  }

  /** O(entries + actions they match). */
  read(document: PolicyDocument): ReadDocument {
    const known = this.#known.get(document);
    if (known !== undefined) return known;
    const statements = listOf(document.Statement).map((statement) => this.#readStatement(statement));
    const read: ReadDocument = { statements, granted: this.grantedBy(statements) };
    this.#known.set(document, read);
    return read;
  }

  #readStatement(statement: Statement): ReadStatement {
    const allows = statement.Effect === "Allow";
    const isNot = statement.NotAction !== undefined;
    const texts = allows ? entryList(isNot ? statement.NotAction : statement.Action) : [];
    const entries = texts.map((text) => this.#expansion.entry(text));
    return { statement, allows, isNot, entries };
  }

  /**
   * Ids of what these statements grant together, ascending, each once. They are collected by walking the catalog where they are many,
   * by sorting where they are few.
   */
  grantedBy(statements: readonly ReadStatement[]): Uint32Array {
    const { all } = this.#expansion;
    const parts = statements.filter(({ allows }) => allows);
    const total = parts.reduce((sum, { isNot, entries }) => sum + (isNot ? all.length : count(entries)), 0);
    if (total > all.length / 8) return this.#walked(parts);
    const ids = new Uint32Array(total);
    let place = 0;
    for (const { entries } of parts) {
      for (const entry of entries) {
        ids.set(entry.ids, place);
        place += entry.ids.length;
      }
    }
    return ids.sort().filter((id, i) => i === 0 || id !== ids[i - 1]);
  }

  #walked(parts: readonly ReadStatement[]): Uint32Array {
    const { all } = this.#expansion;
    const granted = new Uint8Array(all.length);
    for (const { isNot, entries } of parts) {
      if (!isNot) {
        mark(granted, entries, 1);
        continue;
      }
      const excepted = new Uint8Array(all.length);
      mark(excepted, entries, 1);
      for (let id = 0; id < excepted.length; id++) if (excepted[id] === 0) granted[id] = 1;
    }
    return all.filter((id) => granted[id] === 1);
  }
}

function count(entries: readonly Entry[]): number {
  return entries.reduce((sum, { ids }) => sum + ids.length, 0);
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
