import type { Statement } from "@leastwise/core";
import { elementOf, mayChange, statementsOf } from "../laws/plainly.ts";
import { reference } from "../reference/refine.ts";
import { type Operator, type Planted, isOther, withStatements } from "./operator.ts";
import { type Random, shuffled } from "./random.ts";
import { type Pair, type RightResult, entriesIn } from "./right-result.ts";

/** What goes wrong with statements that are kept for their Sids' sake, and with those that are not. */
export const KEPT_OPERATORS: readonly Operator[] = [
  {
    name: "a kept statement is refined like any other",
    law: "structure",
    sabotage: onKept((statement, right) => {
      const { question } = right;
      const options = { ...question.options, keptSids: [] };
      return statementsOf(reference.refine({ ...question, options, policy: { Statement: statement } }).policy);
    }),
  },
  {
    name: "a kept statement loses an entry",
    law: "structure",
    sabotage: onKept((statement) => {
      const entries = entriesIn(statement);
      return entries.length < 2 ? [statement] : [{ ...statement, [elementOf(statement)]: entries.slice(1) }];
    }),
  },
  {
    name: "a kept statement has its one entry in another form",
    law: "structure",
    sabotage: onKept((statement) => {
      const element = elementOf(statement);
      const entries = entriesIn(statement);
      if (entries.length !== 1) return [statement];
      return [{ ...statement, [element]: typeof statement[element] === "string" ? entries : entries[0]! }]; // the one
    }),
  },
  {
    name: "a kept statement stands there twice",
    law: "structure",
    sabotage: onKept((statement) => [statement, statement]),
  },
  {
    name: "a kept statement goes",
    law: "structure",
    sabotage: onKept(() => []),
  },
  {
    name: "a statement with a Sid is left as if that kept it",
    law: "all-and-only",
    sabotage: (right, random) =>
      refinedOnes(right, random).map(({ place, before }) => withStatements(right, place, before)),
  },
  {
    name: "claimed with a Sid more to be kept",
    law: "structure",
    sabotage: (right, random) =>
      refinedOnes(right, random).map(({ before: { Sid } }) =>
        claimedWith(right, [...right.question.options.keptSids, Sid ?? ""]),
      ),
  },
  {
    name: "claimed with no Sid to be kept",
    law: "all-and-only",
    sabotage: (right) => (right.question.options.keptSids.length === 0 ? [] : [claimedWith(right, [])]),
  },
];

/** Other statements in the place of each kept one, in an order drawn. */
function onKept(edit: (statement: Statement, right: RightResult) => readonly Statement[]): Operator["sabotage"] {
  return function* (right, random) {
    const kept = right.pairs.filter(
      ({ before }) => before.Effect === "Allow" && !mayChange(before, right.question.options),
    );
    for (const { place, before } of shuffled(random, kept)) {
      const instead = edit(before, right);
      if (isOther(instead, [before])) yield withStatements(right, place, ...instead);
    }
  };
}

/** Statements with a Sid that change or go, in an order drawn. */
function refinedOnes(right: RightResult, random: Random): Pair[] {
  return shuffled(
    random,
    right.pairs.filter(({ before, after }) => before.Sid !== undefined && before !== after),
  );
}

function claimedWith({ after, recommendedAction }: RightResult, keptSids: readonly string[]): Planted {
  return { after, recommendedAction, keptSids };
}
