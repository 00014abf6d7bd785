import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { POLICY, ROLE_ARN, codes, places, readJson, readText, recommendation } from "./samples.ts";

const MANAGED = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const SMALL = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: ["s3:GetObject"], Resource: "*" }] };

function sha256(document: unknown): string {
  return createHash("sha256").update(JSON.stringify(document)).digest("hex");
}

/** The output of `get-recommended-policy-v2`, as Security Hub's API reference has it. */
function hub(fields: object = {}): Record<string, unknown> {
  return {
    RecommendationType: "UNUSED_PERMISSION_RECOMMENDATION",
    RecommendationSteps: [
      {
        UnusedPermissions: {
          RecommendedAction: "CREATE_POLICY",
          ExistingPolicy: JSON.stringify(POLICY),
          ExistingPolicyId: MANAGED,
          PolicyUpdatedAt: "2023-08-10T21:31:39+00:00",
          RecommendedPolicy: JSON.stringify(SMALL),
        },
      },
      { UnusedPermissions: { RecommendedAction: "DETACH_POLICY", ExistingPolicyId: MANAGED } },
    ],
    Status: "SUCCEEDED",
    ResourceArn: ROLE_ARN,
    ...fields,
  };
}

function step(fields: object): object {
  return { unusedPermissionsRecommendedStep: fields };
}

/** A recommendation of these steps: what becomes of it, or the code and place of what is wrong. */
function stepsOf(...recommendedSteps: readonly unknown[]): unknown {
  const evidence = readJson(recommendation({ recommendedSteps }));
  return places(evidence)[0] ?? evidence.awsRecommendations[0]?.steps;
}

describe("of IAM Access Analyzer", () => {
  test("is kept with its steps and the policies that they create", () => {
    const updated = "2023-08-10T21:31:39.000Z";
    const evidence = readJson(recommendation());
    expect(evidence).toMatchObject({ kinds: ["recommendation by AWS"], usage: [], policies: [], diagnostics: [] });
    expect(evidence.awsRecommendations).toEqual([
      {
        principalArn: ROLE_ARN,
        source: "access-analyzer",
        status: "SUCCEEDED",
        error: "",
        completedAt: "2026-09-24T09:00:04.000Z",
        steps: [
          {
            recommendedAction: "CREATE_POLICY",
            policyId: MANAGED,
            policyUpdatedAt: updated,
            recommendedSha256: sha256(POLICY),
            existingSha256: null,
          },
          {
            recommendedAction: "DETACH_POLICY",
            policyId: MANAGED,
            policyUpdatedAt: updated,
            recommendedSha256: null,
            existingSha256: null,
          },
          {
            recommendedAction: "DETACH_POLICY",
            policyId: "inline",
            policyUpdatedAt: null,
            recommendedSha256: null,
            existingSha256: null,
          },
        ],
      },
    ]);
    expect(evidence.documents).toEqual([{ sha256: sha256(POLICY), text: JSON.stringify(POLICY) }]);
  });

  test.each(["UnusedPermissionRecommendation", "UNUSED_PERMISSION_RECOMMENDATION", null, undefined])(
    "type %s",
    (recommendationType) => {
      expect(readJson(recommendation({ recommendationType })).awsRecommendations.length).toBe(1);
    },
  );

  test("the action may be spelled in any case", () => {
    expect(
      stepsOf(
        step({ recommendedAction: "detach_policy", existingPolicyId: "a" }),
        step({ recommendedAction: "Create_Policy", existingPolicyId: "b", recommendedPolicy: JSON.stringify(SMALL) }),
      ),
    ).toMatchObject([{ recommendedAction: "DETACH_POLICY" }, { recommendedAction: "CREATE_POLICY" }]);
  });

  test("a policy may be URL-encoded", () => {
    const recommendedPolicy = encodeURIComponent(JSON.stringify(SMALL));
    expect(
      stepsOf(step({ recommendedAction: "CREATE_POLICY", existingPolicyId: "b", recommendedPolicy })),
    ).toMatchObject([{ recommendedSha256: sha256(SMALL) }]);
  });

  test.each([
    [
      "with code and message",
      { code: "InternalError", message: "Please try again" },
      "InternalError: Please try again",
    ],
    ["with a code alone", { code: "NotSupported", message: null }, "NotSupported"],
    ["without a reason", null, ""],
  ])("one that failed %s is kept with it", (_, error, expected) => {
    const failed = recommendation({ status: "FAILED", error, completedAt: null, recommendedSteps: undefined });
    expect(readJson(failed).awsRecommendations).toEqual([
      {
        principalArn: ROLE_ARN,
        source: "access-analyzer",
        status: "FAILED",
        error: expected,
        completedAt: null,
        steps: [],
      },
    ]);
  });

  test("one in progress, and one of no steps", () => {
    const open = recommendation({ status: "IN_PROGRESS", completedAt: undefined, recommendedSteps: null });
    expect(readJson([open, recommendation({ recommendedSteps: [] })])).toMatchObject({
      awsRecommendations: [
        { status: "IN_PROGRESS", steps: [] },
        { status: "SUCCEEDED", steps: [] },
      ],
      diagnostics: [],
    });
  });

  test("pages are records of their own; so are several in a list or one on each line", () => {
    const pages = [
      recommendation({
        nextToken: "AAA",
        recommendedSteps: [step({ recommendedAction: "DETACH_POLICY", existingPolicyId: "a" })],
      }),
      recommendation({ recommendedSteps: [step({ recommendedAction: "DETACH_POLICY", existingPolicyId: "b" })] }),
    ];
    for (const text of [JSON.stringify(pages), pages.map((page) => JSON.stringify(page)).join("\n")]) {
      expect(readText(text).awsRecommendations.map(({ steps }) => steps[0]?.policyId)).toEqual(["a", "b"]);
    }
  });

  test.each([
    ["no document", undefined, ""],
    ["null for a document", null, ""],
    ["an empty document", " ", ""],
    ["text that is no JSON", "{", ""],
    ["a document that is no policy", JSON.stringify({ Version: "2012-10-17" }), "/Statement"],
  ])("%s to create: the recommendation is refused, the file's others are kept", (_, recommendedPolicy, pointer) => {
    const bad = recommendation({
      recommendedSteps: [
        step({ recommendedAction: "CREATE_POLICY", existingPolicyId: "a", recommendedPolicy: JSON.stringify(SMALL) }),
        step({ recommendedAction: "CREATE_POLICY", existingPolicyId: "b", recommendedPolicy }),
      ],
    });
    const evidence = readJson([bad, recommendation()]);
    expect(places(evidence)).toEqual([
      `invalid-policy at /0/recommendedSteps/1/unusedPermissionsRecommendedStep/recommendedPolicy${pointer}`,
    ]);
    expect(evidence.awsRecommendations.length).toBe(1);
    expect(evidence.documents.map(({ sha256: hash }) => hash)).toEqual([sha256(POLICY)]);
  });

  test.each([
    ["no resource", { resourceArn: undefined }, "wrong-shape at /resourceArn"],
    ["a bucket", { resourceArn: "arn:aws:s3:::orders" }, "wrong-shape at /resourceArn"],
    ["no status", { status: undefined }, "wrong-shape at /status"],
    ["an unknown status", { status: "DONE" }, "wrong-shape at /status"],
    ["another type", { recommendationType: "SomethingNew" }, "unsupported-input at /recommendationType"],
    ["steps that are none", { recommendedSteps: {} }, "wrong-shape at /recommendedSteps"],
    ["an error that is text", { error: "x" }, "wrong-shape at /error"],
  ])("%s: refused", (_, fields, place) => {
    const evidence = readJson(recommendation(fields));
    expect(places(evidence)).toEqual([place]);
    expect(evidence.awsRecommendations).toEqual([]);
  });

  test.each([
    ["another kind of step", { futureStep: {} }, ""],
    ["no action", step({ existingPolicyId: "a" }), "/recommendedAction"],
    [
      "an action that AWS does not have",
      step({ recommendedAction: "KEEP", existingPolicyId: "a" }),
      "/recommendedAction",
    ],
    ["no policy", step({ recommendedAction: "DETACH_POLICY" }), "/existingPolicyId"],
    ["an empty policy id", step({ recommendedAction: "DETACH_POLICY", existingPolicyId: "" }), "/existingPolicyId"],
  ])("a step with %s: refused", (_, value, pointer) => {
    const place = "wrong-shape at /recommendedSteps/0/unusedPermissionsRecommendedStep";
    expect(stepsOf(value)).toBe(place + pointer);
  });

  test("what `leastwise export --format access-analyzer` writes is read back", () => {
    const line =
      '{"recommendationType":"UnusedPermissionRecommendation","resourceArn":"arn:aws:iam::111122223333:user/a","status":"SUCCEEDED",' +
      '"startedAt":"2026-11-21T00:00:00.000Z","completedAt":"2026-11-21T00:00:01.000Z","recommendedSteps":[' +
      `{"unusedPermissionsRecommendedStep":{"recommendedAction":"CREATE_POLICY","existingPolicyId":"own","recommendedPolicy":${JSON.stringify(JSON.stringify(SMALL))}}},` +
      '{"unusedPermissionsRecommendedStep":{"recommendedAction":"DETACH_POLICY","existingPolicyId":"own"}}]}';
    const evidence = readText(`${line}\n${line}\n`);
    expect(evidence.diagnostics).toEqual([]);
    expect(evidence.awsRecommendations).toMatchObject([
      { principalArn: "arn:aws:iam::111122223333:user/a", steps: [{ recommendedSha256: sha256(SMALL) }, {}] },
      {},
    ]);
  });
});

describe("of Security Hub", () => {
  test("shows the existing policies too", () => {
    const evidence = readJson(hub());
    expect(evidence.diagnostics).toEqual([]);
    expect(evidence.awsRecommendations).toEqual([
      {
        principalArn: ROLE_ARN,
        source: "security-hub",
        status: "SUCCEEDED",
        error: "",
        completedAt: null,
        steps: [
          {
            recommendedAction: "CREATE_POLICY",
            policyId: MANAGED,
            policyUpdatedAt: "2023-08-10T21:31:39.000Z",
            recommendedSha256: sha256(SMALL),
            existingSha256: sha256(POLICY),
          },
          {
            recommendedAction: "DETACH_POLICY",
            policyId: MANAGED,
            policyUpdatedAt: null,
            recommendedSha256: null,
            existingSha256: null,
          },
        ],
      },
    ]);
    expect(evidence.documents.map(({ sha256: hash }) => hash).sort()).toEqual([sha256(SMALL), sha256(POLICY)].sort());
  });

  test.each([null, undefined, ""])("an existing policy of %j is none", (ExistingPolicy) => {
    const RecommendationSteps = [
      { UnusedPermissions: { RecommendedAction: "DETACH_POLICY", ExistingPolicyId: "inline", ExistingPolicy } },
    ];
    expect(readJson(hub({ RecommendationSteps })).awsRecommendations).toMatchObject([
      { steps: [{ existingSha256: null }] },
    ]);
  });

  test("one that failed, as for a role of Identity Center", () => {
    const Error = { Code: "NOT_SUPPORTED", Message: "Identity Center principals are not supported" };
    expect(readJson(hub({ Status: "FAILED", Error, RecommendationSteps: null })).awsRecommendations).toMatchObject([
      { status: "FAILED", error: "NOT_SUPPORTED: Identity Center principals are not supported", steps: [] },
    ]);
  });

  test("an existing policy that is none refuses the recommendation, with its own field's name", () => {
    const RecommendationSteps = [
      { UnusedPermissions: { RecommendedAction: "DETACH_POLICY", ExistingPolicyId: "inline", ExistingPolicy: "{" } },
    ];
    expect(places(readJson(hub({ RecommendationSteps })))).toEqual([
      "invalid-policy at /RecommendationSteps/0/UnusedPermissions/ExistingPolicy",
    ]);
  });

  test.each([
    ["no resource", { ResourceArn: undefined }, "/ResourceArn"],
    ["no status", { Status: null }, "/Status"],
    [
      "a step of no policy",
      { RecommendationSteps: [{ UnusedPermissions: { RecommendedAction: "DETACH_POLICY" } }] },
      "/RecommendationSteps/0/UnusedPermissions/ExistingPolicyId",
    ],
  ])("%s: refused", (_, fields, pointer) => {
    const evidence = readJson(hub(fields));
    expect(places(evidence)).toEqual([`wrong-shape at ${pointer}`]);
    expect(codes(evidence)).toEqual(["wrong-shape"]);
  });
});
