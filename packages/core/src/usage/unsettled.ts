import type { UsageFailure, UsageOutcome } from "./usage-batch.ts";

/** SHA-256 of `[]`. */
const NOTHING_SHA256 = "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945";

/** What is known of a principal whose evidence could not be settled: nothing, so nothing goes. */
export function unsettled(failure: UsageFailure): UsageOutcome {
  return {
    reports: [],
    evidence: "none",
    youngAfter: null,
    unused: { text: "[]", sha256: NOTHING_SHA256 },
    removable: null,
    lastUse: null,
    failure,
  };
}
