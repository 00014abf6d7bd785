import type { RecommendedAction } from "../refine/policy.ts";
import { fewestDocuments } from "./fewest-documents.ts";
import { shorterForms } from "./shorter-forms.ts";

/** The forms in which a policy may be written, each at most as long as the one before it (SEMANTICS 9). */
export const FORMS = ["prefixes", "inner", "characters"] as const;
export type Form = (typeof FORMS)[number];

/** A policy in one form. */
export interface FormOfPolicy {
  /** Characters of the document. */
  readonly size: number;
  /** Into how many documents within the limit for managed policies it splits, 0 where it does not; undefined while nobody has tried. */
  readonly parts: number | undefined;
}

/** A policy of a principal, as far as the ladder has to know it. */
export interface LadderPolicy {
  readonly isInline: boolean;
  /** Null where there is no answer, so that the policy stays as it is. */
  readonly action: RecommendedAction | null;
  /** One for each of FORMS: undefined while nobody has asked for it, null where there is no answer in that form. */
  readonly forms: readonly (FormOfPolicy | null | undefined)[];
}

/** All policies of one principal. */
export interface LadderCase {
  readonly policies: readonly LadderPolicy[];
  /** In characters: for a managed policy, and for the sum of the inline ones. */
  readonly managedLimit: number;
  readonly inlineLimit: number;
  /** How many managed policies the principal may have once all is done; those that are attached and not among `policies` count too. */
  readonly attachments: number;
  readonly attachedBesides: number;
}

/** Something that has to be known before the ladder can go on: a policy's answer in a form, or that form's split. */
export interface Need {
  /** A place in `policies`. */
  readonly policy: number;
  /** A place in FORMS. */
  readonly form: number;
  readonly what: "answer" | "split";
}

/** In which form a policy is written, and whether it is replaced by the documents that the form splits into. */
export interface Choice {
  readonly form: number;
  readonly isSplit: boolean;
}

export type Step = { readonly needs: readonly Need[] } | { readonly choices: readonly Choice[] };

const PLAIN: Choice = { form: 0, isSplit: false };

/**
 * Climbs the ladder for one principal (SEMANTICS 9.4): first forms that are shorter, then splitting, the first that fits. Gives what has
 * to be known before it can go on, or what is chosen, one choice for each policy. What changes nothing or detaches is never touched.
 * Depends on its argument alone. O(policies × attachments).
 */
export function climb(principal: LadderCase): Step {
  const { policies } = principal;
  const managed = policies.flatMap((policy, place) => (isOver(policy, principal.managedLimit) ? [place] : []));
  const inline = policies.flatMap(({ isInline }, place) => (isInline ? [place] : []));
  const needs = [
    ...managed.flatMap((place) => needsAlone(policies[place]!, place, principal.managedLimit)), // a place of the list, here and below
    ...needsOfInline(principal, inline),
  ];
  if (needs.length > 0) return { needs };
  const choices = policies.map(() => PLAIN);
  let free = principal.attachments - principal.attachedBesides - policies.filter(staysAttached).length;
  const splits: { readonly place: number; readonly form: number; readonly more: number }[] = [];
  for (const place of managed) {
    const { forms } = policies[place]!;
    const form = forms.findIndex((one) => isWithin(one, principal.managedLimit));
    const split = splitForm(forms);
    choices[place] = { form: form < 0 ? tightest(forms) : form, isSplit: false };
    if (form < 0 && split !== undefined) splits.push({ place, form: split.form, more: split.parts - 1 });
  }
  for (const { place, form, more } of splits.sort((a, b) => a.more - b.more || a.place - b.place)) {
    if (more > free) break; // they ascend
    free -= more;
    choices[place] = { form, isSplit: true };
  }
  for (const [place, choice] of chooseInline(principal, inline, free)) choices[place] = choice;
  return { choices };
}

/** The same for a policy that several principals share, in place: it is not split, since who has it would need more attachments. */
export function climbInPlace(policy: LadderPolicy, limit: number): Step {
  const needs = isOver(policy, limit) ? needsAlone(policy, 0, limit).filter(({ what }) => what === "answer") : [];
  if (needs.length > 0) return { needs };
  const form = isOver(policy, limit) ? policy.forms.findIndex((one) => isWithin(one, limit)) : 0;
  return { choices: [{ form: form < 0 ? tightest(policy.forms) : form, isSplit: false }] };
}

/** Whether a managed policy is to be put in place and too large for it. */
function isOver({ isInline, action, forms }: LadderPolicy, limit: number): boolean {
  return !isInline && action === "CREATE_POLICY" && !isWithin(forms[0], limit);
}

function staysAttached({ isInline, action }: LadderPolicy): boolean {
  return !isInline && action !== "DETACH_POLICY";
}

function isWithin(form: FormOfPolicy | null | undefined, limit: number): boolean {
  return form !== null && form !== undefined && form.size <= limit;
}

/** The next form while none is within the limit, and once all are known their splits. What others have asked for does not count. */
function needsAlone({ forms }: LadderPolicy, policy: number, limit: number): readonly Need[] {
  for (const [form, one] of forms.entries()) {
    if (one === undefined) return [{ policy, form, what: "answer" }];
    if (isWithin(one, limit)) return [];
  }
  return needsSplit(forms, policy);
}

function needsSplit(forms: LadderPolicy["forms"], policy: number): readonly Need[] {
  return forms.flatMap((one, form): Need[] =>
    one === null || one === undefined || one.parts !== undefined ? [] : [{ policy, form, what: "split" }],
  );
}

/** The same for the sum of inline policies, of which only those can be written otherwise that are replaced: a form of all at a time. */
function needsOfInline({ policies, inlineLimit }: LadderCase, inline: readonly number[]): readonly Need[] {
  const replaced = inline.filter((place) => policies[place]!.action === "CREATE_POLICY");
  if (replaced.length === 0) return [];
  for (const form of FORMS.keys()) {
    const open = replaced.filter((place) => policies[place]!.forms[form] === undefined);
    if (open.length > 0) return open.map((policy) => ({ policy, form, what: "answer" }));
    const sum = inline.reduce((total, place) => total + leastSize(policies[place]!.forms.slice(0, form + 1)), 0);
    if (sum <= inlineLimit) return [];
  }
  return replaced.flatMap((place) => needsSplit(policies[place]!.forms, place));
}

/** Shorter forms where they make the sum fit; else the fewest managed documents in place of inline policies that make the rest fit. */
function chooseInline(
  { policies, inlineLimit }: LadderCase,
  inline: readonly number[],
  free: number,
): readonly (readonly [place: number, choice: Choice])[] {
  const written = (places: readonly number[]): readonly (readonly [number, Choice])[] | undefined => {
    const forms = shorterForms(
      places.map((place) => sizesOf(policies[place]!)),
      inlineLimit,
    );
    return forms?.map((form, i) => [places[i]!, { form, isSplit: false }]); // one for each
  };
  const replaced = inline.filter((place) => policies[place]!.action === "CREATE_POLICY");
  if (replaced.length === 0) return [];
  const fitting = written(inline);
  if (fitting !== undefined) return fitting;
  const movable = replaced.flatMap((place) => {
    const { forms } = policies[place]!;
    const split = splitForm(forms);
    return split === undefined ? [] : [{ place, ...split, saves: leastSize(forms) }];
  });
  const excess = inline.reduce((sum, place) => sum + leastSize(policies[place]!.forms), 0) - inlineLimit;
  const moved = fewestDocuments(movable, excess, free);
  if (moved === undefined)
    return replaced.map((place) => [place, { form: tightest(policies[place]!.forms), isSplit: false }]);
  const rest = inline.filter((place) => !moved.some((one) => one.place === place));
  return [...moved.map(({ place, form }) => [place, { form, isSplit: true }] as const), ...(written(rest) ?? [])]; // without what is moved the rest fits
}

/** Of each form, infinite where it has no answer; of a policy that is not replaced there is the first alone. */
function sizesOf({ forms }: LadderPolicy): readonly number[] {
  return forms.map((form) => form?.size ?? Infinity);
}

function leastSize(forms: LadderPolicy["forms"]): number {
  return Math.min(...forms.map((form) => form?.size ?? Infinity));
}

/** The earliest of the shortest forms. */
function tightest(forms: LadderPolicy["forms"]): number {
  const least = leastSize(forms);
  return forms.findIndex((form) => form?.size === least);
}

/** The earliest form that splits into no more documents than the tightest does; undefined where none can be split. */
function splitForm(forms: LadderPolicy["forms"]): { readonly form: number; readonly parts: number } | undefined {
  const most = forms[tightest(forms)]?.parts ?? 0;
  const form = forms.findIndex((one) => (one?.parts ?? 0) > 0 && (most === 0 || one!.parts! <= most)); // it has parts
  return form < 0 ? undefined : { form, parts: forms[form]!.parts! }; // as above
}
