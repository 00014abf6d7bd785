import { type Choice, type LadderCase, type LadderPolicy, type Need, climb, climbInPlace } from "@leastwise/core";

/** How far somebody has come on the ladder with what is known. */
export interface Climbed {
  /** Everything that was needed on the way, whoever had asked for it already, in order. */
  readonly needs: readonly Need[];
  /** What of it is not known yet; while there is any, nothing is chosen. */
  readonly open: readonly Need[];
  /** One for each policy once all is known, else none. */
  readonly choices: readonly Choice[];
}

/** Climbs for a principal from the ground, with what is known in `ladder`. Nothing that is known counts before it is needed. */
export function climbPrincipal(ladder: LadderCase): Climbed {
  return climbWith(ladder, climb);
}

/** The same for the one policy of a case in place. */
export function climbPolicyInPlace(ladder: LadderCase): Climbed {
  return climbWith(ladder, ({ policies: [policy], managedLimit }) => climbInPlace(policy!, managedLimit)); // there is one
}

function climbWith(ladder: LadderCase, next: typeof climb): Climbed {
  const needs: Need[] = [];
  let policies: readonly LadderPolicy[] = ladder.policies.map((policy) =>
    withForms(policy, policy.forms.map(onTheGround)),
  );
  for (;;) {
    const step = next({ ...ladder, policies });
    if ("choices" in step) return { needs, open: [], choices: step.choices };
    needs.push(...step.needs);
    const open = step.needs.filter((need) => !isKnown(ladder.policies[need.policy]!, need)); // needs name places of the case
    if (open.length > 0) return { needs, open, choices: [] };
    policies = policies.map((policy, place) => {
      const revealed = step.needs.filter((need) => need.policy === place);
      const known = ladder.policies[place]!; // as many as there are
      return withForms(
        policy,
        policy.forms.map((form, i) => seen(known, form, i, revealed)),
      );
    });
  }
}

type Form = LadderPolicy["forms"][number];

function withForms(policy: LadderPolicy, forms: LadderPolicy["forms"]): LadderPolicy {
  return { ...policy, forms };
}

function onTheGround(form: Form, i: number): Form {
  return i > 0 || form === null || form === undefined ? undefined : { ...form, parts: undefined };
}

function isKnown({ forms }: LadderPolicy, { form, what }: Need): boolean {
  const known = forms[form];
  return what === "answer" ? known !== undefined : known?.parts !== undefined;
}

function seen({ forms }: LadderPolicy, before: Form, form: number, revealed: readonly Need[]): Form {
  const known = forms[form];
  if (revealed.some((need) => need.form === form && need.what === "split")) return known;
  if (!revealed.some((need) => need.form === form)) return before;
  return known === null || known === undefined ? known : { ...known, parts: undefined };
}
