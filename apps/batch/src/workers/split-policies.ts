import { hash } from "node:crypto";
import { type PolicyDocument, splitPolicy, splitViolations } from "@leastwise/core";

/** Policies to split. Plain, self-contained, structured-clone-safe. */
export interface SplitTask {
  /** In characters. */
  readonly limit: number;
  readonly policies: readonly {
    readonly unitId: number;
    /** Minified. */
    readonly text: string;
    readonly keptSids: readonly string[];
  }[];
}

/** The parts in order, minified; none where the policy does not split. */
export interface SplitOutcome {
  readonly unitId: number;
  readonly parts: readonly { readonly text: string; readonly sha256: string }[];
  /** Why a split was refused, so that there are no parts; null where it was not. */
  readonly problem: string | null;
}

/**
 * Worker task: splits policies and has each split checked, on the very texts that are to be stored, by what shares no code with it. A
 * split that is refused costs nobody else anything.
 */
export default function splitPolicies({ limit, policies }: SplitTask): readonly SplitOutcome[] {
  return policies.map(({ unitId, text, keptSids }) => {
    try {
      const texts = partsOf(text, limit, keptSids);
      return { unitId, parts: texts.map((part) => ({ text: part, sha256: hash("sha256", part) })), problem: null };
    } catch (error) {
      return { unitId, parts: [], problem: error instanceof Error ? error.message : String(error) };
    }
  });
}

/** @throws Error when the split does not pass */
function partsOf(text: string, limit: number, keptSids: readonly string[]): readonly string[] {
  const whole = JSON.parse(text) as PolicyDocument; // a verified answer
  const texts = (splitPolicy(whole, limit, keptSids)?.parts ?? []).map((part) => JSON.stringify(part));
  const parts = texts.map((part) => JSON.parse(part) as PolicyDocument); // just written
  const [problem] = parts.length === 0 ? [] : splitViolations(whole, parts, limit, keptSids);
  if (problem !== undefined) throw new Error(problem);
  return texts;
}
