import {
  DEFAULT_LIMITS,
  DEFAULT_OPTIONS,
  DEFAULT_SHORTEST,
  FORMS,
  type Form,
  type FormOfPolicy,
  type RefinementOptions,
  type UnitResult,
  climb,
} from "@leastwise/core";
import type { FitVerdict } from "@leastwise/store";
import splitPolicies from "../workers/split-policies.ts";

/** The answer for one policy, and how it stands to the limit. */
export interface FittedPolicy {
  readonly unit: UnitResult;
  readonly form: Form;
  readonly fit: FitVerdict;
  /** In characters. */
  readonly limit: number;
  /** The documents that the recommended one is split into, minified; null where it is not. */
  readonly parts: readonly string[] | null;
}

/**
 * Refines one managed policy, and climbs the ladder with it where that was asked for (SEMANTICS 9.4).
 *
 * @param answer refines and verifies with these options
 */
export function fitPolicy(
  answer: (options: RefinementOptions) => UnitResult,
  granularity: RefinementOptions["granularity"],
  isAsked: boolean,
): FittedPolicy {
  const limit = DEFAULT_LIMITS.managed;
  const options = { ...DEFAULT_OPTIONS, granularity };
  const optionsOf: Readonly<Record<Form, RefinementOptions>> = {
    prefixes: options,
    inner: { ...options, fit: { form: "inner" } },
    characters: { ...options, fit: { form: "characters", shortest: DEFAULT_SHORTEST } },
  };
  const units: UnitResult[] = [answer(options)];
  const partsOf: (readonly string[])[] = [];
  const isTooLarge = (units[0]?.text?.length ?? 0) > limit;
  if (!isAsked)
    return { unit: units[0]!, form: "prefixes", fit: isTooLarge ? "too-large" : "fits", limit, parts: null }; // the line above has made it
  for (;;) {
    const forms = FORMS.map((_, i): FormOfPolicy | undefined => {
      const unit = units[i];
      return unit === undefined ? undefined : { size: unit.text?.length ?? 0, parts: partsOf[i]?.length };
    });
    const step = climb({
      policies: [{ isInline: false, action: units[0]!.recommendedAction, forms }],
      managedLimit: limit,
      inlineLimit: 0,
      attachments: DEFAULT_LIMITS.attachments,
      attachedBesides: 0,
    });
    if ("choices" in step) {
      const { form, isSplit } = step.choices[0]!; // one for the one policy
      const unit = units[form]!; // what is chosen is known
      const fit = isSplit ? "split" : (unit.text?.length ?? 0) > limit ? "does-not-fit" : "fits";
      return { unit, form: FORMS[form]!, fit, limit, parts: isSplit ? partsOf[form]! : null };
    }
    for (const { form, what } of step.needs) {
      if (what === "answer")
        units[form] = answer(optionsOf[FORMS[form]!]); // a place of FORMS, here and below
      else partsOf[form] = partsWithin(units[form]!.text!, limit); // what is too large has a text
    }
  }
}

function partsWithin(text: string, limit: number): readonly string[] {
  const [split] = splitPolicies({ limit, policies: [{ unitId: 0, text, keptSids: [] }] });
  if (split!.problem !== null) throw new Error(`the split does not hold: ${split!.problem}`); // one for the one policy
  return split!.parts.map((part) => part.text);
}
