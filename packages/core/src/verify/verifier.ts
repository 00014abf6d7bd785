import type { IntervalSet } from "../interval/interval-set.ts";
import type { PolicyDocument, Statement } from "../policy/document.ts";
import type { Fit } from "../refine/options.ts";
import type { Unused } from "../unused/unused.ts";
import type { Claim, Law, LeftStatement, Report, Verdict, Violation } from "./claim.ts";
import { ClaimedChanges } from "./claimed-changes.ts";
import { type Entry, Expansion } from "./expansion.ts";
import { checkForm, checkFrame, isSame, isStatement } from "./frame.ts";
import { covers, lowerAscii } from "./glob.ts";
import { DocumentReader, type ReadStatement, entryList, listOf, mark, spellingsOf } from "./reading.ts";
import { UnusedMarks } from "./unused-marks.ts";
import { WrittenForms } from "./written-forms.ts";

/** What a document grants before, what is removed of it, and what is left: ids of the catalog as runs `[lo, hi)`. */
export interface Granted {
  readonly before: IntervalSet;
  readonly removed: IntervalSet;
  readonly after: IntervalSet;
}

/**
 * Checks refinements against laws 1-4 by expanding both documents with a matcher of its own. It imports nothing of the refiner,
 * the patterns or the trie but types; with them it shares only where an entry's spelling is remembered (`spelling/`), not what it means.
 *
 * Holds an index of the catalog (a few MB for all of AWS) and remembers expansions, and documents as long as their objects live;
 * make one a thread. Not safe to share.
 */
export class Verifier {
  readonly #expansion: Expansion;
  readonly #documents: DocumentReader;
  readonly #unused: UnusedMarks;
  readonly #actions: readonly string[];
  /** Made when somebody asks, since most results have nothing for it to look at. */
  #forms: WrittenForms | undefined;
  /** Per action: the number of the pass that marked it last, so that nothing needs clearing. */
  readonly #before: Uint32Array;
  readonly #after: Uint32Array;
  readonly #kept: Uint32Array;
  #pass = 0;

  /** @param actions every `service:Name` of the catalog, each once (case ignored) */
  constructor(actions: readonly string[]) {
    this.#actions = actions;
    this.#expansion = new Expansion(actions);
    this.#documents = new DocumentReader(this.#expansion);
    this.#unused = new UnusedMarks(this.#expansion);
    this.#before = new Uint32Array(actions.length);
    this.#after = new Uint32Array(actions.length);
    this.#kept = new Uint32Array(actions.length);
  }

  /**
   * No violations: the claim holds. Whatever is claimed is judged; the document before and U must be what the edge has checked.
   *
   * O(entries + actions they match), plus generated × wildcard entries for law 2.
   *
   * @throws TypeError for a document before or a U that is none
   */
  verify(claim: Claim): Verdict {
    this.#unused.read(claim.unused);
    const violations: Violation[] = [];
    const untold: Violation[] = []; // said after the laws, which weigh more
    const report = (law: Law, statement: number | null, message: string): void => {
      (law === "changes" ? untold : violations).push({ law, statement, message });
    };
    checkFrame(claim, report);
    const { statements, granted } = this.#documents.read(claim.before);
    const keptSids = claim.keptSids ?? [];
    const after = claim.after === null ? [] : listOf(claim.after.Statement);
    const told = claim.changes === undefined ? undefined : new ClaimedChanges(claim.changes, this.#unused);
    let next = 0;
    let changed = false;
    statements.forEach((old, index) => {
      const kept = isKept(old, keptSids);
      if (!kept && this.#goes(old)) {
        changed = true; // every entry reaches something unused and has nothing else: nothing can be lost with it
        told?.check(old, null, index, report);
        return;
      }
      const counterpart = after[next++];
      if (counterpart === undefined) {
        report(old.allows ? "all-and-only" : "deny-intact", index, "the statement is missing");
      } else if (!old.allows) {
        if (!isSame(old.statement, counterpart))
          report("deny-intact", index, "a statement that does not allow has changed");
      } else if (kept) {
        // no change is taken as told of it, so that one that is told is left over at the end
        if (!isSame(old.statement, counterpart))
          report("structure", index, "the statement is kept for its Sid's sake, yet it has changed");
      } else if (!isStatement(counterpart)) {
        changed = true;
        report("structure", index, "what is left is no statement, or its entries are no strings");
      } else {
        const now = this.#readBeside(old, counterpart);
        changed ||= !now.isSame;
        this.#checkStatement(old, now, index, claim.fit, report);
        told?.check(old, now, index, report);
      }
    });
    told?.checkEnd(report);
    if (next < after.length) report("structure", null, `${after.length - next} more statements than there should be`);
    if (changed === (claim.recommendedAction === "NONE")) {
      const what = changed ? "NONE, yet something changes" : `${claim.recommendedAction}, yet nothing changes`;
      report("structure", null, what);
    }
    const isRemoved = this.#removal(statements, keptSids);
    let removed = 0;
    for (let i = 0; i < granted.length; i++) if (isRemoved(granted[i]!)) removed++; // i is inside
    violations.push(...untold);
    return { violations, grants: { before: granted.length, removed, after: granted.length - removed } };
  }

  /**
   * The same in actions. By law 1, which `verify` checks, what is left is what was granted without what is unused, and whatever kept
   * statements grant. O(actions granted).
   */
  granted(before: PolicyDocument, unused: Unused, keptSids: readonly string[] = []): Granted {
    this.#unused.read(unused);
    const runs = { before: new Runs(), removed: new Runs(), after: new Runs() };
    const { statements, granted } = this.#documents.read(before);
    const isRemoved = this.#removal(statements, keptSids);
    for (let i = 0; i < granted.length; i++) {
      const id = granted[i]!; // i is inside
      runs.before.add(id);
      (isRemoved(id) ? runs.removed : runs.after).add(id);
    }
    return { before: runs.before.bounds, removed: runs.removed.bounds, after: runs.after.bounds };
  }

  /** Entries of Allow statements, of `NotAction` too, that name an action which the catalog lacks. O(entries). */
  unknownActions(document: PolicyDocument): readonly { readonly statement: number; readonly entry: string }[] {
    return this.#documents
      .read(document)
      .statements.flatMap(({ entries }, statement) =>
        entries
          .filter(({ isGlob, ids }) => !isGlob && ids.length === 0)
          .map(({ spelled }) => ({ statement, entry: spelled })),
      );
  }

  /** Which of the granted actions go: those that are unused and that no kept statement grants. Right until it is asked for again. */
  #removal(statements: readonly ReadStatement[], keptSids: readonly string[]): (id: number) => boolean {
    const kept = statements.filter((statement) => isKept(statement, keptSids));
    if (kept.length === 0) return (id) => this.#unused.isUnused(id);
    const pass = ++this.#pass;
    for (const id of this.#documents.grantedBy(kept)) this.#kept[id] = pass;
    return (id) => this.#unused.isUnused(id) && this.#kept[id] !== pass;
  }

  /** Whether nothing of an Allow statement is to stay. */
  #goes(old: ReadStatement): boolean {
    if (!old.allows) return false;
    if (!old.isNot)
      return old.entries.length > 0 && old.entries.every((entry) => this.#unused.fateOf(entry) === "goes");
    const pass = this.#mark(old, this.#before);
    const granted = this.#expansion.all.filter((id) => this.#before[id] === pass);
    return granted.length > 0 && this.#unused.areAllUnused(granted);
  }

  /**
   * The statement that should be what is left of another. Entries that stay are in their old order, so most are found by a look at
   * the next old one that stays.
   */
  #readBeside(old: ReadStatement, statement: Statement): LeftStatement {
    const texts =
      statement === old.statement ? undefined : entryList(old.isNot ? statement.NotAction : statement.Action);
    if (texts === undefined) return { statement, isNot: old.isNot, entries: old.entries, fresh: [], isSame: true };
    const fresh: Entry[] = [];
    let place = 0;
    let isUnmoved = texts.length === old.entries.length;
    const entries = texts.map((text, i) => {
      for (let next = old.entries[place]; next !== undefined; next = old.entries[++place]) {
        if (next.spelled === text) {
          isUnmoved &&= place === i;
          place++;
          return next;
        }
        if (this.#unused.fateOf(next) === "stays") break;
      }
      isUnmoved = false;
      const entry = this.#expansion.entry(text, fresh[fresh.length - 1]);
      fresh.push(entry);
      return entry;
    });
    return { statement, isNot: old.isNot, entries, fresh, isSame: isUnmoved };
  }

  #checkStatement(old: ReadStatement, now: LeftStatement, index: number, fit: Fit | undefined, report: Report): void {
    const before = old.statement;
    const after = now.statement;
    const keys = Object.keys(before);
    if (keys.join("\n") !== Object.keys(after).join("\n")) {
      report("structure", index, "the statement has other elements, or in another order");
      return;
    }
    const element = old.isNot ? "NotAction" : "Action";
    if (keys.some((key) => key !== element && !isSame(before[key], after[key]))) {
      report("structure", index, "something other than the entries has changed");
      return;
    }
    checkForm(old, now, index, report);
    if (now.isSame && !old.isNot) {
      this.#checkNothingUnused(old, index, report);
      return;
    }
    if (old.isNot) this.#checkNotAction(old, now, index, fit, report);
    else this.#checkEntries(old, now, index, fit, report);
    this.#checkGranted(old, now, index, report);
  }

  /** What laws 1 and 2 come to where every entry is as it was. */
  #checkNothingUnused(old: ReadStatement, index: number, report: Report): void {
    const entry = old.entries.find((candidate) => this.#unused.fateOf(candidate) !== "stays");
    if (entry !== undefined) report("all-and-only", index, `\`${entry.spelled}\` still matches something unused`);
  }

  /** Law 1, action by action. */
  #checkGranted(old: ReadStatement, now: LeftStatement, index: number, report: Report): void {
    const passBefore = this.#mark(old, this.#before);
    const passAfter = this.#mark(now, this.#after);
    const isRight = (id: number): boolean => {
      const had = this.#before[id] === passBefore;
      const has = this.#after[id] === passAfter;
      const expected = had && !this.#unused.isUnused(id);
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
    const beyond = old.isNot ? undefined : now.entries.find((entry) => this.#unused.reachesBeyondCatalog(entry));
    if (beyond !== undefined) report("all-and-only", index, `\`${beyond.spelled}\` still matches something unused`);
  }

  /**
   * Law 2 for NotAction: what it leaves out, it still leaves out; and that what is added leaves out something unused, each entry
   * only once. Where nothing is unused, nothing is added (SEMANTICS 3).
   */
  #checkNotAction(old: ReadStatement, now: LeftStatement, index: number, fit: Fit | undefined, report: Report): void {
    if (old.entries.some(({ spelled }, i) => spelled !== now.entries[i]?.spelled)) {
      report("never-broader", index, "an entry of NotAction is gone, respelled or moved");
      return;
    }
    const pass = this.#mark(old, this.#before);
    const once = new Set(old.entries.map(({ folded }) => folded));
    for (const entry of now.entries.slice(old.entries.length)) {
      const { spelled, folded, ids } = entry;
      const wrong = this.#writtenForms().ofNotAction(entry, fit);
      if (wrong !== null) report("structure", index, `\`${spelled}\` ${wrong}`);
      if (!ids.some((id) => this.#before[id] === pass && this.#unused.isUnused(id))) {
        report("all-and-only", index, `\`${spelled}\` takes away nothing that is unused`);
      }
      if (once.has(folded)) report("structure", index, `\`${spelled}\` stands there already`);
      once.add(folded);
    }
  }

  /**
   * Law 2, and that whatever reaches nothing unused stays as it is spelled, in its order, nothing stands there twice, and what was
   * generated names actions of one service that the catalog has (SEMANTICS 2.4 and 2.5).
   */
  #checkEntries(old: ReadStatement, now: LeftStatement, index: number, fit: Fit | undefined, report: Report): void {
    const stays = old.entries.filter((entry) => this.#unused.fateOf(entry) === "stays");
    if (stays.length === old.entries.length) {
      report("structure", index, "nothing of the statement is unused, yet its entries have changed");
    }
    const generated = now.fresh.filter(({ spelled }) => !spellingsOf(old).has(spelled));
    const wide = generated.length === 0 ? NO_GLOBS : globsByService(old.entries);
    const once = new Set(generated.length === 0 ? [] : stays.map(({ folded }) => folded));
    const areRising = once.size === 0 && areInOrder(generated); // so each stands there once
    for (const entry of generated) {
      const { spelled: text, folded, service, ids } = entry;
      const isInside = (pattern: string): boolean => covers(pattern, folded);
      const ofService = wide.get(service)?.some(isInside) === true;
      if (!ofService && wide.get(undefined)?.some(isInside) !== true) {
        report("never-broader", index, `\`${text}\` is not inside any entry that stood there`);
      }
      if (!areRising) {
        if (once.has(folded)) report("structure", index, `\`${text}\` stands there already`);
        once.add(folded);
      }
      if (ids.length === 0 || service === undefined) {
        report("structure", index, `\`${text}\` was generated, yet names no service or no action of the catalog`);
      } else if (entry.isGlob) {
        const wrong = this.#writtenForms().ofAction(entry, fit, old.entries);
        if (wrong !== null) report("structure", index, `\`${text}\` ${wrong}`);
      }
    }
    let place = 0;
    for (const entry of stays) {
      while (place < now.entries.length && now.entries[place]?.spelled !== entry.spelled) place++;
      if (place === now.entries.length) {
        report("structure", index, `\`${entry.spelled}\` matches nothing unused, yet it is gone, respelled or moved`);
        return;
      }
      place++;
    }
    if (now.entries.length - generated.length > stays.length) {
      report("structure", index, "an entry stands there more often than it should");
    }
  }

  #writtenForms(): WrittenForms {
    return (this.#forms ??= new WrittenForms(
      this.#expansion,
      new Map(this.#actions.map((action) => [lowerAscii(action), action])),
    ));
  }

  /** Marks what a statement grants with a fresh number, and gives the number. */
  #mark({ isNot, entries }: Pick<ReadStatement, "isNot" | "entries">, marks: Uint32Array): number {
    const pass = ++this.#pass;
    if (isNot) marks.fill(pass);
    mark(marks, entries, isNot ? 0 : pass);
    return pass;
  }
}

/** Whether a statement is to be left exactly as it is, for its Sid's sake. One that does not allow is left in any case. */
function isKept({ allows, statement: { Sid } }: ReadStatement, keptSids: readonly string[]): boolean {
  return allows && typeof Sid === "string" && keptSids.some((start) => Sid.slice(0, start.length) === start);
}

/** Whether the folded texts rise strictly. */
function areInOrder(entries: readonly Entry[]): boolean {
  for (let i = 1; i < entries.length; i++) if (entries[i - 1]!.folded >= entries[i]!.folded) return false; // i is inside
  return true;
}

const NO_GLOBS: ReadonlyMap<string | undefined, readonly string[]> = new Map();

/** Folded patterns by their service part; those with a wildcard in it, which may match any service, under undefined. */
function globsByService(entries: readonly Entry[]): ReadonlyMap<string | undefined, readonly string[]> {
  const groups = new Map<string | undefined, string[]>();
  for (const { folded, isGlob, service } of entries) {
    if (!isGlob) continue;
    const group = groups.get(service);
    if (group === undefined) groups.set(service, [folded]);
    else group.push(folded);
  }
  return groups;
}

/** Ids that ascend, collected as runs. */
class Runs {
  readonly bounds: number[] = [];

  add(id: number): void {
    const last = this.bounds.length - 1;
    if (last > 0 && this.bounds[last] === id) this.bounds[last] = id + 1;
    else this.bounds.push(id, id + 1);
  }
}
