import { describe, expect, it } from "vitest";
import type { UsageLine } from "../src/organization/records.ts";
import { DEFAULT_SETTINGS } from "../src/organization/settings.ts";
import { unusedOf } from "../src/unused/unused.ts";
import { settleBatch } from "../src/usage/settle-batch.ts";
import type { PageText, UsageOutcome } from "../src/usage/usage-batch.ts";
import { catalogOf } from "./catalog.ts";

const SEPTEMBER = "2026-09-20T00:00:00.000Z";
const OLD = "2026-06-21T00:00:00.000Z";
const RECENT = "2026-09-01T00:00:00.000Z";

const context = {
  trie: catalogOf(["s3:GetObject", "s3:PutObject", "sqs:SendMessage"]),
  tracked: () => undefined,
  sha256: (text: string) => `hash of ${text}`,
};

function page(lines: readonly UsageLine[], more: Partial<PageText> = {}): PageText {
  const found = { source: "access-analyzer", reportId: "f", active: true, updatedAt: SEPTEMBER, input: 1 } as const;
  return { ...found, lines: JSON.stringify(lines), ...more };
}

function line(service: string, actions: readonly string[] | null, more: Partial<UsageLine> = {}): UsageLine {
  return { service, lastAccessed: null, actions, accessed: [], ...more };
}

function details(...lines: readonly UsageLine[]): PageText {
  return page(lines, { source: "last-accessed", reportId: "ACTION_LEVEL" });
}

/** What comes of one principal with these pages. */
function rowOf(pages: readonly PageText[], kept: readonly string[] = []): UsageOutcome {
  const judgement = { ...DEFAULT_SETTINGS, asOf: SEPTEMBER };
  const principals = [{ createdAt: null, pages, events: [] }];
  const [row] = settleBatch(context, { judgement, protected: kept, principals });
  if (row === undefined) throw new Error("a batch of one principal has one row");
  return row;
}

describe("the row of a principal", () => {
  it("has U and what a report claims as the texts that are stored, with the hash of U", () => {
    const { unused, removable, reports } = rowOf([page([line("s3", ["PutObject"]), line("SQS", null)])]);
    const text = JSON.stringify(
      unusedOf([
        { service: "s3", actions: ["PutObject"] },
        { service: "sqs", actions: null },
      ]),
    );
    expect(unused).toEqual({ text, sha256: `hash of ${text}` });
    expect(removable).toBeNull();
    expect(reports.map(({ claims }) => JSON.parse(claims) as unknown)).toEqual([
      [
        { service: "s3", state: "unused", actions: ["PutObject"], lastAccessed: null },
        { service: "SQS", state: "unused", actions: null, lastAccessed: null },
      ],
    ]);
  });

  it("has what may go beside U where something is protected", () => {
    const { unused, removable } = rowOf([page([line("s3", ["GetObject", "PutObject"])])], ["s3:Get*"]);
    expect(unused.text).toBe('[{"service":"s3","whole":false,"names":["getobject","putobject"]}]');
    const text = '[{"service":"s3","whole":false,"names":["putobject"]}]';
    expect(removable).toEqual({ text, sha256: `hash of ${text}` });
  });

  it("names the inputs of a report's own pages, each once, ascending", () => {
    const [two, one] = [page([line("s3", null)], { input: 2 }), page([line("sqs", null)], { input: 1 })];
    const other = page([line("sqs", null)], { input: 3, reportId: "g" });
    expect(rowOf([two, one, two, other]).reports.map(({ reportId, inputs }) => [reportId, inputs])).toEqual([
      ["f", "[1,2]"],
      ["g", "[3]"],
    ]);
  });

  it("tells of the newest use that a report shows", () => {
    const used = [line("s3", null, { lastAccessed: RECENT }), line("sqs", null, { lastAccessed: SEPTEMBER })];
    expect(rowOf([details(...used)]).lastUse).toBe(SEPTEMBER);
    expect(rowOf([details(...[...used].reverse())]).lastUse).toBe(SEPTEMBER);
  });

  it("an access before the window is no use, and neither is nothing at all", () => {
    expect(rowOf([details(line("s3", null, { lastAccessed: OLD }))]).lastUse).toBeNull();
    expect(rowOf([]).lastUse).toBeNull();
    expect(rowOf([]).evidence).toBe("none");
  });
});
