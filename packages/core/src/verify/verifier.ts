import type { PolicyDocument, Statement } from "../policy/document.ts";
import type { GrantCounts, RecommendedAction } from "../refine/policy.ts";
import type { Unused } from "../unused/unused.ts";
import { Expansion, UnusedMarks } from "./expansion.ts";
import { covers, isGlob, lowerAscii } from "./glob.ts";

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
    const before = listOf(claim.before.Statement);
    const after = claim.after === null ? [] : listOf(claim.after.Statement);
    checkFrame(claim, report);
    let next = 0;
    before.forEach((statement, index) => {
      if (this.#goes(statement)) {
        this.#checkNothingLost(statement, index, report);
        return;
      }
      const counterpart = after[next++];
      if (counterpart === undefined) {
        const law = statement.Effect === "Allow" ? "all-and-only" : "deny-intact";
        report(law, index, "the statement is missing");
      } else if (statement.Effect !== "Allow") {
        if (!isSame(statement, counterpart))
          report("deny-intact", index, "a statement that does not allow has changed");
      } else {
        this.#checkStatement(statement, counterpart, index, report);
      }
    });
    if (next < after.length) report("structure", null, `${after.length - next} more statements than there should be`);
    return { violations, grants: this.#count(before) };
  }

  /** Whether nothing of an Allow statement is to stay: every entry reaches something unused and has nothing else in the catalog. */
  #goes(statement: Statement): boolean {
    if (statement.Effect !== "Allow") return false;
    if (statement.NotAction !== undefined) {
      const pass = this.#markGranted(statement, this.#before);
      const granted = this.#expansion.names.map((_, id) => id).filter((id) => this.#before[id] === pass);
      return granted.length > 0 && granted.every((id) => this.#marks.isUnused(id));
    }
    const entries = entryList(statement.Action).map(lowerAscii);
    return entries.length > 0 && entries.every((entry) => this.#isToDrop(entry));
  }

  #isToDrop(entry: string): boolean {
    return this.#marks.reaches(entry) && (!isGlob(entry) || this.#isAllUnused(entry));
  }

  #isAllUnused(entry: string): boolean {
    return this.#expansion.expand(entry).every((id) => this.#marks.isUnused(id));
  }

  #checkNothingLost(statement: Statement, index: number, report: Report): void {
    const pass = this.#markGranted(statement, this.#before);
    const lost = this.#before.findIndex((mark, id) => mark === pass && !this.#marks.isUnused(id));
    if (lost >= 0) report("all-and-only", index, `\`${this.#expansion.names[lost]}\` is used and was lost`);
  }

  #checkStatement(before: Statement, after: Statement, index: number, report: Report): void {
    if (!isSame({ ...before, Action: null, NotAction: null }, { ...after, Action: null, NotAction: null })) {
      report("structure", index, "something other than the entries has changed");
    }
    if (Object.keys(before).join("\n") !== Object.keys(after).join("\n")) {
      report("structure", index, "the statement has other elements, or in another order");
      return;
    }
    if (before.NotAction === undefined) this.#checkAction(before.Action, after.Action, index, report);
    else checkNotAction(before.NotAction, after.NotAction, index, report);
    this.#checkGranted(before, after, index, report);
  }

  /** Law 1, action by action. */
  #checkGranted(before: Statement, after: Statement, index: number, report: Report): void {
    const passBefore = this.#markGranted(before, this.#before);
    const passAfter = this.#markGranted(after, this.#after);
    const check = (id: number): boolean => {
      const had = this.#before[id] === passBefore;
      const has = this.#after[id] === passAfter;
      const expected = had && !this.#marks.isUnused(id);
      if (has === expected) return true;
      const name = this.#expansion.names[id];
      const what = expected ? "is used and was lost" : had ? "is unused and still granted" : "was not granted before";
      report("all-and-only", index, `\`${name}\` ${what}`);
      return false;
    };
    if (before.NotAction !== undefined) {
      this.#expansion.names.every((_, id) => check(id));
      return;
    }
    for (const element of [before.Action, after.Action]) {
      for (const entry of entryList(element)) if (!this.#expansion.expand(lowerAscii(entry)).every(check)) return;
    }
  }

  /** Law 2, and that whatever reaches nothing unused stays as it is spelled. */
  #checkAction(before: Entries, after: Entries, index: number, report: Report): void {
    const old = entryList(before);
    const now = entryList(after);
    checkForm(before, after, now, index, report);
    const spelled = new Set(old);
    const wide = old.map(lowerAscii).filter(isGlob);
    for (const entry of now) {
      if (spelled.has(entry)) continue;
      const folded = lowerAscii(entry);
      if (!wide.some((pattern) => covers(pattern, folded))) {
        report("never-broader", index, `\`${entry}\` is not inside any entry that stood there`);
      }
    }
    let place = 0;
    for (const entry of old) {
      if (this.#marks.reaches(lowerAscii(entry))) continue;
      while (place < now.length && now[place] !== entry) place++;
      if (place === now.length) {
        report("structure", index, `\`${entry}\` matches nothing unused, yet it is gone, respelled or moved`);
        return;
      }
      place++;
    }
  }

  /** Marks what a statement grants with a fresh number, and gives the number. */
  #markGranted(statement: Statement, marks: Uint32Array): number {
    const pass = ++this.#pass;
    if (statement.NotAction === undefined) {
      for (const entry of entryList(statement.Action)) {
        for (const id of this.#expansion.expand(lowerAscii(entry))) marks[id] = pass;
      }
      return pass;
    }
    marks.fill(pass);
    for (const entry of entryList(statement.NotAction)) {
      for (const id of this.#expansion.expand(lowerAscii(entry))) marks[id] = 0;
    }
    return pass;
  }

  #count(statements: readonly Statement[]): GrantCounts {
    const pass = ++this.#pass;
    let before = 0;
    let removed = 0;
    const count = (id: number): void => {
      if (this.#union[id] === pass) return;
      this.#union[id] = pass;
      before++;
      if (this.#marks.isUnused(id)) removed++;
    };
    for (const statement of statements) {
      if (statement.Effect !== "Allow") continue;
      if (statement.NotAction === undefined) {
        for (const entry of entryList(statement.Action)) this.#expansion.expand(lowerAscii(entry)).forEach(count);
      } else {
        const granted = this.#markGranted(statement, this.#before);
        this.#before.forEach((mark, id) => {
          if (mark === granted) count(id);
        });
      }
    }
    return { before, removed, after: before - removed };
  }
}

type Entries = string | readonly string[] | undefined;
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

function checkNotAction(before: Entries, after: Entries, index: number, report: Report): void {
  const old = entryList(before);
  const now = entryList(after);
  checkForm(before, after, now, index, report);
  if (now.length < old.length || old.some((entry, i) => entry !== now[i])) {
    report("never-broader", index, "an entry of NotAction is gone, respelled or moved");
  }
}

/** A string stays a string while one entry is left; everything else is a list. */
function checkForm(before: Entries, after: Entries, now: readonly string[], index: number, report: Report): void {
  const expected = typeof before === "string" && now.length === 1 ? "string" : "list";
  if ((typeof after === "string" ? "string" : "list") !== expected) {
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
  return JSON.stringify(a) === JSON.stringify(b);
}
