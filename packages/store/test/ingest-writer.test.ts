import type { Evidence } from "@leastwise/core";
import { describe, expect, test } from "vitest";
import { type Connection, IngestWriter } from "../src/index.ts";
import type { FilePart } from "../src/ingest-writer.ts";
import {
  ACCOUNT,
  allowing,
  file,
  managedPolicy,
  newDatabase,
  newRun,
  planned,
  role,
  rows,
  temporaryFolder,
  together,
  withInline,
  toWrite,
} from "./organization.ts";

const folder = temporaryFolder();

/** An export of an account in which the policy `Shared` allows the action and was changed on the day. */
function exportWith(path: string, action: string, day: string | null): ReturnType<typeof file> {
  const document = allowing(action);
  return file(path, { documents: [document], policies: [managedPolicy("Shared", document, day)] });
}

/** What counts for `Shared` after the files were read in this order. */
function counting(files: readonly ReturnType<typeof file>[]): {
  document: unknown;
  updatedAt: unknown;
  warnings: readonly unknown[];
} {
  const { db } = newDatabase(folder);
  new IngestWriter(db, newRun(db).runId).write(...toWrite(files));
  const [policy] = rows(db, "SELECT document, updated_at FROM policies");
  const warnings = rows(db, "SELECT severity, code, pointer FROM diagnostics");
  db.close();
  return { document: policy?.["document"], updatedAt: policy?.["updated_at"], warnings };
}

/** What comes of files, each as a part. */
async function* parts(...files: readonly ReturnType<typeof file>[]): AsyncGenerator<FilePart> {
  for (const one of files) {
    const [said, events] = toWrite([one]);
    yield await Promise.resolve({ files: said, events });
  }
}

function counts(attachmentCount: number | null, boundaryCount: number | null): Partial<Evidence> {
  return {
    policies: [
      { ...managedPolicy("Shared", allowing("s3:*"), "2026-09-22T00:00:00.000Z"), attachmentCount, boundaryCount },
    ],
    documents: [allowing("s3:*")],
  };
}

describe("a policy of which several inputs tell", () => {
  test.each([
    ["in one order", [counts(2, 0), counts(3, null), counts(null, 1)]],
    ["in the other", [counts(null, 1), counts(3, null), counts(2, 0)]],
  ])("is attached as often as any of them says, %s", (_, said) => {
    const { db } = newDatabase(folder);
    planned(
      db,
      said.map((one, i) => file(`${i}.json`, one)),
    );
    expect(rows(db, "SELECT attachment_count AS attached, boundary_count AS bounding FROM policies")).toEqual([
      { attached: 3, bounding: 1 },
    ]);
    db.close();
  });

  test("with different documents of one date, the same one counts in any order", () => {
    const [a, b] = ["s3:*", "sqs:*"].map((action): Partial<Evidence> => ({
      policies: [managedPolicy("P", allowing(action))],
      documents: [allowing(action)],
    }));
    const documents = [
      [a, b],
      [b, a],
    ].map((order) => {
      const { db } = newDatabase(folder);
      planned(
        db,
        order.map((one, i) => file(`${i}.json`, one ?? {})),
      );
      const found = rows(db, "SELECT document FROM policies")[0]?.["document"];
      db.close();
      return found;
    });
    expect(documents[0]).toBe(documents[1]);
  });
});

describe("a principal of which several inputs tell, some of them less", () => {
  const full = role("web", {
    createdAt: "2026-01-01T00:00:00.000Z",
    lastUsedAt: "2026-09-01T00:00:00.000Z",
    tracksLastUse: true,
    boundaryArn: `arn:aws:iam::${ACCOUNT}:policy/Boundary`,
    tags: [{ key: "team", value: "red" }],
  });
  const bare = role("web", { tags: [{ key: "env", value: "prod" }] });

  test.each([
    ["the fuller first", [full, bare]],
    ["the fuller last", [bare, full]],
  ])("is what any of them says, %s", (_, order) => {
    const { db } = newDatabase(folder);
    planned(
      db,
      order.map((principal, i) => file(`${i}.json`, { principals: [principal] })),
    );
    expect(
      rows(
        db,
        "SELECT created_at, last_used_at, boundary_arn, json_extract(tags, '$.team') AS team, json_extract(tags, '$.env') AS env FROM principals",
      ),
    ).toEqual([
      {
        created_at: full.createdAt,
        last_used_at: full.lastUsedAt,
        boundary_arn: full.boundaryArn,
        team: "red",
        env: "prod",
      },
    ]);
    db.close();
  });
});

describe("two exports that give one policy with different documents", () => {
  const older = exportWith("monday.json", "s3:GetObject", "2026-09-21T00:00:00.000Z");
  const newer = exportWith("tuesday.json", "s3:PutObject", "2026-09-22T00:00:00.000Z");
  const warning = {
    severity: "warning",
    code: "conflicting-documents",
    pointer: "arn:aws:iam::123456789012:policy/Shared",
  };

  test.each([
    ["the older first", [older, newer]],
    ["the newer first", [newer, older]],
  ])("the newer counts, %s", (_order, files) => {
    const { document, updatedAt, warnings } = counting(files);
    expect(document).toBe(allowing("s3:PutObject").text);
    expect(updatedAt).toBe("2026-09-22T00:00:00.000Z");
    expect(warnings).toEqual([warning]);
  });

  test("an input that comes in parts tells of it once, however many parts have the policy", async () => {
    const { db } = newDatabase(folder);
    const writer = new IngestWriter(db, newRun(db).runId);
    writer.write(...toWrite([newer]));
    for (const said of [older, exportWith("wednesday.json", "s3:ListBucket", null)])
      await writer.writeInParts(parts(said, said, said), () => undefined);
    expect(rows(db, "SELECT path, code FROM diagnostic")).toEqual([
      { path: "monday.json", code: "conflicting-documents" },
      { path: "wednesday.json", code: "conflicting-documents" },
    ]);
    db.close();
  });

  test("a dated document counts before one without a date", () => {
    const undated = exportWith("undated.json", "s3:ListBucket", null);
    expect(counting([undated, older]).document).toBe(allowing("s3:GetObject").text);
    expect(counting([older, undated]).document).toBe(allowing("s3:GetObject").text);
  });

  test("the newest state counts also when a policy was set back to an earlier document", () => {
    const setBack = exportWith("wednesday.json", "s3:GetObject", "2026-09-23T00:00:00.000Z");
    const latest = { document: allowing("s3:GetObject").text, updatedAt: "2026-09-23T00:00:00.000Z" };
    expect(counting([setBack, older, newer])).toMatchObject(latest);
    expect(counting([newer, older, setBack])).toMatchObject(latest);
    expect(counting([older, setBack, newer])).toMatchObject(latest);
  });

  test("equal documents are no conflict", () => {
    const again = exportWith("again.json", "s3:GetObject", "2026-09-21T00:00:00.000Z");
    expect(counting([older, again]).warnings).toEqual([]);
  });

  test("an attachment without the document takes nothing away", () => {
    const attachedOnly = file("page-1.json", { policies: [managedPolicy("Shared", null)] });
    expect(counting([attachedOnly, older]).document).toBe(allowing("s3:GetObject").text);
    expect(counting([older, attachedOnly]).document).toBe(allowing("s3:GetObject").text);
  });
});

function written(...files: readonly ReturnType<typeof file>[]): Connection {
  const { db } = newDatabase(folder);
  new IngestWriter(db, newRun(db).runId).write(...toWrite(files));
  return db;
}

describe("what files say", () => {
  test("a document that many principals have is stored once", () => {
    const baseline = allowing("s3:GetObject");
    const db = written(file("a.json", together(withInline(role("a"), baseline), withInline(role("b"), baseline))));
    expect(rows(db, "SELECT text FROM document")).toEqual([{ text: baseline.text }]);
    expect(rows(db, "SELECT count(*) AS n FROM attachments")).toEqual([{ n: 2 }]);
    db.close();
  });

  test("service-linked and Identity Center roles are marked", () => {
    const linked = role("AWSServiceRoleForSupport", { path: "/aws-service-role/support.amazonaws.com/" });
    const sso = role("AWSReservedSSO_Admin_0123456789abcdef", { path: "/aws-reserved/sso.amazonaws.com/" });
    const db = written(file("a.json", { principals: [linked, sso, role("web")] }));
    expect(rows(db, "SELECT name, marked FROM principals ORDER BY name")).toEqual([
      { name: "AWSReservedSSO_Admin_0123456789abcdef", marked: "identity-center" },
      { name: "AWSServiceRoleForSupport", marked: "service-linked" },
      { name: "web", marked: null },
    ]);
    db.close();
  });

  test("a file counts as read once its batch is written", () => {
    const { db } = newDatabase(folder);
    const writer = new IngestWriter(db, newRun(db).runId);
    expect(writer.hasRead("a.json")).toBe(false);
    writer.write(...toWrite([file("a.json", {})]));
    expect(writer.hasRead("a.json")).toBe(true);
    expect(writer.hasRead("b.json")).toBe(false);
    db.close();
  });

  test("a batch that fails leaves nothing of itself", () => {
    const { db } = newDatabase(folder);
    const writer = new IngestWriter(db, newRun(db).runId);
    writer.write(...toWrite([file("a.json", {})]));
    expect(() =>
      writer.write(...toWrite([file("b.json", withInline(role("b"), allowing("s3:GetObject"))), file("a.json", {})])),
    ).toThrow(/UNIQUE/);
    expect(writer.hasRead("b.json")).toBe(false);
    expect(rows(db, "SELECT * FROM principals")).toEqual([]);
    db.close();
  });
});
