import { describe, expect, it } from "vitest";
import type { Report } from "../src/usage/report.ts";
import { settleReports } from "../src/usage/settle.ts";
import { type Unused, unusedOf } from "../src/unused/unused.ts";

/** A page of a finding that says that actions of S3 are unused. */
function finding(reportId: string, updatedAt: string | null, actions: readonly string[], active = true): Report {
  return {
    source: "access-analyzer",
    reportId,
    updatedAt,
    active,
    lines: [{ service: "s3", lastAccessed: null, actions, accessed: [] }],
  };
}
function plainList(...actions: readonly string[]): Report {
  return {
    source: "plain-list",
    reportId: "",
    updatedAt: null,
    active: true,
    lines: [{ service: "s3", lastAccessed: null, actions, accessed: [] }],
  };
}
/** U of these actions of S3. */
function ofS3(...actions: readonly string[]): Unused {
  return unusedOf([{ service: "s3", actions }]);
}

const MONDAY = "2024-11-18T00:00:00.000Z";
const TUESDAY = "2024-11-19T00:00:00.000Z";

/** What is settled, whatever the order in which the reports come. */
function settled(...reports: readonly Report[]): Unused | undefined {
  const forward = settleReports(reports);
  expect(settleReports(reports.toReversed())).toEqual(forward);
  return forward;
}

describe("settleReports (SEMANTICS 6 and 8)", () => {
  it("is undefined where nothing counts: no report is not the report that nothing is unused", () => {
    expect(settled()).toBeUndefined();
    expect(settled(finding("a", MONDAY, ["GetObject"], false))).toBeUndefined();
    expect(settled(finding("a", MONDAY, []))).toEqual([]);
  });

  it("takes the newest finding alone, by date and not by name", () => {
    expect(settled(finding("b", MONDAY, ["GetObject"]), finding("a", TUESDAY, ["PutObject"]))).toEqual(
      ofS3("PutObject"),
    );
    expect(settled(finding("a", MONDAY, ["GetObject"]), finding("b", TUESDAY, ["PutObject"]))).toEqual(
      ofS3("PutObject"),
    );
  });

  it("takes a finding without a date for the oldest", () => {
    expect(settled(finding("z", null, ["GetObject"]), finding("a", MONDAY, ["PutObject"]))).toEqual(ofS3("PutObject"));
    expect(settled(finding("a", null, ["GetObject"]), finding("a", MONDAY, ["PutObject"]))).toEqual(ofS3("PutObject"));
    expect(settled(finding("a", null, ["GetObject"]))).toEqual(ofS3("GetObject"));
  });

  it("of findings of one date takes the same one, whatever their order", () => {
    expect(
      settled(
        finding("a", MONDAY, ["GetObject"]),
        finding("c", MONDAY, ["PutObject"]),
        finding("b", MONDAY, ["ListBucket"]),
      ),
    ).toEqual(ofS3("PutObject"));
  });

  it("joins the pages of one finding: equal id and date", () => {
    expect(settled(finding("a", MONDAY, ["GetObject"]), finding("a", MONDAY, ["PutObject"]))).toEqual(
      ofS3("GetObject", "PutObject"),
    );
    expect(settled(finding("a", null, ["GetObject"]), finding("a", null, ["PutObject"]))).toEqual(
      ofS3("GetObject", "PutObject"),
    );
  });

  it("forgets what a finding said before its newest state", () => {
    expect(
      settled(
        finding("a", MONDAY, ["GetObject"]),
        finding("a", TUESDAY, ["PutObject"]),
        finding("a", MONDAY, ["ListBucket"]),
      ),
    ).toEqual(ofS3("PutObject"));
  });

  it("takes back what a finding said once it is archived or resolved, and falls back to another that is active", () => {
    expect(settled(finding("a", MONDAY, ["GetObject"]), finding("a", TUESDAY, ["GetObject"], false))).toBeUndefined();
    expect(
      settled(
        finding("a", MONDAY, ["GetObject"]),
        finding("b", TUESDAY, ["PutObject"], false),
        finding("b", MONDAY, ["PutObject"]),
      ),
    ).toEqual(ofS3("GetObject"));
  });

  it("counts a finding again that is active again", () => {
    expect(settled(finding("a", MONDAY, ["GetObject"], false), finding("a", TUESDAY, ["GetObject"]))).toEqual(
      ofS3("GetObject"),
    );
  });

  it("counts no page of a finding one page of which is not active: unknown is not unused", () => {
    expect(settled(finding("a", MONDAY, ["GetObject"]), finding("a", MONDAY, ["PutObject"], false))).toBeUndefined();
  });

  it("adds every plain list to the newest finding", () => {
    expect(settled(plainList("GetObject"))).toEqual(ofS3("GetObject"));
    expect(
      settled(
        plainList("GetObject"),
        finding("a", MONDAY, ["PutObject"]),
        finding("b", TUESDAY, ["ListBucket"]),
        plainList("DeleteObject"),
      ),
    ).toEqual(ofS3("DeleteObject", "GetObject", "ListBucket"));
    expect(settled(plainList("GetObject"), finding("a", MONDAY, ["PutObject"], false))).toEqual(ofS3("GetObject"));
  });

  it("takes no plain list for a finding, however new: it adds to the newest one and does not replace it", () => {
    const list: Report = { ...plainList("GetObject"), updatedAt: TUESDAY };
    expect(settled(list, finding("a", MONDAY, ["PutObject"]))).toEqual(ofS3("GetObject", "PutObject"));
  });
});
