import type { PolicyDocument, Statement } from "../policy/document.ts";
import type { GrantCounts, RecommendedAction } from "../refine/policy.ts";
import type { Unused } from "../unused/unused.ts";
import { type Entry, Expansion, UnusedMarks } from "./expansion.ts";
import { covers, literalService } from "./glob.ts";

/** SEMANTICS 5, laws 1 to 4. */
export type Law = "all-and-only" | "never-broader" | "structure" | "deny-intact";

export interface Violation {
  readonly law: Law;
  /** The statement's place in the document before, counted from 0; null for the document as a whole. */
  readonly statement: number | null;
  readonly message: string;
}

export interface Verdict {
  readonly violations: readonly Violation[];
  /** Distinct actions of the catalog that the Allow statements grant, counted by the verifier itself. */
  readonly grants: GrantCounts;
}

/** What somebody says is the refinement of `before` for U. */
export interface Claim {
  readonly before: PolicyDocument;
  /** The document to put in place; null for DETACH_POLICY. */
  readonly after: PolicyDocument | null;
  readonly recommendedAction: RecommendedAction;
  readonly unused: Unused;
}

/**
 * Checks refinements against laws 1-4 by expanding both documents with a matcher of its own. It imports nothing of the refiner,
 * the patterns or the trie but types.
 *
 * Holds an index of the catalog (a few MB for all of AWS) and remembers expansions; make one a thread. Not safe to share.
 */
export class Verifier {
  readonly #expansion: Expansion;
  /** Per action: the number of the pass that marked it last, so that nothing needs clearing. */
  readonly #before: Uint32Array;
  readonly #after: Uint32Array;
  readonly #union: Uint32Array;
  #pass = 0;
  #marks: UnusedMarks;
  #marksOf: Unused = [];

  /** @param actions every `service:Name` of the catalog, each once (case ignored) */
  constructor(actions: readonly string[]) {
    this.#expansion = new Expansion(actions);
    this.#before = new Uint32Array(actions.length);
    this.#after = new Uint32Array(actions.length);
    this.#union = new Uint32Array(actions.length);
    this.#marks = new UnusedMarks(this.#expansion, this.#marksOf);
  }

  /** No violations: the claim holds. O(entries + actions they match), plus generated × wildcard entries for law 2. */
  verify(claim: Claim): Verdict {
    if (claim.unused !== this.#marksOf) {
      this.#marks = new UnusedMarks(this.#expansion, claim.unused);
      this.#marksOf = claim.unused;
    }
    const violations: Violation[] = [];
    const report = (law: Law, statement: number | null, message: string): void => {
      violations.push({ law, statement, message });
    };
    checkFrame(claim, report);
    const after = claim.after === null ? [] : listOf(claim.after.Statement);
    const union = { pass: ++this.#pass, before: 0, removed: 0 };
    let next = 0;
    let changed = false;
    listOf(claim.before.Statement).forEach((statement, index) => {
      const old = this.#read(statement);
      this.#count(old, union);
      if (this.#goes(old)) {
        changed = true; // every entry reaches something unused and has nothing else: nothing can be lost with it
        return;
      }
      const counterpart = after[next++];
      if (counterpart === undefined) {
        const law = old.allows ? "all-and-only" : "deny-intact";
        report(law, index, "the statement is missing");
      } else if (!old.allows) {
        if (!isSame(statement, counterpart))
          report("deny-intact", index, "a statement that does not allow has changed");
      } else {
        const same = hasSameEntries(old, counterpart);
        changed ||= !same;
        const now = same ? { ...old, statement: counterpart } : this.#read(counterpart);
        this.#checkStatement(old, now, same, index, report);
      }
    });
    if (next < after.length) report("structure", null, `${after.length - next} more statements than there should be`);
    if (changed === (claim.recommendedAction === "NONE")) {
      report(
        "structure",
        null,
        changed ? "NONE, yet something changes" : `${claim.recommendedAction}, yet nothing changes`,
      );
    }
    const { before, removed } = union;
    return { violations, grants: { before, removed, after: before - removed } };
  }

  #read(statement: Statement): ReadStatement {
    const allows = statement.Effect === "Allow";
    const isNot = statement.NotAction !== undefined;
    const element = isNot ? statement.NotAction : statement.Action;
    return {
      statement,
      allows,
      isNot,
      entries: allows ? entryList(element).map((entry) => this.#expansion.entry(entry)) : [],
    };
  }

  /** Whether nothing of an Allow statement is to stay. */
  #goes(old: ReadStatement): boolean {
    if (!old.allows) return false;
    if (!old.isNot) return old.entries.length > 0 && old.entries.every((entry) => this.#isToDrop(entry));
    const pass = this.#mark(old, this.#before);
    const granted = this.#expansion.all.filter((id) => this.#before[id] === pass);
    return granted.length > 0 && this.#marks.areAllUnused(granted);
  }

  /** SEMANTICS 2.1 and 2.3: it reaches something unused, and nothing else of the catalog. */
  #isToDrop(entry: Entry): boolean {
    return this.#marks.reaches(entry) && (!entry.isGlob || this.#marks.areAllUnused(entry.ids));
  }

  #checkStatement(old: ReadStatement, now: ReadStatement, same: boolean, index: number, report: Report): void {
    const before = old.statement;
    const after = now.statement;
    if (Object.keys(before).join("\n") !== Object.keys(after).join("\n")) {
      report("structure", index, "the statement has other elements, or in another order");
      return;
    }
    if (
      Object.keys(before).some((key) => key !== "Action" && key !== "NotAction" && !isSame(before[key], after[key]))
    ) {
      report("structure", index, "something other than the entries has changed");
      return;
    }
    checkForm(old, now, index, report);
    if (same && !old.isNot) {
      this.#checkNothingUnused(old, index, report);
      return;
    }
    if (old.isNot) checkNotAction(old, now, index, report);
    else this.#checkEntries(old, now, index, report);
    this.#checkGranted(old, now, index, report);
  }

  /** What laws 1 and 2 come to where every entry is as it was. */
  #checkNothingUnused(old: ReadStatement, index: number, report: Report): void {
    const entry = old.entries.find((candidate) => this.#marks.reaches(candidate));
    if (entry !== undefined) report("all-and-only", index, `\`${entry.spelled}\` still matches something unused`);
  }

  /** Law 1, action by action. */
  #checkGranted(old: ReadStatement, now: ReadStatement, index: number, report: Report): void {
    const passBefore = this.#mark(old, this.#before);
    const passAfter = this.#mark(now, this.#after);
    const isRight = (id: number): boolean => {
      const had = this.#before[id] === passBefore;
      const has = this.#after[id] === passAfter;
      const expected = had && !this.#marks.isUnused(id);
      if (has === expected) return true;
      const what = expected ? "is used and was lost" : had ? "is unused and still granted" : "was not granted before";
      report("all-and-only", index, `\`${this.#expansion.names[id]}\` ${what}`);
      return false;
    };
    const areRight = (ids: Uint32Array): boolean => {
      for (let i = 0; i < ids.length; i++) if (!isRight(ids[i]!)) return false; // i is inside
      return true;
    };
    if (old.isNot) areRight(this.#expansion.all);
    else if (old.entries.every(({ ids }) => areRight(ids))) now.entries.every(({ ids }) => areRight(ids));
    const beyond = old.isNot ? undefined : now.entries.find((entry) => this.#marks.reachesBeyondCatalog(entry));
    if (beyond !== undefined) report("all-and-only", index, `\`${beyond.spelled}\` still matches something unused`);
  }

  /** Law 2, and that whatever reaches nothing unused stays as it is spelled, in its order, and nothing stands there twice. */
  #checkEntries(old: ReadStatement, now: ReadStatement, index: number, report: Report): void {
    const spelled = new Set(old.entries.map((entry) => entry.spelled));
    const generated = now.entries.filter((entry) => !spelled.has(entry.spelled));
    const wide = generated.length === 0 ? NO_GLOBS : globsByService(old.entries);
    const once = new Set<string>();
    for (const { spelled: text, folded } of generated) {
      const candidates = [...(wide.get(literalService(folded)) ?? []), ...(wide.get(undefined) ?? [])];
      if (!candidates.some((pattern) => covers(pattern, folded))) {
        report("never-broader", index, `\`${text}\` is not inside any entry that stood there`);
      }
      if (once.has(folded)) report("structure", index, `\`${text}\` was generated twice`);
      once.add(folded);
    }
    let place = 0;
    let kept = 0;
    for (const entry of old.entries) {
      if (this.#marks.reaches(entry)) continue;
      kept++;
      while (place < now.entries.length && now.entries[place]?.spelled !== entry.spelled) place++;
      if (place === now.entries.length) {
        report("structure", index, `\`${entry.spelled}\` matches nothing unused, yet it is gone, respelled or moved`);
        return;
      }
      place++;
    }
    if (now.entries.length - generated.length > kept) {
      report("structure", index, "an entry stands there more often than it should");
    }
  }

  /** Marks what a statement grants with a fresh number, and gives the number. */
  #mark({ isNot, entries }: ReadStatement, marks: Uint32Array): number {
    const pass = ++this.#pass;
    if (isNot) marks.fill(pass);
    const mark = isNot ? 0 : pass;
    for (const { ids } of entries) for (let i = 0; i < ids.length; i++) marks[ids[i]!] = mark; // i is inside
    return pass;
  }

  /** Adds what a statement grants to the counts of the whole policy, each action once. */
  #count(old: ReadStatement, union: { readonly pass: number; before: number; removed: number }): void {
    if (!old.allows) return;
    const count = (ids: Uint32Array): void => {
      for (let i = 0; i < ids.length; i++) {
        const id = ids[i]!; // i is inside
        if (this.#union[id] === union.pass) continue;
        this.#union[id] = union.pass;
        union.before++;
        if (this.#marks.isUnused(id)) union.removed++;
      }
    };
    if (old.isNot) {
      const pass = this.#mark(old, this.#before);
      count(this.#expansion.all.filter((id) => this.#before[id] === pass));
    } else {
      for (const { ids } of old.entries) count(ids);
    }
  }
}

/** A statement with its entries expanded; none for one that does not allow. */
interface ReadStatement {
  readonly statement: Statement;
  readonly allows: boolean;
  /** Whether the entries are those of NotAction. */
  readonly isNot: boolean;
  readonly entries: readonly Entry[];
}

type Entries = string | readonly string[] | undefined;
const NO_GLOBS: ReadonlyMap<string | undefined, readonly string[]> = new Map();

/** Folded patterns by their service part; those with a wildcard in it, which may match any service, under undefined. */
function globsByService(entries: readonly Entry[]): ReadonlyMap<string | undefined, readonly string[]> {
  const groups = new Map<string | undefined, string[]>();
  for (const { folded, isGlob } of entries) {
    if (!isGlob) continue;
    const service = literalService(folded);
    const group = groups.get(service);
    if (group === undefined) groups.set(service, [folded]);
    else group.push(folded);
  }
  return groups;
}

type Report = (law: Law, statement: number | null, message: string) => void;

/** What surrounds the statements, and that the recommended action fits the document. */
function checkFrame(claim: Claim, report: Report): void {
  const { before, after, recommendedAction } = claim;
  if ((recommendedAction === "DETACH_POLICY") !== (after === null)) {
    report("structure", null, `${recommendedAction} does not go with ${after === null ? "no document" : "a document"}`);
  }
  if (after === null) {
    if (listOf(before.Statement).length === 0)
      report("structure", null, "a policy that had no statement is not to be detached");
    return;
  }
  if (Object.keys(before).join("\n") !== Object.keys(after).join("\n")) {
    report("structure", null, "the document has other elements, or in another order");
  } else if (!isSame({ ...before, Statement: null }, { ...after, Statement: null })) {
    report("structure", null, "something outside the statements has changed");
  }
  if (Array.isArray(before.Statement) !== Array.isArray(after.Statement)) {
    report("structure", null, "a single statement has become a list, or a list a single statement");
  }
  if ((recommendedAction === "NONE") !== isSame(before, after)) {
    report(
      "structure",
      null,
      recommendedAction === "NONE" ? "NONE, yet the document has changed" : "nothing has changed",
    );
  }
  if (recommendedAction !== "NONE" && listOf(after.Statement).length === 0) {
    report("structure", null, "a policy without statements is to be detached");
  }
}

/** Law 2 for NotAction: what it leaves out, it still leaves out. */
function checkNotAction(old: ReadStatement, now: ReadStatement, index: number, report: Report): void {
  if (old.entries.some(({ spelled }, i) => spelled !== now.entries[i]?.spelled)) {
    report("never-broader", index, "an entry of NotAction is gone, respelled or moved");
  }
}

function hasSameEntries({ statement, isNot, entries }: ReadStatement, other: Statement): boolean {
  if (statement === other) return true;
  const now = entryList(isNot ? other.NotAction : other.Action);
  return entries.length === now.length && entries.every(({ spelled }, i) => spelled === now[i]);
}

/** A string stays a string while one entry is left; everything else is a list. */
function checkForm(old: ReadStatement, now: ReadStatement, index: number, report: Report): void {
  const element = old.isNot ? "NotAction" : "Action";
  const expected = typeof old.statement[element] === "string" && now.entries.length === 1 ? "string" : "list";
  if ((typeof now.statement[element] === "string" ? "string" : "list") !== expected) {
    report("structure", index, `the entries are to stand as a ${expected}`);
  }
}

function listOf(statement: Statement | readonly Statement[]): readonly Statement[] {
  return Array.isArray(statement) ? (statement as readonly Statement[]) : [statement as Statement]; // as in document.ts
}

function entryList(element: Entries): readonly string[] {
  return element === undefined ? [] : typeof element === "string" ? [element] : element;
}

/** Equal values with their keys in the same order. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a);
  const right = Object.entries(b);
  return (
    left.length === right.length &&
    left.every(([key, value], i) => key === right[i]?.[0] && isSame(value, right[i]?.[1]))
  );
}
