import { type GrantCounts, Verifier } from "@leastwise/core";
import { statementsOf } from "./laws/plainly.ts";
import type { Breach } from "./laws/laws.ts";
import { reference } from "./reference/refine.ts";
import type { Answer, Question, Refiner } from "./refiner.ts";

/**
 * Whether the refiner says what the reference says, to the letter of the document's text, and the verifier accepts it, what
 * it tells of changes included, and counts the same; null if so. One verifier is kept for each catalog's list.
 */
export function disagreement(refiner: Refiner, question: Question): Breach | null {
  const differential = (what: string): Breach => ({ law: "differential", refiner: refiner.name, what });
  try {
    const said = refiner.refine(question);
    const expected = reference.refine(question);
    const otherwise = question.options.fit === undefined ? otherText(said, expected) : otherSize(said, expected);
    if (otherwise !== null) return differential(otherwise);
    const {
      policy: before,
      unused,
      options: { keptSids, fit },
    } = question;
    const { recommendedAction, policy: after, changes } = said;
    const claim = {
      before,
      after,
      recommendedAction,
      unused,
      keptSids,
      ...(fit === undefined ? {} : { fit }),
      ...(changes === undefined ? {} : { changes }),
    };
    const { violations, grants } = verifierOf(question.catalog).verify(claim);
    const [first] = violations;
    if (first !== undefined) return differential(`the verifier refuses it: ${first.law}: ${first.message}`);
    if (said.grants !== undefined && countsOf(said.grants) !== countsOf(grants))
      return differential(`it counts ${countsOf(said.grants)}, the verifier ${countsOf(grants)}`);
    return null;
  } catch (error) {
    // a case that makes a refiner throw is a finding like any other, to be shrunk and kept
    return { law: "answers", refiner: refiner.name, what: String(error) };
  }
}

function otherText(said: Answer, expected: Answer): string | null {
  const isSame =
    said.recommendedAction === expected.recommendedAction &&
    JSON.stringify(said.policy) === JSON.stringify(expected.policy);
  return isSame ? null : "it does not say what the reference says";
}

/**
 * Where few characters count there can be several shortest answers, so sizes are compared: nothing undercuts what is proven to be the
 * shortest. Two of equal cost may differ by the brackets and the comma between one string and a list of two.
 */
function otherSize(said: Answer, expected: Answer): string | null {
  if (said.recommendedAction !== expected.recommendedAction) return "it does not recommend what the reference does";
  const [size, other] = [said, expected].map(({ policy }) => JSON.stringify(policy).length) as [number, number]; // two went in
  const brackets = statementsOf(expected.policy).filter(({ Action }) => typeof Action === "string").length;
  const strings = statementsOf(said.policy).filter(({ Action }) => typeof Action === "string").length;
  const slack = 2 * Math.max(brackets, strings);
  if (isProven(expected) && size < other - slack)
    return `it takes ${size} characters, which the reference calls impossible`;
  if (isProven(said) && size > other + slack)
    return `it takes ${size} characters where ${other} do, and calls that proven`;
  return null;
}

/** Whether of every statement that was made to fit nothing shorter can be written. */
function isProven({ fitted }: Answer): boolean {
  return fitted !== undefined && fitted.shortest === fitted.statements;
}

function countsOf({ before, removed, after }: GrantCounts): string {
  return `${before} - ${removed} = ${after}`;
}

function verifierOf(catalog: readonly string[]): Verifier {
  const verifier = verifiers.get(catalog) ?? new Verifier(catalog);
  verifiers.set(catalog, verifier);
  return verifier;
}

const verifiers = new WeakMap<readonly string[], Verifier>();
