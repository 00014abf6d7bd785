/** A refiner that goes wrong, in a worker as it runs: what it says must not come out as a result. */
import { type Refinement, type UnitOutcome, Verifier, refineShard } from "@leastwise/core";
import { expect, test, vi } from "vitest";
import { mulberry32 } from "../src/sabotage/random.ts";
import { evidenceAgainst, optionsClaimed } from "../src/sabotage/evidence.ts";
import type { Planted } from "../src/sabotage/operator.ts";
import { OPERATORS } from "../src/sabotage/operators.ts";
import type { Question } from "../src/refiner.ts";
import { type RightResult, rightResultOf } from "../src/sabotage/right-result.ts";
import { trieOf } from "../src/engine.ts";
import { generatedQuestions } from "./sabotage/questions.ts";

/** What the refiner says instead of what it found; undefined while it works. Its counts stay right: only the document is spoiled. */
const lie = vi.hoisted((): { says: Pick<Refinement, "policy" | "recommendedAction"> | undefined } => ({
  says: undefined,
}));

vi.mock(import("../../core/dist/refine/policy.js"), async (importOriginal) => {
  const original = await importOriginal();
  const refinePolicy: typeof original.refinePolicy = (...question) => ({
    ...original.refinePolicy(...question),
    ...lie.says,
  });
  return { ...original, refinePolicy };
});

const CASES = 200;
/** Of each operator. */
const MOST_LIES = 4;

const rights = generatedQuestions(3_000_000, CASES).map(rightResultOf);
const verifiers = new Map(rights.map(({ question: { catalog } }) => [catalog, new Verifier(catalog)]));

test("without a lie every result is stored as it is right", () => {
  lie.says = undefined;
  for (const right of rights) {
    const text = right.recommendedAction === "CREATE_POLICY" ? JSON.stringify(right.after) : null;
    const isOnly = right.question.options.fit === undefined; // there can be several shortest answers
    const { recommendedAction } = right;
    const expected = isOnly ? { ok: true, recommendedAction, text } : { ok: true, recommendedAction };
    expect(outcomeOf(right.question)).toMatchObject(expected);
  }
});

test("with a lie of every kind nothing is stored", () => {
  const stored: string[] = [];
  const idle: string[] = [];
  for (const { name, sabotage } of OPERATORS) {
    let lies = 0;
    for (const [seed, right] of rights.entries()) {
      const [planted] = sabotage(right, mulberry32(seed));
      if (lies === MOST_LIES || planted === undefined || !isLie(planted, right)) continue;
      lies++;
      lie.says = { policy: planted.after, recommendedAction: planted.recommendedAction };
      const { question } = right;
      const { unused = question.unused, keptSids, fit } = planted;
      const outcome = outcomeOf({ ...question, unused, options: optionsClaimed(question.options, { keptSids, fit }) });
      const isFailure = !outcome.ok && ["verification-failed", "refinement-failed"].includes(outcome.code);
      if (!isFailure) stored.push(`${name}: ${JSON.stringify({ outcome, ...right.question })}`);
    }
    if (lies === 0) idle.push(name);
  }
  expect(stored).toEqual([]);
  // of NONE no document is stored: it has no lie to tell
  expect(idle).toEqual(["NONE, with another document where nothing is to change"]);
});

/** Provably wrong, and wrong in what is stored: of NONE no document is, so one that is wrong there does not matter. */
function isLie(planted: Planted, right: RightResult): boolean {
  if (planted.recommendedAction === "NONE" && right.recommendedAction === "NONE") return false;
  return evidenceAgainst(planted, right).length > 0;
}

function outcomeOf({ catalog, policy, unused, options }: Question): UnitOutcome {
  const trie = trieOf(catalog);
  const verifier = verifiers.get(catalog) ?? new Verifier(catalog);
  const { units } = refineShard(
    { trie, verifier },
    {
      catalog: trie.contentHash,
      options,
      origin: { engineVersion: 1, catalogSource: "made up", catalogDate: "" },
      documents: [{ text: JSON.stringify(policy), wantsGrants: false }],
      unused: [JSON.stringify(unused)],
      units: [{ unitId: 0, document: 0, unused: 0 }],
    },
  );
  return units[0]!; // one was asked
}
