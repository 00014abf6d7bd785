import type { Case } from "../generate/cases.ts";
import type { Refiner } from "../refiner.ts";
import { fitting } from "./fitting.ts";
import { denyIntact, structure } from "./form.ts";
import { allAndOnly, local, monotone, neverBroader } from "./grants.ts";
import { type Hearing, hear } from "./hearing.ts";
import { deterministic, idempotent } from "./repeating.ts";
import { shortest } from "./shortest.ts";

/** One law of SEMANTICS 5 as a property: what breaks it, in words, or null. */
export interface Law {
  readonly number: number;
  readonly name: string;
  readonly check: (hearing: Hearing) => string | null;
}

/** SEMANTICS 5, in its order. */
export const LAWS: readonly Law[] = [
  { number: 1, name: "all-and-only", check: allAndOnly },
  { number: 2, name: "never-broader", check: neverBroader },
  { number: 3, name: "structure", check: structure },
  { number: 4, name: "deny-intact", check: denyIntact },
  {
    number: 5,
    name: "shortest",
    check: (hearing) => (hearing.asked.options.fit === undefined ? shortest : fitting)(hearing),
  },
  { number: 6, name: "idempotent", check: idempotent },
  { number: 7, name: "monotone", check: monotone },
  { number: 8, name: "deterministic", check: deterministic },
  { number: 9, name: "local", check: local },
];

/** A law, or `differential`, or `answers` where nothing came but an error; who broke it, and what is wrong in words. */
export interface Breach {
  readonly law: string;
  readonly refiner: string;
  readonly what: string;
}

/** The first law that the refiner breaks on the case, or null. Costs about twenty questions and brute force over the catalog. */
export function firstBreach(refiner: Refiner, asked: Case, laws: readonly Law[] = LAWS): Breach | null {
  let law = "answers";
  try {
    const hearing = hear(refiner, asked);
    for (const { name, check } of laws) {
      law = name;
      const what = check(hearing);
      if (what !== null) return { law, refiner: refiner.name, what };
    }
    return null;
  } catch (error) {
    // a case that makes a refiner throw is a finding like any other, to be shrunk and kept
    return { law: "answers", refiner: refiner.name, what: `${law}: ${String(error)}` };
  }
}
