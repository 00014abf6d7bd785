import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  NOTHING_UNUSED,
  type Unused,
  type UnusedReport,
  intersectionOf,
  isUnused,
  unionOf,
  unusedOf,
} from "../src/unused/unused.ts";

const RUNS = { seed: 2024, numRuns: 2000 };

/** Actions of a world with two services; `beyond` stands for all that no catalog and no report names. */
const SERVICES = ["iam", "s3"];
const NAMES = ["passrole", "a", "b", "c", "beyond"];
const WORLD = SERVICES.flatMap((service) => NAMES.map((name) => `${service}:${name}`));

const reports: fc.Arbitrary<readonly UnusedReport[]> = fc.array(
  fc.record({
    service: fc.constantFrom("iam", "IAM", "s3", "S3"),
    actions: fc.option(fc.array(fc.constantFrom("PassRole", "a", "A", "b", "C"), { maxLength: 4 }), { freq: 3 }),
  }),
  { maxLength: 5 },
);

/** Whole services less exceptions come out of unions and intersections too; a few rounds of them. */
const unuseds: fc.Arbitrary<Unused> = fc
  .tuple(reports, reports, reports, fc.boolean())
  .map(([a, b, c, flip]) =>
    flip
      ? unionOf(intersectionOf(unusedOf(a), unusedOf(b)), unusedOf(c))
      : intersectionOf(unionOf(unusedOf(a), unusedOf(b)), unusedOf(c)),
  );

function inWorld(unused: Unused): readonly string[] {
  return WORLD.filter((action) => {
    const [service, name] = action.split(":");
    const record = unused.find((candidate) => candidate.service === service);
    return record !== undefined && isUnused(record, name ?? "");
  });
}

/** Sorted and folded, each service and name once, no record that says nothing. */
function expectCanonical(unused: Unused): void {
  expect(unused.map(({ service }) => service)).toEqual([...new Set(unused.map(({ service }) => service))].sort());
  for (const { whole, names } of unused) {
    expect(names).toEqual([...new Set(names)].sort());
    expect(whole || names.length > 0).toBe(true);
  }
}

describe("unusedOf", () => {
  it("joins the lines of a report, folded, sorted, each once", () => {
    const report = [
      { service: "SQS", actions: ["SendMessage"] },
      { service: "s3", actions: ["PutObject", "GetObject"] },
      { service: "S3", actions: ["GETOBJECT", "GetBucketAcl"] },
    ];
    expect(unusedOf(report)).toEqual([
      { service: "s3", whole: false, names: ["getbucketacl", "getobject", "putobject"] },
      { service: "sqs", whole: false, names: ["sendmessage"] },
    ]);
  });

  it("takes a whole service with everything that is named of it", () => {
    const report = [
      { service: "s3", actions: ["GetObject"] },
      { service: "s3", actions: null },
    ];
    expect(unusedOf(report)).toEqual([{ service: "s3", whole: true, names: [] }]);
    expect(unusedOf(report.toReversed())).toEqual([{ service: "s3", whole: true, names: [] }]);
  });

  it("of nothing is nothing; a service with a list of no actions says nothing", () => {
    expect(unusedOf([])).toEqual(NOTHING_UNUSED);
    expect(unusedOf([{ service: "s3", actions: [] }])).toEqual([]);
  });

  it("does not fold KELVIN SIGN to k", () => {
    expect(unusedOf([{ service: "\u212aMS", actions: ["\u212a"] }])).toEqual([
      { service: "\u212ams", whole: false, names: ["\u212a"] },
    ]);
  });

  it("says of each action what the lines say", () => {
    fc.assert(
      fc.property(reports, (report) => {
        const expected = WORLD.filter((action) =>
          report.some(({ service, actions }) => {
            if (actions === null) return action.startsWith(`${service.toLowerCase()}:`) && action !== "iam:passrole";
            return actions.some((name) => `${service}:${name}`.toLowerCase() === action);
          }),
        );
        expect(inWorld(unusedOf(report))).toEqual(expected);
        expectCanonical(unusedOf(report));
      }),
      RUNS,
    );
  });
});

describe("iam:PassRole, which service-level evidence cannot see", () => {
  it("is not unused because iam is reported whole", () => {
    expect(unusedOf([{ service: "IAM", actions: null }])).toEqual([
      { service: "iam", whole: true, names: ["passrole"] },
    ]);
  });

  it("is unused when it is named, beside the whole service too", () => {
    expect(unusedOf([{ service: "iam", actions: ["PassRole"] }])).toEqual([
      { service: "iam", whole: false, names: ["passrole"] },
    ]);
    const both = [
      { service: "iam", actions: null },
      { service: "iam", actions: ["PASSROLE"] },
    ];
    expect(unusedOf(both)).toEqual([{ service: "iam", whole: true, names: [] }]);
    expect(unionOf(unusedOf(both.slice(0, 1)), unusedOf(both.slice(1)))).toEqual(unusedOf(both));
  });

  it("is an action of iam only: another service's PassRole goes with its service", () => {
    expect(unusedOf([{ service: "glue", actions: null }])).toEqual([{ service: "glue", whole: true, names: [] }]);
  });
});

describe("unionOf and intersectionOf", () => {
  it("are the union and the intersection of sets, in and beyond the catalog, and canonical", () => {
    fc.assert(
      fc.property(unuseds, unuseds, (a, b) => {
        const inA = inWorld(a);
        const inB = inWorld(b);
        expect(inWorld(unionOf(a, b))).toEqual(WORLD.filter((action) => inA.includes(action) || inB.includes(action)));
        expect(inWorld(intersectionOf(a, b))).toEqual(inA.filter((action) => inB.includes(action)));
        expectCanonical(unionOf(a, b));
        expectCanonical(intersectionOf(a, b));
      }),
      RUNS,
    );
  });

  it("do not depend on the order of their arguments, so equal sets are equal records", () => {
    fc.assert(
      fc.property(unuseds, unuseds, (a, b) => {
        expect(unionOf(a, b)).toEqual(unionOf(b, a));
        expect(intersectionOf(a, b)).toEqual(intersectionOf(b, a));
        expect(unionOf(a, a)).toEqual(a);
        expect(intersectionOf(a, a)).toEqual(a);
      }),
      RUNS,
    );
  });

  it("with nothing: the other one, and nothing", () => {
    const some = unusedOf([
      { service: "s3", actions: ["GetObject"] },
      { service: "iam", actions: null },
    ]);
    expect(unionOf(some, NOTHING_UNUSED)).toEqual(some);
    expect(intersectionOf(some, NOTHING_UNUSED)).toEqual([]);
  });
});
