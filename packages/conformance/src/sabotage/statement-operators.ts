import type { Statement } from "@leastwise/core";
import { fold, hasWildcard } from "../reference/glob.ts";
import { type Random, pick, shuffled } from "./random.ts";
import { actionsMatching } from "./evidence.ts";
import { type Operator, type Written, editing } from "./operator.ts";
import { elementOf } from "../laws/plainly.ts";
import { type RightResult, entriesIn } from "./right-result.ts";

type Edit = (statement: Statement, random: Random, right: RightResult) => Written | undefined;

/** Everything of a statement but its entries, and what goes wrong there. Each is done to an Allow and to a Deny. */
const ELEMENT_EDITS: readonly (readonly [name: string, edit: Edit])[] = [
  ["Sid is dropped", (statement) => without(statement, "Sid")],
  [
    "Sid is renamed",
    (statement) => (statement.Sid === undefined ? undefined : { ...statement, Sid: `${statement.Sid}2` }),
  ],
  ["Sid is in another case", (statement) => withOther(statement, "Sid", swapCase)],
  ["Sid is added", (statement) => (statement.Sid === undefined ? { Sid: "Refined", ...statement } : undefined)],
  [
    "Resource becomes everything",
    (statement) => withOther(statement, "Resource", (text) => (text === "*" ? text : "*")),
  ],
  [
    "Resource is narrowed",
    (statement) => withOther(statement, "Resource", (text) => `${text.replace(/\*$/, "")}-only`),
  ],
  [
    "Resource ends in a star",
    (statement) => withOther(statement, "Resource", (text) => (text.endsWith("*") ? text : `${text}*`)),
  ],
  ["a resource is lost", (statement) => withOtherList(statement, "Resource", (list) => list.slice(1))],
  [
    "a resource is added",
    (statement) => withOtherList(statement, "Resource", (list) => [...list, "arn:aws:s3:::another"]),
  ],
  ["the resources change places", (statement) => withOtherList(statement, "Resource", (list) => list.toReversed())],
  [
    "one resource as a list or a string, the other than it was",
    ({ Resource, ...rest }) =>
      Resource === undefined
        ? undefined
        : { ...rest, Resource: Array.isArray(Resource) ? (Resource as string[])[0] : [Resource] }, // strings
  ],
  ["Resource becomes NotResource", (statement) => renamed(statement, "Resource", "NotResource")],
  ["NotResource becomes Resource", (statement) => renamed(statement, "NotResource", "Resource")],
  [
    "Action becomes NotAction, or NotAction Action",
    (statement) => {
      const element = elementOf(statement);
      return renamed(statement, element, element === "Action" ? "NotAction" : "Action");
    },
  ],
  ["Resource is dropped", (statement) => without(statement, "Resource")],
  ["Principal is dropped", (statement) => without(statement, "Principal")],
  [
    "Principal becomes everybody",
    (statement) => (statement["Principal"] === undefined ? undefined : { ...statement, Principal: "*" }),
  ],
  [
    "Principal is added",
    (statement) => (statement["Principal"] === undefined ? { ...statement, Principal: "*" } : undefined),
  ],
  ["Condition is dropped", (statement) => without(statement, "Condition")],
  ["Condition is emptied", (statement) => withCondition(statement, () => ({}))],
  [
    "Condition is added",
    (statement) => (statement["Condition"] === undefined ? { ...statement, Condition: {} } : undefined),
  ],
  ["a condition operator is lost", (statement) => withCondition(statement, withoutFirst)],
  [
    "a condition operator is another",
    (statement) => withCondition(statement, (condition) => withFirstKey(condition, (key) => `${key}IfExists`)),
  ],
  ["the condition operators change places", (statement) => withCondition(statement, turned)],
  [
    "a condition operator is added",
    (statement) => withCondition(statement, (condition) => ({ ...condition, Null: { "aws:TokenIssueTime": "true" } })),
  ],
  [
    "a condition key is another",
    (statement) =>
      withCondition(
        statement,
        inFirst((keys) => withFirstKey(keys, (key) => `${key}s`)),
      ),
  ],
  [
    "a condition key is in another case",
    (statement) =>
      withCondition(
        statement,
        inFirst((keys) => withFirstKey(keys, swapCase)),
      ),
  ],
  ["a condition key is lost", (statement) => withCondition(statement, inFirst(withoutFirst))],
  ["the condition keys change places", (statement) => withCondition(statement, inFirst(turned))],
  ["a condition value is another", (statement) => withCondition(statement, inFirst(inFirst(withOtherValue)))],
  ["the condition values change places", (statement) => withCondition(statement, inFirst(inFirst(reversed)))],
  [
    "a condition value as a list or a string, the other than it was",
    (statement) =>
      withCondition(statement, inFirst(inFirst((value) => (Array.isArray(value) ? (value as unknown[])[0] : [value])))), // a list of anything
  ],
  ["an unknown element is added", (statement) => ({ ...statement, Comment: "refined" })],
  ["an unknown element is dropped", (statement) => without(statement, "Note")],
  [
    "an unknown element is touched",
    (statement) => (statement["Note"] === undefined ? undefined : { ...statement, Note: null }),
  ],
  ["the elements change places", (statement) => fromEntries(Object.entries(statement).toReversed())],
];

const ON_ALLOW = ELEMENT_EDITS.map(([name, edit]): Operator => {
  return { name: `${name} in an Allow`, law: "structure", sabotage: editing("Allow", edit) };
});
const ON_DENY = ELEMENT_EDITS.map(([name, edit]): Operator => {
  return { name: `${name} in a Deny`, law: "deny-intact", sabotage: editing("Deny", edit) };
});

/** Statements that are changed where they stand, but for the entries of an Allow. */
export const STATEMENT_OPERATORS: readonly Operator[] = [
  ...ON_ALLOW,
  {
    name: "an Allow becomes a Deny",
    law: "structure",
    sabotage: editing("Allow", (statement) => ({ ...statement, Effect: "Deny" })),
  },
  {
    name: "Effect of an Allow is in another case",
    law: "structure",
    sabotage: editing("Allow", (statement) => ({ ...statement, Effect: "allow" })),
  },
  ...ON_DENY,
  {
    name: "a Deny becomes an Allow",
    law: "deny-intact",
    sabotage: editing("Deny", (statement) => ({ ...statement, Effect: "Allow" })),
  },
  onDenyEntries("an entry of a Deny is lost", (entries) => entries.slice(1)),
  onDenyEntries("a Deny denies more", (entries) => [...entries, "unheard-of:*"]),
  onDenyEntries("an entry of a Deny is respelled in another case", (entries, random) => {
    const place = pick(random, [...entries.keys()]);
    return entries.with(place, swapCase(entries[place]!)); // one of its places
  }),
  onDenyEntries("the entries of a Deny change places", (entries) => entries.toReversed()),
  onDenyEntries("an entry of a Deny stands there twice", (entries) => [...entries, entries[0]!]), // not empty: see onDenyEntries
  onDenyEntries("a pattern of a Deny becomes the names that it matches", (entries, random, right) => {
    const wild = shuffled(random, entries.filter(hasWildcard))[0];
    return entries.flatMap((entry) =>
      entry === wild ? actionsMatching(fold(entry), right.catalog).map(({ text }) => text) : [entry],
    );
  }),
  onDenyEntries("an entry of a Deny stops a character early", (entries) =>
    entries.map((entry) => `${entry.replace(/\*$/, "").slice(0, -1)}*`),
  ),
  {
    name: "a Deny is refined like an Allow",
    law: "deny-intact",
    sabotage: editing("Deny", (statement, _, right) => {
      const left = entriesIn(statement).filter((entry) => !right.reaches(entry));
      return { ...statement, [elementOf(statement)]: left };
    }),
  },
  {
    name: "entries of a Deny as a list or a string, the other than it was",
    law: "deny-intact",
    sabotage: editing("Deny", (statement) => {
      const element = elementOf(statement);
      const entries = entriesIn(statement);
      if (entries.length !== 1) return undefined;
      return { ...statement, [element]: typeof statement[element] === "string" ? entries : entries[0] };
    }),
  },
];

function onDenyEntries(
  name: string,
  edit: (entries: readonly string[], random: Random, right: RightResult) => readonly string[],
): Operator {
  return {
    name,
    law: "deny-intact",
    sabotage: editing("Deny", (statement, random, right) => {
      const entries = entriesIn(statement);
      return entries.length === 0 ? undefined : { ...statement, [elementOf(statement)]: edit(entries, random, right) };
    }),
  };
}

function without(statement: Statement, key: string): Written | undefined {
  if (statement[key] === undefined) return undefined;
  return fromEntries(Object.entries(statement).filter(([other]) => other !== key));
}

function renamed(statement: Statement, from: string, to: string): Written | undefined {
  if (statement[from] === undefined) return undefined;
  return fromEntries(Object.entries(statement).map(([key, value]) => [key === from ? to : key, value]));
}

/** The first of the element's texts replaced. */
function withOther(statement: Statement, key: string, edit: (text: string) => string): Written | undefined {
  const value = statement[key];
  if (typeof value === "string") return { ...statement, [key]: edit(value) };
  return withOtherList(statement, key, ([first, ...rest]) => [...(first === undefined ? [] : [edit(first)]), ...rest]);
}

function withOtherList(
  statement: Statement,
  key: string,
  edit: (list: readonly string[]) => readonly string[],
): Written | undefined {
  const value = statement[key];
  return Array.isArray(value) ? { ...statement, [key]: edit(value as readonly string[]) } : undefined; // texts, as IAM has it
}

type Fields = Readonly<Record<string, unknown>>;

function withCondition(statement: Statement, edit: (condition: Fields) => unknown): Written | undefined {
  const condition = statement["Condition"];
  return isFields(condition) ? { ...statement, Condition: edit(condition) } : undefined;
}

/** Edits the value of the first key, where there is one that `edit` can read. */
function inFirst(edit: (value: unknown) => unknown): (fields: unknown) => unknown {
  return (fields) => {
    if (!isFields(fields)) return fields;
    return fromEntries(Object.entries(fields).map(([key, value], i) => [key, i === 0 ? edit(value) : value]));
  };
}

function withFirstKey(fields: unknown, edit: (key: string) => string): unknown {
  if (!isFields(fields)) return fields;
  return fromEntries(Object.entries(fields).map(([key, value], i) => [i === 0 ? edit(key) : key, value]));
}

function withoutFirst(fields: unknown): unknown {
  return isFields(fields) ? fromEntries(Object.entries(fields).slice(1)) : fields;
}

function turned(fields: unknown): unknown {
  return isFields(fields) ? fromEntries(Object.entries(fields).toReversed()) : fields;
}

function reversed(value: unknown): unknown {
  return Array.isArray(value) ? (value as readonly unknown[]).toReversed() : value; // a list of anything
}

function withOtherValue(value: unknown): unknown {
  if (Array.isArray(value)) return (value as readonly unknown[]).map(withOtherValue); // as above
  return typeof value === "string" ? `${value}*` : !value;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fromEntries(entries: Iterable<readonly [string, unknown]>): Record<string, unknown> {
  return Object.fromEntries(entries);
}

function swapCase(text: string): string {
  return text.replace(/[A-Za-z]/, (letter) => (letter === fold(letter) ? letter.toUpperCase() : fold(letter)));
}
