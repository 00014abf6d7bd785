import type { Rule } from "../../src/sabotage/judge.ts";

/** What the verifier is known to let through. To be emptied: a rule that it enforces may not stand here. */
export const OPEN: readonly Rule[] = [
  "untouched where nothing is unused: 2, 3, 4",
  "nothing twice in another case: 2.5",
  "nothing twice in NotAction: 3",
  "NotAction excepts more of what is unused only: 3, 6",
  "entries are strings",
];
