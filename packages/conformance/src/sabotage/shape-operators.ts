import { type Operator, type Written, changed, editingEntries, standing, withStatements } from "./operator.ts";
import { elementOf } from "../laws/plainly.ts";
import { entriesIn } from "./right-result.ts";

/** Answers that are no policies. Types forbid them; a refiner in another language, or a broken one, does not know the types. */
export const SHAPE_OPERATORS: readonly Operator[] = [
  inPlaceOfStatement("a statement is null", () => null),
  inPlaceOfStatement("a statement is a string", () => "Allow"),
  inPlaceOfStatement("a statement is a number", () => 1),
  inPlaceOfStatement("a statement is a list", (statement) => [statement]),
  inPlaceOfStatement("a statement is empty", () => ({})),
  inPlaceOfElement("the entries are null", () => null),
  inPlaceOfElement("the entries are a number", () => 7),
  inPlaceOfElement("the entries are true", () => true),
  inPlaceOfElement("the entries are an object that reads like the list", (entries) => Object.assign({}, entries)),
  inPlaceOfElement("the entries are a list in a list", (entries) => [entries]),
  inPlaceOfEntry("an entry is null", () => null),
  inPlaceOfEntry("an entry is a number", () => 7),
  inPlaceOfEntry("an entry is an object", (entry) => ({ entry })),
  inPlaceOfEntry("an entry is a list", (entry) => [entry]),
  {
    name: "a list with a name in it beside the entries",
    law: "structure",
    sabotage: editingEntries("Action", function* ({ now }) {
      // not ASCII: a case folding that falls back to going through the characters may take the list for a string
      yield [...now, ["s3:Gr\u00f6\u00dfe"] as unknown as string]; // ill-formed on purpose, here and below
      const [first] = now;
      if (first !== undefined) yield [...now, [`${first.replaceAll("*", "")}\u00f6`] as unknown as string]; // as above
    }),
  },
  documentAs("Statement is null", (after) => ({ ...after, Statement: null })),
  documentAs("Statement is a string", (after) => ({ ...after, Statement: "Allow" })),
  documentAs("Statement is missing", (after) =>
    Object.fromEntries(Object.entries(after).filter(([key]) => key !== "Statement")),
  ),
  documentAs("the document is a list", (after) => [after]),
  documentAs("the document is a string", (after) => JSON.stringify(after)),
  documentAs("the document is empty", () => ({})),
];

function inPlaceOfStatement(name: string, write: (statement: Readonly<Record<string, unknown>>) => Written): Operator {
  return {
    name,
    law: "structure",
    sabotage: function* (right, random) {
      for (const { place, after } of standing(right, random, "Allow")) yield withStatements(right, place, write(after));
    },
  };
}

function inPlaceOfElement(name: string, write: (entries: readonly string[]) => unknown): Operator {
  return {
    name,
    law: "structure",
    sabotage: function* (right, random) {
      for (const { place, after } of standing(right, random, "Allow")) {
        const element = elementOf(after);
        const entries = entriesIn(after);
        if (entries.length > 0) yield withStatements(right, place, { ...after, [element]: write(entries) });
      }
    },
  };
}

function inPlaceOfEntry(name: string, write: (entry: string) => unknown): Operator {
  return inPlaceOfElement(name, ([first, ...rest]) => [write(first!), ...rest]); // not empty: see inPlaceOfElement
}

function documentAs(name: string, write: (after: Readonly<Record<string, unknown>>) => unknown): Operator {
  return { name, law: "structure", sabotage: ({ after }) => (after === null ? [] : [changed(write(after))]) };
}
