import { randomFrom } from "../random.ts";
import type { Target } from "./targets.ts";

/** An input that a parser did not take as it should. */
export interface Fault {
  readonly target: string;
  readonly index: number;
  readonly reason: string;
}

/** Of a target, how many inputs ended with what; of one that was refused for several reasons each counts. */
export type Outcomes = Map<string, number>;

/** The input of that number, the same for the same seed, whatever came before it. */
export function inputOf(target: Target, seed: number, index: number): Buffer {
  return target.input(randomFrom(Math.imul(seed, 0x9e37_79b1) ^ Math.imul(index + 1, 0x85eb_ca6b)));
}

/** Gives a target the inputs from `from` on. Never throws for what the target does. */
export async function fuzz(
  target: Target,
  { seed, from, count }: { readonly seed: number; readonly from: number; readonly count: number },
  before: (index: number) => void = () => undefined,
): Promise<{ readonly outcomes: Outcomes; readonly faults: readonly Fault[] }> {
  const outcomes: Outcomes = new Map();
  const faults: Fault[] = [];
  for (let index = from; index < from + count; index++) {
    before(index);
    try {
      for (const outcome of await target.run(inputOf(target, seed, index)))
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    } catch (error) {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      faults.push({ target: target.name, index, reason });
    }
  }
  return { outcomes, faults };
}
