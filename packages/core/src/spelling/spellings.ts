import type { PolicyDocument, Statement } from "../policy/document.ts";
import type { ReadEntry } from "../policy/read-entry.ts";
import type { Unused } from "../unused/unused.ts";
import type { Entry } from "../verify/expansion.ts";

/**
 * One spelling of an entry, and what readers have made of it: whoever has read an entry finds that again without looking its text up.
 * Nothing is decided in here but that equal texts are one. Where entries stand in a document, `spelledPolicy` tells the refiner; the
 * verifier looks for itself, and takes a spelling from it only where the text is the one that it has found.
 */
export interface Spelling {
  readonly text: string;
  /** Left by the refiner, who sees of which catalog it is. */
  refiner: ReadEntry | undefined;
  /** Left by a verifier, who sees whose it is. */
  verifier: Entry | undefined;
  /** What stood behind it last time. */
  next: Spelling | undefined;
}

/** A document with the entries of its statements by spelling. */
export interface SpelledPolicy {
  readonly statements: readonly SpelledStatement[];
}

export interface SpelledStatement {
  readonly statement: Statement;
  readonly allows: boolean;
  /** Whether it has `NotAction`. */
  readonly isNot: boolean;
  /** Those of an Allow statement; of others none. */
  readonly entries: readonly Spelling[];
}

/** A service that some U names, folded, and where readers have its actions. */
export interface ServiceSpelling {
  readonly text: string;
  refiner: ServiceReading | undefined;
  verifier: ServiceReading | undefined;
}

/** The ids `[lo, hi)`. */
export interface ServiceReading {
  /** Whose it is. */
  readonly by: object;
  readonly lo: number;
  readonly hi: number;
}

/** A name that some U has of a service, both folded, and which action readers know by it. */
export interface NameSpelling {
  readonly text: string;
  refiner: NameReading | undefined;
  verifier: NameReading | undefined;
  /** What stood behind it last time. */
  next: NameSpelling | undefined;
}

/** What tells of one text, and of what stood behind it last time. */
interface Following<S> {
  readonly text: string;
  next: S | undefined;
}

/** The id; -1 where the reader's catalog has no such action. */
interface NameReading {
  /** Whose it is. */
  readonly by: object;
  readonly id: number;
}

/** A service of a U, in whose order the names are. */
export interface SpelledService {
  readonly service: ServiceSpelling;
  readonly names: readonly NameSpelling[];
}

/** Organizations repeat the same few thousand entries and names; more than these are not remembered. */
const MOST_ENTRIES = 100_000;
const MOST_NAMES = 100_000;
/** Catalogs and verifiers that may have left something, since what they leave keeps them alive. */
const MOST_READERS = 64;
/** Numbers that readers may keep with entries: patterns with inner wildcards can match thousands of runs. */
const MOST_NUMBERS = 4_000_000;

const entries = new Map<string, Spelling>();
const services = new Map<string, { readonly service: ServiceSpelling; readonly names: Map<string, NameSpelling> }>();
const policies = new WeakMap<PolicyDocument, SpelledPolicy>();
const unusedSets = new WeakMap<Unused, readonly SpelledService[]>();
let names = 0;
let numbers = 0;
let readers = 0;

/** Told by a reader with a catalog of its own, before it leaves anything. */
export function beginning(): void {
  if (++readers < MOST_READERS) return;
  readers = 0;
  forgetEntries();
  forgetNames();
}

/** Told by a reader that keeps so many numbers with a spelling. */
export function keeping(more: number): void {
  numbers += more;
}

/** The spelling of an entry that stands behind another one, or behind nothing. */
export function spellingAfter(previous: Spelling | undefined, text: string): Spelling {
  return following(previous, text, spellingOf);
}

/** What stood behind another one last time mostly stands there again, and comparing with that is quicker than looking the text up. */
function following<S extends Following<S>>(previous: S | undefined, text: string, find: (text: string) => S): S {
  if (previous === undefined) return find(text);
  if (previous.next?.text !== text) previous.next = find(text);
  return previous.next;
}

/** The spellings of a list of entries. */
export function spelledEntries(texts: readonly string[]): readonly Spelling[] {
  let previous: Spelling | undefined;
  return texts.map((text) => (previous = spellingAfter(previous, text)));
}

export function spellingOf(text: string): Spelling {
  const known = entries.get(text);
  if (known !== undefined) return known;
  const spelling: Spelling = { text, refiner: undefined, verifier: undefined, next: undefined };
  if (entries.size >= MOST_ENTRIES || numbers > MOST_NUMBERS) forgetEntries();
  entries.set(text, spelling);
  return spelling;
}

/** The same for the same object, which must not change. O(entries). */
export function spelledPolicy(document: PolicyDocument): SpelledPolicy {
  let spelled = policies.get(document);
  if (spelled === undefined) {
    const { Statement } = document;
    const statements = Array.isArray(Statement) ? (Statement as readonly Statement[]) : [Statement as Statement]; // as in document.ts
    policies.set(document, (spelled = { statements: statements.map(spelledStatement) }));
  }
  return spelled;
}

/** The services of a U, the same for the same object, which must not change. O(names). */
export function spelledUnused(unused: Unused): readonly SpelledService[] {
  let spelled = unusedSets.get(unused);
  if (spelled === undefined) unusedSets.set(unused, (spelled = unused.map(spelledService)));
  return spelled;
}

function spelledStatement(statement: Statement): SpelledStatement {
  const allows = statement.Effect === "Allow";
  const isNot = statement.NotAction !== undefined;
  const element = isNot ? statement.NotAction : statement.Action;
  if (!allows || element === undefined) return { statement, allows, isNot, entries: [] };
  return { statement, allows, isNot, entries: spelledEntries(typeof element === "string" ? [element] : element) };
}

function spelledService({ service: text, names: texts }: Unused[number]): SpelledService {
  if (names >= MOST_NAMES) forgetNames();
  let known = services.get(text);
  if (known === undefined) {
    known = { service: { text, refiner: undefined, verifier: undefined }, names: new Map() };
    services.set(text, known);
    names++;
  }
  const { service, names: of } = known;
  const find = (name: string): NameSpelling => of.get(name) ?? added(of, name);
  let previous: NameSpelling | undefined;
  return { service, names: texts.map((name) => (previous = following(previous, name, find))) };
}

function added(to: Map<string, NameSpelling>, text: string): NameSpelling {
  const name: NameSpelling = { text, refiner: undefined, verifier: undefined, next: undefined };
  to.set(text, name);
  names++;
  return name;
}

function forgetEntries(): void {
  entries.clear();
  numbers = 0;
}

function forgetNames(): void {
  services.clear();
  names = 0;
}
