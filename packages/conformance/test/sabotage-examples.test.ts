import { DEFAULT_OPTIONS, type RefinementOptions, Verifier } from "@leastwise/core";
import { describe, expect, test } from "vitest";
import { evidenceAgainst, optionsClaimed } from "../src/sabotage/evidence.ts";
import { OPERATORS } from "../src/sabotage/operators.ts";
import { type RightResult, rightResultOf } from "../src/sabotage/right-result.ts";
import { ACTIONS, DOCUMENTS, EXAMPLES, type Example, UNUSED, parsed, sabotaged } from "./sabotage/examples.ts";

const verifier = new Verifier(ACTIONS);
const laws = new Map(OPERATORS.map(({ name, law }) => [name, law]));

function rightOf(document: Example["document"]): RightResult {
  const { before, keptSids, fit }: (typeof DOCUMENTS)[typeof document] & Pick<Example, "keptSids" | "fit"> =
    DOCUMENTS[document];
  const policy = parsed(before.join(""))!; // none of them is null
  const options = optionsClaimed(DEFAULT_OPTIONS, { keptSids, fit });
  return rightResultOf({ catalog: ACTIONS, policy, unused: UNUSED, options });
}

test("there is one for every operator", () => {
  expect(EXAMPLES.map(({ operator }) => operator).sort()).toEqual([...laws.keys()].sort());
});

test.each(Object.keys(DOCUMENTS) as Example["document"][])("%s: the right answer is right", (document) => {
  const { after, recommendedAction } = DOCUMENTS[document];
  const right = rightOf(document);
  expect(right).toMatchObject({ recommendedAction, after: parsed(after.join("")) });
  expect(isRefused(right, right.after, recommendedAction, right.question.unused)).toBe(false);
});

describe("refused:", () => {
  test.each(EXAMPLES)("$operator", (example) => {
    const right = rightOf(example.document);
    const changes = right.recommendedAction === "NONE" ? "CREATE_POLICY" : right.recommendedAction;
    const { recommendedAction = changes, unused = UNUSED, keptSids, fit } = example;
    const after = parsed(sabotaged(example));
    const options = optionsClaimed(right.question.options, { keptSids, fit });
    const planted = { after, recommendedAction, unused, keptSids: options.keptSids, fit: options.fit ?? null };
    expect(evidenceAgainst(planted, right).map(({ law }) => law)).toContain(laws.get(example.operator));
    expect(isRefused(right, after, recommendedAction, unused, options)).toBe(true);
  });
});

/** Otherwise than the refiner would say it, and no sabotage: the operators leave these out, and here is why. */
describe("let through, since laws 1 to 4 do not speak of it:", () => {
  test.each([
    [
      "names for a pattern are less general (law 5), and grant the same",
      `s3:GetObject*`,
      `s3:GetObject","s3:GetObjectAcl`,
    ],
    ["a name inside a pattern beside it is needless (law 5)", `"s3:GetObject*"`, `"s3:GetObject*","s3:GetObject"`],
    ["a generated entry in another case grants the same (2.5)", `s3:GetObject*`, `S3:gETobject*`],
    [
      "generated entries in another order grant the same (2.5)",
      `"s3:GetBucketPolicy","s3:GetObject*"`,
      `"s3:GetObject*","s3:GetBucketPolicy"`,
    ],
    [
      "generated entries elsewhere among those that stay grant the same (2.4)",
      `"s3:GetObject*","s3:Unheard"`,
      `"s3:Unheard","s3:GetObject*"`,
    ],
    ["what is appended to NotAction may be names for a pattern (3)", `sqs:*`, `sqs:ReceiveMessage","sqs:SendMessage`],
  ])("%s", (operator, from, to) => {
    const right = rightOf("reports");
    const after = parsed(sabotaged({ operator, document: "reports", from, to }));
    expect(evidenceAgainst({ after, recommendedAction: "CREATE_POLICY" }, right)).toEqual([]);
    expect(isRefused(right, after, "CREATE_POLICY", UNUSED)).toBe(false);
  });
});

describe("refused, though laws 1 to 4 do not speak of it:", () => {
  test.each([
    ["a name that no catalog has is generated (2.4)", `"s3:GetObject*"`, `"s3:GetObject*","s3:GetUnheard"`],
    ["a wildcard in the service part is generated (1)", `s3:GetObject*`, `s3*:GetObject*`],
  ])("%s", (operator, from, to) => {
    const after = parsed(sabotaged({ operator, document: "reports", from, to }));
    expect(isRefused(rightOf("reports"), after, "CREATE_POLICY", UNUSED)).toBe(true);
  });
});

/** An error is a refusal where the document is none: `refineShard` makes a failure of it. */
function isRefused(
  { before, question }: RightResult,
  after: RightResult["after"],
  recommendedAction: RightResult["recommendedAction"],
  unused: typeof UNUSED,
  { keptSids, fit }: RefinementOptions = question.options,
): boolean {
  const claim = { before, after, recommendedAction, unused, keptSids };
  try {
    return verifier.verify(fit === undefined ? claim : { ...claim, fit }).violations.length > 0;
  } catch (error) {
    return error instanceof TypeError;
  }
}
