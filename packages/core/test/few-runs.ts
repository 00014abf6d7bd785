import * as fc from "fast-check";

/** Takes fast-check's place in a mutation run (see `vitest.mutation.config.ts`): there every test is run thousands of times. */
export * from "fast-check";

const MOST_RUNS = 100;

/** `fc.assert` with at most 100 runs, that stops at the first counterexample instead of looking for a smaller one. */
export function assert<Ts>(property: fc.IRawProperty<Ts>, parameters?: fc.Parameters<Ts>): void | Promise<void> {
  const numRuns = Math.min(parameters?.numRuns ?? MOST_RUNS, MOST_RUNS);
  return fc.assert(property, { ...parameters, numRuns, endOnFailure: true });
}
