import type { PolicyDocument, Statement } from "@leastwise/core";
import * as fc from "fast-check";
import { oneIn, rarely } from "./chance.ts";
import { type EntryRecipe, entryOf, entryRecipes } from "./entry.ts";
import { SIDS, at } from "./words.ts";

const anyPlace = fc.nat({ max: 999 });

interface StatementRecipe {
  readonly entries: readonly EntryRecipe[];
  readonly isString: boolean;
  readonly isDeny: boolean;
  readonly isNotAction: boolean;
  readonly sid: number | null;
  readonly condition: number | null;
  readonly hasNotResource: boolean;
  /** How far the elements are turned round. */
  readonly turn: number;
}

/** Numbers that stand for a policy over whatever catalog there is. */
export interface PolicyRecipe {
  readonly statements: readonly StatementRecipe[];
  readonly isSingle: boolean;
  readonly version: number | null;
  readonly hasId: boolean;
  readonly turn: number;
}

const statementRecipes: fc.Arbitrary<StatementRecipe> = fc.record({
  entries: fc.oneof(
    { weight: 30, arbitrary: fc.array(entryRecipes, { minLength: 1, maxLength: 4, size: "max" }) },
    { weight: 1, arbitrary: fc.constant([]) },
  ),
  isString: fc.boolean(),
  isDeny: oneIn(8),
  isNotAction: oneIn(7),
  sid: rarely(2, anyPlace),
  condition: rarely(6, anyPlace),
  hasNotResource: oneIn(10),
  turn: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 4 }) }),
});

export const policyRecipes: fc.Arbitrary<PolicyRecipe> = fc.record({
  statements: fc.oneof(
    { weight: 50, arbitrary: fc.array(statementRecipes, { minLength: 1, maxLength: 3, size: "max" }) },
    { weight: 1, arbitrary: fc.constant([]) },
  ),
  isSingle: fc.boolean(),
  version: fc.option(anyPlace, { freq: 5 }),
  hasId: oneIn(10),
  turn: fc.nat({ max: 2 }),
});

export function policyOf(recipe: PolicyRecipe, catalog: readonly string[]): PolicyDocument {
  const statements = recipe.statements.map((statement) => statementOf(statement, catalog));
  const [only] = statements;
  const elements: [string, unknown][] = [["Statement", recipe.isSingle && statements.length === 1 ? only : statements]];
  if (recipe.version !== null)
    elements.unshift(["Version", at(["2012-10-17", "2012-10-17", "2008-10-17"], recipe.version)]);
  if (recipe.hasId) elements.unshift(["Id", "made-up"]);
  return Object.fromEntries(turned(elements, recipe.turn)) as PolicyDocument; // has a Statement
}

function statementOf(recipe: StatementRecipe, catalog: readonly string[]): Statement {
  const entries: string[] = [];
  for (const entry of recipe.entries) entries.push(entryOf(entry, catalog, entries));
  const isString = recipe.isString && entries.length === 1;
  const elements: [string, unknown][] = [
    ["Effect", recipe.isDeny ? "Deny" : "Allow"],
    [recipe.isNotAction ? "NotAction" : "Action", isString ? entries[0] : entries],
    recipe.hasNotResource ? ["NotResource", ["arn:aws:s3:::made-up"]] : ["Resource", "*"],
  ];
  if (recipe.sid !== null) elements.unshift(["Sid", at(SIDS, recipe.sid)]);
  if (recipe.condition !== null) elements.push(["Condition", conditionOf(recipe.condition, catalog)]);
  return Object.fromEntries(turned(elements, recipe.turn)) as unknown as Statement; // has Effect and one of Action and NotAction
}

/** Keys and values that look like entries, and are none of a refiner's business. */
function conditionOf(place: number, catalog: readonly string[]): unknown {
  return at(
    [
      { StringEquals: { "aws:PrincipalTag/Action": ["s3:*", "*"] } },
      { StringLike: { Action: at(catalog, place), NotAction: [`${at(catalog, place)}*`] } },
      { "ForAnyValue:StringEquals": { "iam:PassedToService": "*", [at(catalog, place)]: "${aws:username}" } },
    ],
    place,
  );
}

function turned<T>(list: readonly T[], by: number): T[] {
  const start = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
