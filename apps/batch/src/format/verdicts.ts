import type { ComparisonRow } from "@leastwise/store";

/** How a recommendation of ours stands to AWS's, for a person. */
export const VERDICTS: Readonly<Record<ComparisonRow["verdict"], string>> = {
  same: "the same as AWS",
  "different-in-form": "the same actions in another form",
  tighter: "tighter than AWS",
  looser: "looser than AWS",
  different: "different: each grants something that the other does not",
  "no-answer": "no answer to compare with",
};
