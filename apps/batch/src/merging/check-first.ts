import { type Part, answeredBefore, readStoredSplits, unsound, wrongText } from "@leastwise/store";
import { EXIT, Failure } from "../exit-code.ts";
import { checkAll, threadsFor } from "../recheck/pool.ts";
import { splitProblems } from "../recheck/split-checker.ts";

/**
 * Refuses a part that the merged database is not to begin with: everything that stands in it beside the answers of its run is kept, so its pages,
 * schema and texts have to be right, and so have the answers of the runs before, which a later run would take over.
 *
 * O(size of the file).
 *
 * @throws Failure
 */
export async function refuseUnlessSound(part: Part): Promise<void> {
  const refuse = (what: string): never => {
    const hint = `begin with another part, or make this one again; \`leastwise verify --db ${part.path}\` says more`;
    throw new Failure(EXIT.checkFound, `\`${part.path}\` does not hold: ${what}`, hint);
  };
  for (const { name, what } of unsound(part.db)) refuse(`${name}: ${what}`);
  const text = wrongText(part.db);
  if (text !== undefined) refuse(text);
  const before = answeredBefore(part);
  for await (const { failing } of checkAll(part.path, before, threadsFor(before.length))) {
    const [first] = failing;
    if (first !== undefined) refuse(`an answer of a run before, unit ${first.unitId}: ${first.reasons.join("; ")}`);
  }
  for (const split of readStoredSplits(part.db)) {
    const [problem] = splitProblems(split);
    if (problem !== undefined) refuse(`a split of a run before, unit ${split.unitId}: ${problem}`);
  }
}
