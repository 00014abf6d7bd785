import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fewestDocuments } from "../src/fit/fewest-documents.ts";
import {
  type Choice,
  type FormOfPolicy,
  type LadderCase,
  type LadderPolicy,
  climb,
  climbInPlace,
} from "../src/fit/ladder.ts";
import { shorterForms } from "../src/fit/shorter-forms.ts";

/** A form: its size, and into how many documents it splits where that is known. */
function form(size: number, parts?: number): FormOfPolicy {
  return { size, parts };
}

function managed(...forms: LadderPolicy["forms"]): LadderPolicy {
  return { isInline: false, action: "CREATE_POLICY", forms: [...forms, undefined, undefined].slice(0, 3) };
}

function inline(...forms: LadderPolicy["forms"]): LadderPolicy {
  return { ...managed(...forms), isInline: true };
}

/** An inline policy of so many characters in its shorter forms, ten more in the first, each splitting into so many documents. */
function movable(size: number, parts: number): LadderPolicy {
  return inline(form(size + 10, parts), form(size, parts), form(size, parts));
}

function of(policies: readonly LadderPolicy[], more: Partial<LadderCase> = {}): LadderCase {
  return { policies, managedLimit: 100, inlineLimit: 100, attachments: 10, attachedBesides: 0, ...more };
}

function chosen(one: LadderCase): readonly Choice[] {
  const step = climb(one);
  if ("needs" in step) throw new Error(`it needs ${JSON.stringify(step.needs)}`);
  return step.choices;
}

function needed(one: LadderCase): readonly string[] {
  const step = climb(one);
  return "needs" in step ? step.needs.map(({ policy, form: level, what }) => `${policy} ${level} ${what}`) : [];
}

const plain: Choice = { form: 0, isSplit: false };
const inner: Choice = { form: 1, isSplit: false };
const characters: Choice = { form: 2, isSplit: false };

describe("a managed policy", () => {
  test("that is not larger than the limit is asked nothing", () => {
    expect(chosen(of([managed(form(100))]))).toEqual([plain]);
  });

  test("that is larger climbs a rung at a time, and stays on the first that fits", () => {
    expect(needed(of([managed(form(101))]))).toEqual(["0 1 answer"]);
    expect(chosen(of([managed(form(101), form(100))]))).toEqual([inner]);
    expect(needed(of([managed(form(101), form(101))]))).toEqual(["0 2 answer"]);
    expect(chosen(of([managed(form(101), form(101), form(100))]))).toEqual([characters]);
  });

  test("is asked for what another has asked for all the same, so that nothing hangs on who came first", () => {
    expect(needed(of([managed(form(101), undefined, form(50))]))).toEqual(["0 1 answer"]);
    expect(chosen(of([managed(form(101), form(90), form(50))]))).toEqual([inner]);
  });

  test("that no form makes fit is split, in the earliest form that takes no more documents than the shortest", () => {
    expect(needed(of([managed(form(300), form(250), form(240))]))).toEqual(["0 0 split", "0 1 split", "0 2 split"]);
    expect(chosen(of([managed(form(300, 4), form(250, 3), form(240, 3))]))).toEqual([{ form: 1, isSplit: true }]);
    expect(chosen(of([managed(form(300, 3), form(250, 3), form(240, 3))]))).toEqual([{ form: 0, isSplit: true }]);
  });

  test("that cannot be split either is written in its shortest form, the earliest of those", () => {
    expect(chosen(of([managed(form(300, 0), form(250, 0), form(250, 0))]))).toEqual([inner]);
  });

  test("goes on without a form that has no answer", () => {
    expect(needed(of([managed(form(300), null)]))).toEqual(["0 2 answer"]);
    expect(chosen(of([managed(form(300), null, form(90))]))).toEqual([characters]);
    expect(chosen(of([managed(form(300, 3), null, null)]))).toEqual([{ form: 0, isSplit: true }]);
  });

  test.each(["NONE", "DETACH_POLICY", null] as const)("whose action is %s is never touched", (action) => {
    expect(chosen(of([{ ...managed(form(20_000)), action }]))).toEqual([plain]);
  });
});

describe("the number of attachments", () => {
  const large = managed(form(300, 3), form(300, 3), form(300, 3));
  const small = managed(form(50));

  test("is kept by all splits of a principal together, the smallest first", () => {
    const five = managed(form(500, 5), form(500, 5), form(500, 5));
    const two = managed(form(200, 2), form(200, 2), form(200, 2));
    const free = (attachments: number): readonly boolean[] =>
      chosen(of([five, large, two], { attachments })).map(({ isSplit }) => isSplit);
    expect(free(10)).toEqual([true, true, true]);
    expect(free(9)).toEqual([false, true, true]);
    expect(free(6)).toEqual([false, true, true]);
    expect(free(5)).toEqual([false, false, true]);
    expect(free(3)).toEqual([false, false, false]);
    expect(free(1)).toEqual([false, false, false]);
  });

  const splitBeside = (more: readonly LadderPolicy[], attachedBesides = 0): boolean | undefined =>
    chosen(of([large, ...more], { attachments: 4, attachedBesides }))[0]?.isSplit;

  test("is filled by what stays, replaced or not, and by what nobody has an answer for; not by what is detached", () => {
    expect(splitBeside([small])).toBe(true);
    expect(splitBeside([small, small])).toBe(false);
    expect(splitBeside([small, { ...small, action: "NONE" }])).toBe(false);
    expect(splitBeside([small, { ...small, action: null }])).toBe(false);
    expect(splitBeside([small, { ...managed(form(0)), action: "DETACH_POLICY" }])).toBe(true);
    expect(splitBeside([small, inline(form(90))])).toBe(true);
    expect(splitBeside([], 1)).toBe(true);
    expect(splitBeside([], 2)).toBe(false);
  });

  test("is shared with inline policies that move to managed ones, which come last", () => {
    const one = inline(form(90, 1), form(90, 1), form(90, 1));
    const splits = (attachments: number): readonly boolean[] =>
      chosen(of([large, one, one], { attachments })).map(({ isSplit }) => isSplit);
    expect(splits(4)).toEqual([true, true, false]);
    expect(splits(3)).toEqual([true, false, false]);
    expect(splits(2)).toEqual([false, true, false]);
  });
});

describe("the inline policies of a principal", () => {
  test("are held against the limit together", () => {
    expect(chosen(of([inline(form(50)), inline(form(50))]))).toEqual([plain, plain]);
    expect(needed(of([inline(form(50)), inline(form(51))]))).toEqual(["0 1 answer", "1 1 answer"]);
  });

  test("take the shorter form where it saves most, and no more of them than it takes", () => {
    const policies = [inline(form(50), form(45)), inline(form(40), form(25)), inline(form(30), form(24))];
    expect(chosen(of(policies, { inlineLimit: 105 }))).toEqual([plain, inner, plain]);
    expect(chosen(of(policies, { inlineLimit: 100 }))).toEqual([plain, inner, inner]);
  });

  test("take the shortest form only where the one before is not enough, and the others then only as much as it takes", () => {
    const policies = [inline(form(50), form(40), form(20)), inline(form(50), form(45), form(44))];
    expect(
      needed(
        of(
          policies.map(({ forms }) => inline(forms[0], forms[1])),
          { inlineLimit: 80 },
        ),
      ),
    ).toEqual(["0 2 answer", "1 2 answer"]);
    expect(chosen(of(policies, { inlineLimit: 70 }))).toEqual([characters, plain]);
    expect(chosen(of(policies, { inlineLimit: 65 }))).toEqual([characters, inner]);
    expect(chosen(of(policies, { inlineLimit: 64 }))).toEqual([characters, characters]);
  });

  test("that are not replaced count and are not touched; where none is replaced, the sum is AWS's own business", () => {
    const kept: LadderPolicy = { ...inline(form(90)), action: "NONE" };
    expect(chosen(of([kept, kept]))).toEqual([plain, plain]);
    expect(needed(of([kept, inline(form(11))]))).toEqual(["1 1 answer"]);
    expect(chosen(of([{ ...kept, action: "DETACH_POLICY", forms: [form(0)] }, inline(form(100))]))).toEqual([
      plain,
      plain,
    ]);
  });

  test("move to managed policies where no form is enough: the fewest documents, then the plainest forms of the rest", () => {
    const policies = [movable(60, 1), movable(50, 1), movable(40, 1)];
    const missing = policies.map(({ forms }) => inline(...forms.map((one) => form(one?.size ?? 0))));
    expect(needed(of(missing))).toEqual([0, 1, 2].flatMap((i) => [0, 1, 2].map((j) => `${i} ${j} split`)));
    expect(chosen(of(policies))).toEqual([{ form: 0, isSplit: true }, inner, plain]);
    const dear = [movable(60, 3), movable(50, 1), movable(40, 1)];
    expect(chosen(of(dear))).toEqual([inner, { form: 0, isSplit: true }, inner]);
  });

  test("stay, in their shortest forms, where they need more managed policies than there may be", () => {
    const one = inline(form(90, 1), form(80, 1), form(80, 1));
    expect(chosen(of([one, one, one, one], { attachments: 2 }))).toEqual([inner, inner, inner, inner]);
    expect(chosen(of([one, one, one, one], { attachments: 3 })).filter(({ isSplit }) => isSplit)).toHaveLength(3);
    const stuck = inline(form(190, 0), form(180, 0), form(180, 0));
    expect(chosen(of([stuck]))).toEqual([inner]);
  });
});

describe("a shared policy in place", () => {
  test("climbs the forms, and is not split", () => {
    expect(climbInPlace(managed(form(100)), 100)).toEqual({ choices: [plain] });
    expect(climbInPlace(managed(form(101)), 100)).toEqual({ needs: [{ policy: 0, form: 1, what: "answer" }] });
    expect(climbInPlace(managed(form(101), form(99)), 100)).toEqual({ choices: [inner] });
    expect(climbInPlace(managed(form(301), form(250), form(200)), 100)).toEqual({ choices: [characters] });
    expect(climbInPlace({ ...managed(form(301)), action: "NONE" }, 100)).toEqual({ choices: [plain] });
  });
});

/** Sizes that shrink along the forms, as the refiner's do. */
const sizes = fc
  .tuple(fc.nat(30), fc.nat(30), fc.nat(30))
  .map(([least, more, most]) => [least + more + most + 1, least + more + 1, least + 1]);

test("as few documents as can be take the shortest form that is needed", () => {
  fc.assert(
    fc.property(fc.array(sizes, { minLength: 1, maxLength: 5 }), fc.nat(200), (documents, limit) => {
      const found = shorterForms(documents, limit);
      const all = documents.reduce<number[][]>(
        (ways, of3) => ways.flatMap((way) => of3.map((_, level) => [...way, level])),
        [[]],
      );
      const fits = (way: readonly number[]): boolean =>
        way.reduce((sum, level, i) => sum + (documents[i]?.[level] ?? 0), 0) <= limit;
      const fitting = all.filter(fits);
      expect(found === undefined).toBe(fitting.length === 0);
      if (found === undefined) return;
      expect(fits(found)).toBe(true);
      const top = Math.min(...fitting.map((way) => Math.max(...way)));
      expect(Math.max(...found)).toBe(top);
      const within = fitting.filter((way) => Math.max(...way) === top);
      const fewest = Math.min(...within.map((way) => inForm(top, way)));
      expect(top === 0 || inForm(top, found) === fewest).toBe(true);
      const sameTop = within.filter((way) => way.every((level, i) => (level === top) === (found[i] === top)));
      const fewestBefore = Math.min(...sameTop.map((way) => inForm(1, way)));
      expect(top < 2 || inForm(1, found) === fewestBefore).toBe(true);
    }),
    { numRuns: 500 },
  );
});

/** How many are written in a form. */
function inForm(level: number, forms: readonly number[]): number {
  return forms.filter((one) => one === level).length;
}

interface Moved {
  readonly parts: number;
  readonly saves: number;
}

function partsOf(moved: readonly Moved[]): number {
  return moved.reduce((sum, { parts }) => sum + parts, 0);
}

function savedBy(moved: readonly Moved[]): number {
  return moved.reduce((sum, { saves }) => sum + saves, 0);
}

/** All choices among some. */
function choicesOf(all: readonly Moved[]): readonly (readonly Moved[])[] {
  const [one, ...rest] = all;
  if (one === undefined) return [[]];
  const without = choicesOf(rest);
  return [...without, ...without.map((choice) => [one].concat(choice))];
}

test("the fewest documents are moved that save enough", () => {
  const some = fc.array(fc.record({ parts: fc.integer({ min: 1, max: 3 }), saves: fc.nat(50) }), { maxLength: 6 });
  fc.assert(
    fc.property(some, fc.integer({ min: 1, max: 120 }), fc.nat(8), (documents, enough, most) => {
      const found = fewestDocuments(documents, enough, most);
      const least = Math.min(
        ...choicesOf(documents)
          .filter((choice) => savedBy(choice) >= enough)
          .map(partsOf),
      );
      expect(found === undefined).toBe(least > most);
      if (found === undefined) return;
      expect(savedBy(found)).toBeGreaterThanOrEqual(enough);
      expect(partsOf(found)).toBe(least);
    }),
    { numRuns: 500 },
  );
});
