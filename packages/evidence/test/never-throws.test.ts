import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readDocument, readEvidence, readIamCollect, readUnusedAlone } from "../src/index.ts";
import { record } from "./cloudtrail-samples.ts";
import { filesOf } from "./demo.ts";
import {
  ROLE_ARN,
  account,
  faultsOf,
  finding,
  lastAccessed,
  managedPolicy,
  recommendation,
  role,
  withInline,
} from "./samples.ts";

/** Any value that JSON.parse can give: also `__proto__` keys, lone surrogates, and the names that the forms look for. */
const NAMES = `
  UserDetailList RoleDetailList GroupDetailList Policies PolicyVersionList Document Arn RoleName
  RolePolicyList PolicyName PolicyDocument AttachedManagedPolicies PolicyArn findingType findingDetails findings
  unusedPermissionDetails serviceNamespace actions status arn unused details Statement
  Effect Action NotAction Records eventTime eventSource eventName userIdentity type Events CloudTrailEvent detail __proto__ constructor
  Effect Action NotAction Records __proto__ constructor
  JobStatus JobType JobId ServicesLastAccessed ServiceNamespace TrackedActionsLastAccessed ActionName LastAuthenticated
  recommendedSteps unusedPermissionsRecommendedStep RecommendationSteps UnusedPermissions resourceArn ResourceArn Status
  Findings metadata class_uid detail detail-type source Actions Name Roles Policy date Tags Key
`
  .trim()
  .split(/\s+/);
const LEAVES = [
  ROLE_ARN,
  "UnusedPermission",
  "ACTIVE",
  "Allow",
  "s3:*",
  "%7B%7D",
  "{}",
  "",
  "2026-09-24T09:00:00Z",
  "AssumedRole",
  "COMPLETED",
  "aws.securityhub",
];

const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "medium", withCrossShrink: true },
    fc.constantFrom<unknown>(...LEAVES, null, true, 0, -1.5, 1e300),
    fc.string({ unit: "binary" }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(fc.oneof(fc.constantFrom(...NAMES), fc.string()), tie("value")), { maxLength: 5 }).map(asParsed),
  ),
})).value;

/** An object with own keys alone, as JSON.parse makes it, for which `__proto__` is a key like any other. */
function asParsed(entries: readonly (readonly [string, unknown])[]): unknown {
  return JSON.parse(`{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",")}}`);
}

/** A valid input with one part of it replaced by anything. */
const almostValid = fc
  .tuple(
    fc.constantFrom<unknown>(
      account({
        RoleDetailList: [role({ AttachedManagedPolicies: [{ PolicyArn: ROLE_ARN }] })],
        Policies: [managedPolicy()],
      }),
      withInline({ Statement: [{ Effect: "Allow", Action: ["s3:*"], Resource: "*" }] }),
      finding(),
      finding({
        findingType: "UnusedIAMRole",
        findingDetails: [{ unusedIamRoleDetails: { lastAccessed: "2026-01-01" } }],
      }),
      { arn: ROLE_ARN, details: lastAccessed() },
      recommendation(),
      { arn: ROLE_ARN, unused: [{ serviceNamespace: "s3", actions: ["GetObject"] }] },
      { Records: [record(), record({ errorCode: "AccessDenied" })] },
      { Events: [{ CloudTrailEvent: JSON.stringify(record()) }] },
    ),
    fc.nat(),
    anything,
  )
  .map(([input, at, replacement]) => {
    const places = [...JSON.stringify(input).matchAll(/(?<=[:[,])(?:"[^"]*"(?!:)|true|false|null|\d+|\[\]|\{\})/g)];
    const place = places[at % places.length];
    const text = JSON.stringify(input);
    if (place === undefined) return text;
    return text.slice(0, place.index) + JSON.stringify(replacement) + text.slice(place.index + place[0].length);
  });

function readingFaults(file: Uint8Array): readonly string[] {
  const evidence = readEvidence("export.json", file);
  const silent = evidence.kinds.length + evidence.diagnostics.length === 0 ? ["silence"] : [];
  return [...silent, ...evidence.diagnostics.flatMap(faultsOf)];
}

describe("reading never throws, is never silent, and every diagnostic keeps the rules", () => {
  test("any JSON value", () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(readingFaults(Buffer.from(JSON.stringify(value)))).toEqual([]);
      }),
      { numRuns: 3000, seed: 20_260_927 },
    );
  });

  test("a valid input with one part replaced", () => {
    fc.assert(
      fc.property(almostValid, (text) => {
        expect(readingFaults(Buffer.from(text))).toEqual([]);
      }),
      { numRuns: 3000, seed: 20_260_927 },
    );
  });

  test("any values, one on each line", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            anything.map((value) => JSON.stringify(value)),
            fc.string(),
          ),
          { maxLength: 5 },
        ),
        (lines) => {
          expect(readingFaults(Buffer.from(`${JSON.stringify(finding())}\n${lines.join("\n")}`))).toEqual([]);
        },
      ),
      { numRuns: 1000, seed: 20_260_927 },
    );
  });

  test("any bytes, plain or behind the magic of gzip or of a byte order mark", () => {
    const heads = [[], [0x1f, 0x8b], [0x1f, 0x8b, 8, 0], [0xff, 0xfe], [0xfe, 0xff], [0xef, 0xbb, 0xbf]];
    fc.assert(
      fc.property(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 64 }), (head, bytes) => {
        expect(readingFaults(Uint8Array.from([...head, ...bytes]))).toEqual([]);
      }),
      { numRuns: 2000, seed: 20_260_927 },
    );
  });

  test("a document or a list beside a policy", () => {
    fc.assert(
      fc.property(anything, (value) => {
        const document = readDocument(value);
        expect("record" in document || document.message !== "").toBe(true);
        const list = readUnusedAlone(value);
        expect("unused" in list || list.message !== "").toBe(true);
      }),
      { numRuns: 2000, seed: 20_260_927 },
    );
  });
});

describe("a folder of an iam-collect store", () => {
  const names = [
    "metadata.json",
    "inline-policies.json",
    "managed-policies.json",
    "current-policy.json",
    "groups.json",
    "tags.json",
  ];
  const content = fc.oneof(
    anything.map((value) => JSON.stringify(value)),
    fc.constantFrom(JSON.stringify({ arn: ROLE_ARN }), '{"arn":"arn:aws:iam::aws:policy/X"}', "{", ""),
    fc.string({ unit: "binary" }),
  );

  test("of any files is never silent and never throws, and its diagnostics keep the rules", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...names), content), { maxLength: 6 }), (files) => {
        const parts = files.map(([name, text]) => ({ path: `role/x/${name}`, file: Buffer.from(text) }));
        const { diagnostics, principals, policies } = readIamCollect("role/x", parts);
        expect(diagnostics.flatMap(faultsOf)).toEqual([]);
        expect(diagnostics.length + principals.length + policies.length).toBeGreaterThan(0);
      }),
      { numRuns: 1500, seed: 20_261_122 },
    );
  });
});

test("any path binds last accessed details or leaves them unbound, and never throws", () => {
  const part = fc.constantFrom(
    ROLE_ARN,
    encodeURIComponent(ROLE_ARN),
    "111122223333",
    "roles",
    "user",
    "%E0%A4%A",
    "a.json",
    ".gz",
  );
  const path = fc.array(fc.oneof(part, fc.string()), { maxLength: 5 }).map((parts) => parts.join("/"));
  fc.assert(
    fc.property(path, (where) => {
      const { usage, diagnostics } = readEvidence(where || "x", Buffer.from(JSON.stringify(lastAccessed())));
      expect(diagnostics.flatMap(faultsOf)).toEqual([]);
      expect(usage.length + diagnostics.length).toBe(1);
    }),
    { numRuns: 1500, seed: 20_261_122 },
  );
});

describe("the demo organization's files, damaged", () => {
  const files = filesOf("").map((url) => readFileSync(url));

  test("up to three bytes changed anywhere", () => {
    const change = fc.tuple(
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.integer({ min: 0, max: 255 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.array(change, { minLength: 1, maxLength: 3 }), (file, changes) => {
        const damaged = Uint8Array.from(file);
        for (const [at, byte] of changes) damaged[Math.floor(at * damaged.length)] = byte;
        expect(readingFaults(damaged)).toEqual([]);
      }),
      { numRuns: 1500, seed: 20_260_927 },
    );
  });

  test("cut at 200 places: each says that the file is cut, none throws", () => {
    const [file] = filesOf("authorization-details/123456789012.json").map((url) => readFileSync(url));
    const whole = (file ?? Buffer.alloc(0)).toString("utf8").trimEnd();
    expect(whole.length).toBeGreaterThan(10_000);
    for (let cut = 0; cut < 200; cut++) {
      const length = 1 + Math.floor((cut * (whole.length - 1)) / 200);
      const { diagnostics, principals } = readEvidence("cut.json", Buffer.from(whole.slice(0, length)));
      expect(
        diagnostics.map(({ code }) => code),
        `cut at ${length}`,
      ).toEqual(["truncated-json"]);
      expect(principals).toEqual([]);
    }
  });

  test("a gzip file cut at 50 places", () => {
    const [file] = filesOf("authorization-details/210987654321.json.gz").map((url) => readFileSync(url));
    const whole = file ?? Buffer.alloc(0);
    expect(whole.length).toBeGreaterThan(1000);
    for (let cut = 0; cut < 50; cut++) {
      const length = 2 + Math.floor((cut * (whole.length - 2)) / 50);
      const { diagnostics } = readEvidence("cut.json.gz", whole.subarray(0, length));
      expect(
        diagnostics.map(({ code }) => code),
        `cut at ${length}`,
      ).toEqual(["damaged-gzip"]);
    }
  });
});
