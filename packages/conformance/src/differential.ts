import { type GrantCounts, Verifier } from "@leastwise/core";
import type { Breach } from "./laws/laws.ts";
import { reference } from "./reference/refine.ts";
import type { Question, Refiner } from "./refiner.ts";

/**
 * Whether the refiner says what the reference says, to the letter of the document's text, and the verifier accepts it, what
 * it tells of changes included, and counts the same; null if so. One verifier is kept for each catalog's list.
 */
export function disagreement(refiner: Refiner, question: Question): Breach | null {
  const differential = (what: string): Breach => ({ law: "differential", refiner: refiner.name, what });
  try {
    const said = refiner.refine(question);
    const expected = reference.refine(question);
    const isSame =
      said.recommendedAction === expected.recommendedAction &&
      JSON.stringify(said.policy) === JSON.stringify(expected.policy);
    if (!isSame) return differential("it does not say what the reference says");
    const {
      policy: before,
      unused,
      options: { keptSids },
    } = question;
    const { recommendedAction, policy: after, changes } = said;
    const claim = { before, after, recommendedAction, unused, keptSids, ...(changes === undefined ? {} : { changes }) };
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

function countsOf({ before, removed, after }: GrantCounts): string {
  return `${before} - ${removed} = ${after}`;
}

function verifierOf(catalog: readonly string[]): Verifier {
  const verifier = verifiers.get(catalog) ?? new Verifier(catalog);
  verifiers.set(catalog, verifier);
  return verifier;
}

const verifiers = new WeakMap<readonly string[], Verifier>();
