import type { Statement } from "../policy/document.ts";
import type { RecommendedAction } from "../refine/policy.ts";
import type { Claim, LeftStatement, Report } from "./claim.ts";
import { type ReadStatement, listOf } from "./reading.ts";

const ACTIONS: ReadonlySet<string> = new Set<RecommendedAction>(["CREATE_POLICY", "DETACH_POLICY", "NONE"]);

/** What surrounds the statements, and that the recommended action fits the document. */
export function checkFrame(claim: Claim, report: Report): void {
  const { before, after, recommendedAction } = claim;
  if (!ACTIONS.has(recommendedAction)) report("structure", null, `\`${recommendedAction}\` is no recommended action`);
  if ((recommendedAction === "DETACH_POLICY") !== (after === null)) {
    report("structure", null, `${recommendedAction} does not go with ${after === null ? "no document" : "a document"}`);
  }
  if (after === null) {
    if (listOf(before.Statement).length === 0)
      report("structure", null, "a policy that had no statement is not to be detached");
    return;
  }
  const keys = Object.keys(before);
  if (keys.join("\n") !== Object.keys(after).join("\n")) {
    report("structure", null, "the document has other elements, or in another order");
  } else if (keys.some((key) => key !== "Statement" && !isSame(before[key], after[key]))) {
    report("structure", null, "something outside the statements has changed");
  }
  if (Array.isArray(before.Statement) !== Array.isArray(after.Statement)) {
    report("structure", null, "a single statement has become a list, or a list a single statement");
  }
  if ((recommendedAction === "NONE") !== isSame(before, after)) {
    const what = recommendedAction === "NONE" ? "NONE, yet the document has changed" : "nothing has changed";
    report("structure", null, what);
  }
  if (recommendedAction !== "NONE" && listOf(after.Statement).length === 0) {
    report("structure", null, "a policy without statements is to be detached");
  }
}

/** Whether a value can be read as a statement at all: what is proposed may be anything. */
export function isStatement(value: unknown): value is Statement {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const { Action, NotAction } = value as Readonly<Record<string, unknown>>;
  return [Action, NotAction].every((element) => {
    if (Array.isArray(element)) return element.every((entry) => typeof entry === "string");
    return element === undefined || typeof element === "string";
  });
}

/** A string stays a string while one entry is left; everything else is a list. */
export function checkForm(old: ReadStatement, now: LeftStatement, index: number, report: Report): void {
  const element = old.isNot ? "NotAction" : "Action";
  const expected = typeof old.statement[element] === "string" && now.entries.length === 1 ? "string" : "list";
  if ((typeof now.statement[element] === "string" ? "string" : "list") !== expected) {
    report("structure", index, `the entries are to stand as a ${expected}`);
  }
}

/** Equal values with their keys in the same order. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!isSame(a[i], b[i])) return false;
    return true;
  }
  const left = Object.keys(a);
  const right = Object.keys(b);
  return (
    left.length === right.length && left.every((key, i) => key === right[i] && isSame(valueOf(a, key), valueOf(b, key)))
  );
}

function valueOf(object: object, key: string): unknown {
  return (object as Readonly<Record<string, unknown>>)[key]; // one of its own keys
}
