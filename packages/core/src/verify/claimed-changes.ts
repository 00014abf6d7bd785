import type { Change } from "../refine/policy.ts";
import type { LeftStatement, Report } from "./claim.ts";
import type { Entry } from "./expansion.ts";
import { covers, lowerAscii } from "./glob.ts";
import type { ReadStatement } from "./reading.ts";
import type { UnusedMarks } from "./unused-marks.ts";

/** What is said to have changed, in the order in which it is said. Checked by doing it to the old entries. */
export class ClaimedChanges {
  readonly #changes: readonly Change[];
  readonly #unused: UnusedMarks;
  #next = 0;

  constructor(changes: readonly Change[], unused: UnusedMarks) {
    this.#changes = changes;
    this.#unused = unused;
  }

  /** @param now what is left of the statement; null where it goes */
  check(old: ReadStatement, now: LeftStatement | null, index: number, report: Report): void {
    const left = now?.entries ?? (old.isNot ? old.entries : []);
    let place = 0;
    let leadsThere = true;
    const expect = (text: string): Entry | undefined => {
      const found = left[place++];
      if (found?.spelled === text) return found;
      leadsThere = false;
      return undefined;
    };
    for (const entry of old.entries) {
      const change = old.isNot ? undefined : this.#take(index, "Action", entry.spelled);
      if (change === undefined) expect(entry.spelled);
      else {
        let standsFor = this.#unused.fateOf(entry) !== "stays";
        for (const text of change.replacedBy) {
          const folded = expect(text)?.folded ?? lowerAscii(text);
          standsFor &&= covers(entry.folded, folded);
        }
        if (!standsFor) report("changes", index, `what is said to stand for \`${entry.spelled}\` does not`);
      }
    }
    const appended = old.isNot ? this.#take(index, "NotAction", null) : undefined;
    for (const text of appended?.replacedBy ?? []) expect(text);
    const isTold = !old.isNot || (appended !== undefined) === (now === null || !now.isSame);
    if (!isTold || !leadsThere || left.length !== place) {
      report("changes", index, "what is said to have changed does not lead to what is left");
    }
  }

  checkEnd(report: Report): void {
    const left = this.#changes.length - this.#next;
    if (left > 0) report("changes", null, `${left} of the changes are of entries that have not changed`);
  }

  #take(statement: number, element: Change["element"], entry: string | null): Change | undefined {
    const change = this.#changes[this.#next];
    if (change?.statement !== statement || change.element !== element || change.entry !== entry) return undefined;
    this.#next++;
    return change;
  }
}
