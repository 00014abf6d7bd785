import * as fc from "fast-check";
import { disagreement } from "./differential.ts";
import { type Case, cases } from "./generate/cases.ts";
import { type Breach, LAWS, type Law, firstBreach } from "./laws/laws.ts";
import { minimise } from "./minimise/minimise.ts";
import type { Refiner } from "./refiner.ts";

/** A case that breaks something, as small as it got. */
export interface Finding {
  readonly breach: Breach;
  readonly asked: Case;
}

export interface Search {
  readonly seed: number;
  readonly count: number;
  /** Actions of a real catalog to cut cases from beside made-up ones; may be empty. */
  readonly real: readonly string[];
  /** What a case breaks, or null. */
  readonly check: (asked: Case) => Breach | null;
}

/** Every law, then the differential: what a refiner is asked of every case. */
export function judge(refiner: Refiner, asked: Case, laws: readonly Law[] = LAWS): Breach | null {
  return firstBreach(refiner, asked, laws) ?? disagreement(refiner, asked);
}

/** The first of `count` generated cases that breaks something, minimised; null where none does. The same seed, the same cases. */
export function search({ seed, count, real, check }: Search): Finding | null {
  const property = fc.property(cases(real), (asked) => check(asked) === null);
  const run = fc.check(property, { seed, numRuns: count, endOnFailure: true }); // minimised below: see docs/proof.md
  if (run.counterexample === null) return null;
  return minimised(run.counterexample[0], check);
}

/** As small as it gets while the same refiner still breaks the same law. @throws Error where nothing is broken */
export function minimised(asked: Case, check: (asked: Case) => Breach | null): Finding {
  const breach = check(asked);
  if (breach === null) throw new Error("a counterexample that breaks nothing when asked again");
  const small = minimise(asked, (candidate) => {
    const other = check(candidate);
    return other !== null && other.law === breach.law && other.refiner === breach.refiner;
  });
  return { breach: check(small) ?? breach, asked: small };
}
