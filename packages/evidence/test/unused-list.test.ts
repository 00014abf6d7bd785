import { describe, expect, test } from "vitest";
import { readUnusedAlone } from "../src/index.ts";
import { ROLE_ARN, codes, places, readJson, readText } from "./samples.ts";

const LIST = [{ serviceNamespace: "s3", actions: ["GetBucketAcl", "s3:PutObject"] }, { serviceNamespace: "sqs" }];

describe("bound to a principal", () => {
  test("is a report on it", () => {
    expect(readJson({ arn: ROLE_ARN, unused: LIST })).toMatchObject({
      kinds: ["list of unused actions"],
      usage: [
        {
          principalArn: ROLE_ARN,
          source: "plain-list",
          reportId: "",
          active: true,
          updatedAt: null,
          lines: [
            { service: "s3", actions: ["GetBucketAcl", "PutObject"] },
            { service: "sqs", actions: null },
          ],
        },
      ],
      diagnostics: [],
    });
  });

  test("an empty list says that everything is used", () => {
    const evidence = readJson({ arn: ROLE_ARN, unused: [] });
    expect(evidence.usage).toMatchObject([{ principalArn: ROLE_ARN, lines: [] }]);
    expect(evidence.diagnostics).toEqual([]);
  });

  test("several, in a list or one on each line", () => {
    const two = [
      { arn: ROLE_ARN, unused: LIST },
      { arn: "arn:aws:iam::111122223333:user/a", unused: LIST },
    ];
    for (const text of [JSON.stringify(two), two.map((item) => JSON.stringify(item)).join("\n")]) {
      expect(readText(text).usage.map(({ principalArn }) => principalArn)).toEqual(two.map(({ arn }) => arn));
    }
  });

  test.each([
    ["an arn of no principal", { arn: "arn:aws:s3:::x", unused: [] }, "wrong-shape at /arn"],
    ["no text for an arn", { arn: 5, unused: [] }, "wrong-shape at /arn"],
    ["no list", { arn: ROLE_ARN, unused: {} }, "wrong-shape at /unused"],
    ["null", { arn: ROLE_ARN, unused: null }, "wrong-shape at /unused"],
    ["bare names", { arn: ROLE_ARN, unused: ["s3:GetObject"] }, "wrong-shape at /unused/0"],
    ["no service", { arn: ROLE_ARN, unused: [{ actions: [] }] }, "wrong-shape at /unused/0/serviceNamespace"],
    [
      "actions as objects",
      { arn: ROLE_ARN, unused: [{ serviceNamespace: "s3", actions: [{ action: "GetObject" }] }] },
      "wrong-shape at /unused/0/actions/0",
    ],
    [
      "a wildcard",
      { arn: ROLE_ARN, unused: [...LIST, { serviceNamespace: "ec2", actions: ["*"] }] },
      "bad-action-name at /unused/2",
    ],
    ["a field that is none of ours", { arn: ROLE_ARN, unused: [], comment: "x" }, "wrong-shape at "],
  ])("%s: the whole list is refused", (_, value, place) => {
    const evidence = readJson(value);
    expect(places(evidence)).toEqual([place]);
    expect(evidence.usage).toEqual([]);
  });

  test.each(["Actions", "action", "unusedActions"])(
    "a misspelt `actions`, `%s`, does not turn a few actions into the whole service",
    (name) => {
      const evidence = readJson({ arn: ROLE_ARN, unused: [{ serviceNamespace: "s3", [name]: ["GetBucketAcl"] }] });
      expect(places(evidence)).toEqual(["wrong-shape at /unused/0"]);
      expect(evidence.diagnostics[0]?.message).toContain(name);
      expect(evidence.usage).toEqual([]);
    },
  );

  test("when a service was last accessed may stand beside it, as in a finding", () => {
    const unused = [{ serviceNamespace: "s3", lastAccessed: "2026-01-01T00:00:00Z", actions: ["GetBucketAcl"] }];
    expect(readJson({ arn: ROLE_ARN, unused }).usage).toMatchObject([
      { lines: [{ service: "s3", lastAccessed: "2026-01-01T00:00:00.000Z", actions: ["GetBucketAcl"], accessed: [] }] },
    ]);
  });

  test.each([
    ["2026-09-24", "2026-09-24T00:00:00.000Z"],
    ["2026-09-24T09:38:48Z", "2026-09-24T09:38:48.000Z"],
    ["2026-09-24T11:38:48.500+02:00", "2026-09-24T09:38:48.500Z"],
    ["2026-09-24T09:38:48", "2026-09-24T09:38:48.000Z"],
    [null, null],
    [undefined, null],
  ])("date %j says when the list was made", (date, updatedAt) => {
    const evidence = readJson({ arn: ROLE_ARN, date, unused: LIST });
    expect(evidence.usage).toMatchObject([{ updatedAt }]);
    expect(evidence.diagnostics).toEqual([]);
  });

  test.each(["yesterday", "24.09.2026", "2026-02-31", "2026-13-01", "", "2026-09-24T25:00:00Z", 1_790_242_728, {}])(
    "date %j is none: the list is refused, not taken for one without a date",
    (date) => {
      const evidence = readJson({ arn: ROLE_ARN, date, unused: LIST });
      expect(places(evidence)).toEqual(["wrong-shape at /date"]);
      expect(evidence.usage).toEqual([]);
    },
  );

  test.each([
    ["absent", undefined, null],
    ["null", null, null],
    ["no date", "long ago", null],
    ["a date", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000Z"],
  ])("lastAccessed of a whole service: %s", (_, lastAccessed, expected) => {
    expect(readJson({ arn: ROLE_ARN, unused: [{ serviceNamespace: "s3", lastAccessed }] }).usage[0]?.lines).toEqual([
      { service: "s3", lastAccessed: expected, actions: null, accessed: [] },
    ]);
  });

  test("a field of the wrapper is named on one line, whatever it holds", () => {
    const evidence = readText(`{"arn":"${ROLE_ARN}","unused":[],"a\\nb\\u001b[2J":1}`);
    expect(evidence.diagnostics[0]?.message).toBe("`a\\u{a}b\\u{1b}[2J` is no key of this form");
  });
});

describe("bound to nobody", () => {
  test("is known for what it is, and the hint says how to bind it", () => {
    const evidence = readJson(LIST);
    expect(places(evidence)).toEqual(["unbound-unused-list at "]);
    expect(evidence.diagnostics[0]?.hint).toContain('"arn"');
    expect(evidence.usage).toEqual([]);
  });

  test("on a line of several", () => {
    expect(places(readText(`${JSON.stringify(LIST)}\n${JSON.stringify({ arn: ROLE_ARN, unused: LIST })}\n`))).toEqual([
      "unbound-unused-list at line 1",
    ]);
  });

  test("an empty list could be anything, and says so", () => {
    const evidence = readText("[]");
    expect(codes(evidence)).toEqual(["unrecognised-input"]);
    expect(evidence.diagnostics[0]?.message).toBe("an empty list is nothing that Leastwise knows");
  });
});

describe("beside one policy", () => {
  const U = [
    { service: "s3", whole: false, names: ["getbucketacl", "putobject"] },
    { service: "sqs", whole: true, names: [] },
  ];

  test("bound or not, it is U", () => {
    expect(readUnusedAlone(LIST)).toEqual({ unused: U });
    expect(readUnusedAlone({ arn: ROLE_ARN, unused: LIST })).toEqual({ unused: U });
    expect(readUnusedAlone({ arn: "whoever", unused: LIST })).toEqual({ unused: U });
  });

  test("an empty list is an empty U", () => {
    expect(readUnusedAlone([])).toEqual({ unused: [] });
  });

  test("the whole of iam leaves iam:PassRole, which no service report can see (SEMANTICS 6)", () => {
    expect(readUnusedAlone([{ serviceNamespace: "iam" }])).toEqual({
      unused: [{ service: "iam", whole: true, names: ["passrole"] }],
    });
    expect(readUnusedAlone([{ serviceNamespace: "iam" }, { serviceNamespace: "iam", actions: ["PassRole"] }])).toEqual({
      unused: [{ service: "iam", whole: true, names: [] }],
    });
  });

  test.each([
    ["text", "s3:GetObject", ""],
    ["null", null, ""],
    ["bare names", ["s3:GetObject"], "/0"],
    ["a wildcard in the second line", [LIST[0], { serviceNamespace: "s3", actions: ["Get*"] }], "/1"],
    ["a misspelt field", [{ serviceNamespace: "s3", Actions: ["GetObject"] }], "/0"],
    ["a bound list of a wrong shape", { arn: ROLE_ARN, unused: [{}] }, "/unused/0/serviceNamespace"],
    ["a bound list with a wildcard", { arn: ROLE_ARN, unused: [{ serviceNamespace: "*" }] }, "/unused/0"],
  ])("%s: what is wrong, with the place", (_, value, pointer) => {
    expect(readUnusedAlone(value)).toEqual({ pointer, message: expect.stringMatching(/^[^A-Z].*[^.]$/) });
  });
});

test("300,000 services in one list are read like one", () => {
  const actions = Array.from({ length: 300_000 }, (_, index) => `s${index}:Get`);
  expect(readJson({ arn: ROLE_ARN, unused: [{ serviceNamespace: "s3", actions }] }).usage[0]?.lines.length).toBe(
    300_000,
  );
});
