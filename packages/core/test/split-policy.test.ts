import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { packBins } from "../src/fit/bin-packing.ts";
import { splitPolicy } from "../src/fit/split-policy.ts";
import { type PolicyDocument, type Statement, statementsOf } from "../src/policy/document.ts";
import { splitViolations } from "../src/verify/split.ts";

function length(value: unknown): number {
  return JSON.stringify(value).length;
}

function policyOf(...statements: readonly Statement[]): PolicyDocument {
  return { Version: "2012-10-17", Id: "team", Statement: statements };
}

function allow(more: object): Statement {
  return { Effect: "Allow", Resource: "*", ...more };
}

function names(prefix: string, number: number): readonly string[] {
  return Array.from({ length: number }, (_, i) => `${prefix}${String(i).padStart(3, "0")}`);
}

function parts(policy: PolicyDocument, limit: number, keptSids?: readonly string[]): readonly PolicyDocument[] {
  const split = splitPolicy(policy, limit, keptSids);
  if (split === undefined) throw new Error("it cannot be split");
  return split.parts;
}

describe("a policy that is too large", () => {
  test("becomes as many as it takes, its statements whole and in their order", () => {
    const statements = names("s3:Get", 6).map((action, i) => allow({ Sid: `S${i}`, Action: [action] }));
    const policy = policyOf(...statements);
    const frame = length(policyOf());
    const three = frame + 3 * length(statements[0]) + 2;
    expect(parts(policy, three)).toEqual([policyOf(...statements.slice(0, 3)), policyOf(...statements.slice(3))]);
    expect(splitPolicy(policy, three)?.isFewest).toBe(true);
    expect(parts(policy, three - 1)).toHaveLength(3);
    expect(parts(policy, length(policy) - 1)).toHaveLength(2);
  });

  test("that is within the limit is its own only part, as it is", () => {
    const policy = policyOf(allow({ Action: "s3:GetObject" }));
    expect(parts(policy, length(policy))).toEqual([policy]);
    expect(splitPolicy(policy, length(policy) - 1)).toBeUndefined();
  });

  test("is packed better than first fit would", () => {
    const sizes = [4, 4, 4, 3, 3, 3, 3]; // first fit decreasing takes 3 bins of 12, 4+4+4 and 3+3+3+3 are 2
    expect(packBins(sizes, 12)).toMatchObject({ bins: { length: 2 }, isFewest: true });
    const harder = [5, 5, 4, 4, 3, 3, 3, 3]; // first fit: 5+5, 4+4, 3+3+3, 3 in bins of 10; 5+5 leaves 20 in 2 bins: 4+3+3 twice
    expect(packBins(harder, 10)).toMatchObject({ bins: { length: 3 }, isFewest: true });
  });
});

describe("a statement that is too large by itself", () => {
  const large = allow({ Sid: "Read", Action: names("s3:GetObject", 30) });

  test("is cut along its actions, under Sids of letters and digits that stand nowhere else", () => {
    const other = allow({ Sid: "Read1", Action: "sqs:SendMessage" });
    const found = parts(policyOf(large, other), 330).flatMap((part) => statementsOf(part));
    const pieces = found.filter(({ Sid }) => Sid !== "Read1");
    expect(pieces.map(({ Sid }) => Sid)).toEqual(pieces.map((_, i) => `Read${i + 2}`));
    expect(pieces.flatMap(({ Action }) => Action)).toEqual(large.Action);
    expect(found).toContainEqual(other);
  });

  test("is cut along its resources where they are what is long", () => {
    const resources = names("arn:aws:s3:::bucket-of-a-team-", 20);
    const statement = allow({ Action: ["s3:GetObject", "s3:PutObject"], Resource: resources });
    const found = parts(policyOf(statement), 400).flatMap((part) => statementsOf(part));
    expect(found.flatMap(({ Resource }) => Resource)).toEqual(resources);
    for (const { Action } of found) expect(Action).toEqual(statement.Action);
  });

  test("of NotAction is cut along its resources, and never along what it leaves out", () => {
    const statement = {
      Effect: "Allow",
      NotAction: names("iam:Get", 20),
      Resource: names("arn:aws:s3:::", 30),
    } as const;
    for (const part of parts(policyOf(statement), 700))
      for (const { NotAction } of statementsOf(part)) expect(NotAction).toEqual(statement.NotAction);
    const everywhere = { Effect: "Allow", NotAction: names("iam:Get", 60), Resource: "*" } as const;
    expect(splitPolicy(policyOf(everywhere), 700)).toBeUndefined();
  });

  test("of Deny is cut likewise, since denying two lists denies both", () => {
    const statement: Statement = { Effect: "Deny", Action: names("s3:Delete", 40), Resource: "*" };
    const found = parts(policyOf(statement), 300).flatMap((part) => statementsOf(part));
    expect(found.every(({ Effect }) => Effect === "Deny")).toBe(true);
    expect(found.flatMap(({ Action }) => Action)).toEqual(statement.Action);
  });

  test("is not cut along its conditions, nor where its Sid keeps it", () => {
    const condition = { StringEquals: { "aws:ResourceTag/team": names("team", 60) } };
    expect(splitPolicy(policyOf(allow({ Action: "s3:GetObject", Condition: condition })), 300)).toBeUndefined();
    expect(splitPolicy(policyOf(large), 330, ["Read"])).toBeUndefined();
    expect(splitPolicy(policyOf({ ...large, Effect: "Deny" }), 330, ["Read"])).toBeDefined();
  });

  test("that is the single statement of a policy stays a single statement in each part", () => {
    const policy = { Version: "2012-10-17", Statement: large };
    const found = parts(policy, 330);
    expect(found.every(({ Statement: one }) => !Array.isArray(one))).toBe(true);
    expect(found.map((part) => statementsOf(part)[0]?.Sid)).toEqual(["Read1", "Read2", "Read3"]);
    expect(splitViolations(policy, found, 330)).toEqual([]);
  });
});

/** A statement has exactly one of Action and NotAction. */
function withOneElement(drawn: Partial<Statement> & Pick<Statement, "Effect">): Statement {
  if (drawn.Action !== undefined) return without(drawn, "NotAction");
  return { ...drawn, NotAction: drawn.NotAction ?? "a" };
}

const item = fc.string({ minLength: 1, maxLength: 12 });
const list = fc.oneof(item, fc.array(item, { minLength: 1, maxLength: 12 }));
const statement: fc.Arbitrary<Statement> = fc
  .record(
    {
      Sid: fc.constantFrom("", "A", "A1", "B", "Read"),
      Effect: fc.constantFrom("Allow" as const, "Deny" as const),
      Action: list,
      NotAction: list,
      Resource: list,
      Condition: fc.constantFrom({ Bool: { "aws:SecureTransport": "true" } }),
    },
    { requiredKeys: ["Effect"] },
  )
  .map(withOneElement);
const policy: fc.Arbitrary<PolicyDocument> = fc.record(
  { Version: fc.constant("2012-10-17"), Id: item, Statement: fc.array(statement, { minLength: 1, maxLength: 10 }) },
  { requiredKeys: ["Statement"] },
);

describe("whatever the policy", () => {
  test("a split passes the independent check, and keeps every part within the limit", () => {
    let cut = 0;
    fc.assert(
      fc.property(policy, fc.integer({ min: 100, max: 500 }), fc.boolean(), (whole, limit, keeps) => {
        const keptSids = keeps ? ["A"] : [];
        const split = splitPolicy(whole, limit, keptSids);
        if (split === undefined) return;
        if (split.parts.length > 1) cut++;
        expect(splitViolations(whole, split.parts, limit, keptSids)).toEqual([]);
        expect(split).toEqual(splitPolicy(whole, limit, keptSids));
      }),
      { numRuns: 600 },
    );
    expect(cut).toBeGreaterThan(100);
  });

  test("it cannot be split only where a statement can be cut along neither list", () => {
    fc.assert(
      fc.property(policy, fc.integer({ min: 60, max: 300 }), (whole, limit) => {
        if (splitPolicy(whole, limit) !== undefined) return;
        const alone = statementsOf(whole).filter((one) => {
          const smallest = (["Action", "Resource"] as const).map((of) => {
            const items = one[of];
            if (!Array.isArray(items) || items.length < 2) return Infinity;
            return Math.max(
              ...items.map((each: unknown) => length({ ...whole, Statement: [{ ...one, [of]: [each] }] })),
            );
          });
          return Math.min(length({ ...whole, Statement: [one] }), ...smallest) > limit - 3; // a number behind the Sid
        });
        expect(alone).not.toEqual([]);
      }),
    );
  });
});

/** The least number of bins by trying all ways. */
function fewestBins(weights: readonly number[], capacity: number, bins: readonly number[] = []): number {
  const [weight, ...rest] = weights;
  if (weight === undefined) return bins.length;
  const into = bins.flatMap((used, i) =>
    used + weight <= capacity ? [fewestBins(rest, capacity, bins.with(i, used + weight))] : [],
  );
  return Math.min(fewestBins(rest, capacity, [...bins, weight]), ...into);
}

test("bins are as few as can be, where they are said to be; items are in one bin each", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 8 }), (weights) => {
      const { bins, isFewest } = packBins(weights, 20);
      expect(bins.flat().sort((a, b) => a - b)).toEqual(weights.map((_, i) => i));
      for (const bin of bins) expect(bin.reduce((sum, i) => sum + (weights[i] ?? 0), 0)).toBeLessThanOrEqual(20);
      expect(isFewest).toBe(true);
      expect(bins).toHaveLength(fewestBins(weights, 20));
    }),
  );
});

test("bins of thousands of items are found without trying all ways", () => {
  const weights = Array.from({ length: 3000 }, (_, i) => 101 + ((i * 7919) % 900));
  const { bins } = packBins(weights, 1000);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  expect(bins.length).toBeLessThan((1.05 * sum) / 1000);
});

function piece(one: Statement): boolean {
  return /^Read\d$/.test(one.Sid ?? "");
}

function first(one: Statement): boolean {
  return one.Sid === "Read1";
}

function without<T extends object>(value: T, key: keyof T): T {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key)) as T; // less what is left out
}

function withStatements(part: PolicyDocument, statements: PolicyDocument["Statement"]): PolicyDocument {
  return { ...part, Statement: statements };
}

describe("a wrong split is refused", () => {
  const read = allow({ Sid: "Read", Action: names("s3:GetObject", 12) });
  const write = allow({
    Sid: "Write",
    Action: ["s3:PutObject"],
    Condition: { Bool: { "aws:SecureTransport": "true" } },
  });
  const deny: Statement = { Effect: "Deny", Action: ["s3:DeleteObject"], Resource: "*" };
  const whole = policyOf(read, write, deny);
  const right = parts(whole, 260);
  const alter = (change: (statement: Statement, part: number, place: number) => Statement): readonly PolicyDocument[] =>
    right.map((part, i) =>
      withStatements(
        part,
        statementsOf(part).map((one, j) => change(one, i, j)),
      ),
    );

  test("the right one is not, and has a statement in pieces", () => {
    expect(splitViolations(whole, right, 260)).toEqual([]);
    expect(right.length).toBeGreaterThan(2);
    expect(right.flatMap((part) => statementsOf(part)).filter(piece).length).toBeGreaterThan(1);
  });

  const wrong: Readonly<Record<string, readonly PolicyDocument[]>> = {
    "a part is missing": right.slice(1),
    "a part is there twice": [...right, right[0]!], // it has parts, here and below
    "there is none": [],
    "an action is lost": alter((one) =>
      first(one) ? { ...one, Action: (one.Action as readonly string[]).slice(1) } : one,
    ),
    "an action is added": alter((one) =>
      first(one) ? { ...one, Action: [...(one.Action as readonly string[]), "s3:*"] } : one,
    ),
    "an action is in two pieces": alter((one) =>
      piece(one) && !first(one) ? { ...one, Action: ["s3:GetObject000", ...(one.Action as readonly string[])] } : one,
    ),
    "a condition is lost": alter((one) => without(one, "Condition")),
    "a piece has another resource": alter((one) => (first(one) ? { ...one, Resource: "arn:aws:s3:::b" } : one)),
    "a Deny has become an Allow": alter((one) => (one.Effect === "Deny" ? { ...one, Effect: "Allow" } : one)),
    "a Deny is lost": alter((one) => one).map((part) =>
      withStatements(
        part,
        statementsOf(part).filter(({ Effect }) => Effect !== "Deny"),
      ),
    ),
    "a statement is added": right.map((part, i) =>
      i === 0 ? withStatements(part, [...statementsOf(part), allow({ Action: "iam:*" })]) : part,
    ),
    "two pieces have one Sid": alter((one) => (piece(one) ? { ...one, Sid: "Read1" } : one)),
    "a piece's Sid is another statement's": alter((one) => (piece(one) ? { ...one, Sid: "Write" } : one)),
    "a piece has no Sid": alter((one) => (first(one) ? without(one, "Sid") : one)),
    "a Sid has a sign": alter((one) => (piece(one) ? { ...one, Sid: one.Sid?.replace("Read", "Read-") ?? "" } : one)),
    "the Version is another": right.map((part) => ({ ...part, Version: "2008-10-17" })),
    "the Id is lost": right.map((part) => without(part, "Id")),
    "elements are in another order": right.map(({ Version, ...part }) => ({ ...part, Version: Version ?? "" })),
    "a part holds a statement where it should hold a list": right.map((part) =>
      statementsOf(part).length === 1 ? withStatements(part, statementsOf(part)[0]!) : part,
    ),
    "a part is empty": [...right, policyOf()],
    "statements are in another order": right.map((part) => withStatements(part, statementsOf(part).toReversed())),
    "a statement that would fit is cut": parts(policyOf(read, allow({ Sid: "Write", Action: ["a", "b"] })), 260),
  };

  test.each(Object.entries(wrong))("%s", (name, split) => {
    const of = name.startsWith("a statement that would fit")
      ? policyOf(read, allow({ Sid: "Write", Action: ["a", "b"] }))
      : whole;
    const given = of === whole ? split : split.flatMap((part) => halved(part));
    expect(splitViolations(of, given, 260)).not.toEqual([]);
  });

  test("a part is larger than the limit, by one character", () => {
    const largest = Math.max(...right.map(length));
    expect(splitViolations(whole, right, largest)).toEqual([]);
    expect(splitViolations(whole, right, largest - 1)).not.toEqual([]);
  });

  test("a statement whose Sid keeps it is cut", () => {
    expect(splitViolations(whole, right, 260, ["Rea"])).not.toEqual([]);
    expect(splitViolations(whole, right, 260, ["Deny"])).toEqual([]);
  });

  test("a statement is cut along two lists", () => {
    const both = allow({ Action: names("a", 10), Resource: names("r", 10) });
    const quarters = [0, 5].flatMap((i) =>
      [0, 5].map((j) =>
        policyOf({ ...both, Action: names("a", 10).slice(i, i + 5), Resource: names("r", 10).slice(j, j + 5) }),
      ),
    );
    expect(splitViolations(policyOf(both), quarters, 198)).not.toEqual([]);
    const rows = [0, 5].map((i) => policyOf({ ...both, Action: names("a", 10).slice(i, i + 5) }));
    expect(splitViolations(policyOf(both), rows, 198)).toEqual([]);
  });

  /** Parts in which the statement of two actions is cut though it would fit. */
  function halved(part: PolicyDocument): readonly PolicyDocument[] {
    const small = statementsOf(part).find(({ Sid }) => Sid === "Write");
    if (small === undefined) return [part];
    const others = statementsOf(part).filter(({ Sid }) => Sid !== "Write");
    const one: Statement = { ...small, Sid: "Write1", Action: ["a"] };
    return [policyOf(...others, one), policyOf({ ...small, Sid: "Write2", Action: ["b"] })];
  }
});

test("pieces of statements that differ in the cut list alone, and have no Sid, are told apart", () => {
  const whole = policyOf(allow({ Action: names("s3:Get", 12) }), allow({ Action: names("s3:Put", 12) }));
  const right = parts(whole, 180);
  expect(splitViolations(whole, right, 180)).toEqual([]);
  const mixed = right.map((part, i) => {
    const [one] = statementsOf(part);
    if (one === undefined || i > 0) return part;
    return withStatements(part, [{ ...one, Action: [...(one.Action as readonly string[]).slice(1), "s3:Put000"] }]);
  });
  expect(splitViolations(whole, mixed, 180)).not.toEqual([]);
});
