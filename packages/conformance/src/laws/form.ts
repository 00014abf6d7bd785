import type { PolicyDocument, Statement } from "@leastwise/core";
import { holds } from "./fitting.ts";
import { type HeardStatement, type Hearing, alone } from "./hearing.ts";
import { entriesOf, fold, mayChange, reachesUnused, statementsOf } from "./plainly.ts";

/** Laws 3 and 4: everything that SEMANTICS 4 fixes, and the order and the spelling of 2.5. */

/** Law 3, structure: elements, statements and entries stay as they are, in their order and their form; only entries change. */
export function structure(hearing: Hearing): string | null {
  const { answer, asked, statements } = hearing;
  const before = asked.policy;
  const after = answer.policy;
  const left = statements.map((statement) => statement.after).filter((statement) => statement !== null);
  if (textOf(statementsOf(after)) !== textOf(left)) return "a statement depends on what stands beside it";
  if (answer.recommendedAction === "NONE") {
    if (after !== before) return "NONE, and another document";
  } else if (answer.recommendedAction === "DETACH_POLICY") {
    if (after !== null) return "DETACH_POLICY, and a document";
    if (statementsOf(before).length === 0) return "a policy without statements is not to be detached";
  } else {
    if (after === null) return "CREATE_POLICY, and no document";
    if (left.length === 0) return "a policy without statements is created";
    if (textOf(after) === textOf(before)) return "CREATE_POLICY, and the same document";
  }
  if (after === null) return null;
  return frame(before, after) ?? firstOf(statements, (statement) => statementForm(statement, hearing));
}

/** Law 4: what does not allow is deeply equal, and in its place among its own. */
export function denyIntact({ asked, answer }: Hearing): string | null {
  const before = statementsOf(asked.policy).filter(({ Effect }) => Effect !== "Allow");
  const after = statementsOf(answer.policy).filter(({ Effect }) => Effect !== "Allow");
  return textOf(before) === textOf(after) ? null : `what does not allow has become ${textOf(after)}`;
}

function frame(before: PolicyDocument, after: PolicyDocument): string | null {
  if (Array.isArray(before.Statement) !== Array.isArray(after.Statement)) return "Statement has another form";
  if (textOf({ ...before, Statement: 0 }) !== textOf({ ...after, Statement: 0 }))
    return "something outside the statements has changed";
  return null;
}

function statementForm({ before, after, entries }: HeardStatement, { refiner, asked }: Hearing): string | null {
  const isFree = mayChange(before, asked.options);
  if (after === null) return isFree ? null : "a statement that does not allow, or that its Sid keeps, has gone";
  if (after === before) return null;
  if (before.Effect === "Allow" && !isFree) return "a statement that its Sid keeps has changed";
  const element = before.NotAction === undefined ? "Action" : "NotAction";
  if (textOf({ ...before, [element]: 0 }) !== textOf({ ...after, [element]: 0 }))
    return `something other than ${element} has changed, or its place`;
  const now = entriesOf(after[element]);
  const form = typeof before[element] === "string" && now.length === 1 ? "string" : "object";
  if (typeof after[element] !== form) return `${element} is a ${typeof after[element]}`;
  if (element === "NotAction") return appendedOnly(before, now);
  const untouched = entries.find(({ entry, becomes }) => (becomes === "kept") === reachesUnused(entry, asked.unused));
  if (untouched !== undefined)
    return `\`${untouched.entry}\` is kept though it reaches something unused, or the reverse`;
  const expected =
    asked.options.fit === undefined ? assembled(entries) : placed(entries, now, { before, refiner, asked });
  if (textOf(now) !== textOf(expected)) return `the entries by themselves become ${textOf(expected)}`;
  return firstOf(entries, ({ entry, becomes }) => (becomes === "kept" ? null : generatedForm(entry, becomes)));
}

function appendedOnly(before: Statement, now: readonly string[]): string | null {
  const old = entriesOf(before.NotAction);
  if (textOf(now.slice(0, old.length)) !== textOf(old)) return "an entry of NotAction is gone, respelled or moved";
  return generatedForm("NotAction", now.slice(old.length));
}

/** SEMANTICS 2.5: what stays in its place, and what is generated in its entry's place unless it stands there already. */
function assembled(entries: HeardStatement["entries"]): string[] {
  const said = new Set(entries.filter(({ becomes }) => becomes === "kept").map(({ entry }) => fold(entry)));
  const list: string[] = [];
  for (const { entry, becomes } of entries) {
    if (becomes === "kept") list.push(entry);
    else {
      const fresh = becomes.filter((generated) => !said.has(fold(generated)));
      list.push(...fresh);
      for (const generated of fresh) said.add(fold(generated));
    }
  }
  return list;
}

/**
 * SEMANTICS 9: what was generated in the place of the first entry that it lies inside, sorted; or, to the letter, the form of word
 * prefixes.
 */
function placed(
  entries: HeardStatement["entries"],
  now: readonly string[],
  { before, refiner, asked }: { readonly before: Statement } & Pick<Hearing, "refiner" | "asked">,
): readonly string[] {
  const { fit: _, ...options } = asked.options;
  const inPrefixes = entriesOf(alone(refiner, { ...asked, options }, before)?.Action);
  if (textOf(inPrefixes) === textOf(now)) return now;
  const kept = new Set(entries.filter(({ becomes }) => becomes === "kept").map(({ entry }) => entry));
  const left = new Set(now.filter((text) => !kept.has(text)));
  return entries.flatMap(({ entry, becomes }) => {
    if (becomes === "kept") return [entry];
    if (becomes.length === 0) return []; // nothing of it is left, so nothing stands for it
    const inside = [...left].filter((text) => holds(fold(entry), fold(text)));
    for (const text of inside) left.delete(text);
    return inside.sort((a, b) => (fold(a) < fold(b) ? -1 : 1));
  });
}

/** Sorted by folded text, each once, and never with a wildcard in the service. */
function generatedForm(entry: string, generated: readonly string[]): string | null {
  const folded = generated.map(fold);
  // i - 1 is inside
  if (folded.some((text, i) => i > 0 && text <= folded[i - 1]!))
    return `${entry}: ${generated.join(", ")} is not sorted`;
  const wild = folded.find((text) => /[*?]/.test(text) && !/^[^*?:]*:/.test(text));
  return wild === undefined ? null : `${entry}: a wildcard in the service of ${wild}`;
}

function firstOf<T>(list: readonly T[], check: (item: T) => string | null): string | null {
  for (const item of list) {
    const broken = check(item);
    if (broken !== null) return broken;
  }
  return null;
}

/** Equal texts: equal values with their keys in the same order. */
function textOf(value: unknown): string {
  return JSON.stringify(value);
}
