/** What somebody says that a shard comes to: whatever is not what would have been answered here is found, whoever made it look right. */
import { hash } from "node:crypto";
import { loadCatalog } from "@leastwise/catalog";
import {
  DEFAULT_OPTIONS,
  type Engine,
  type GrantRow,
  type OutcomeRows,
  type PolicyDocument,
  type Shard,
  type UnitRow,
  type Unused,
  shapeText,
  wildcardsOf,
} from "@leastwise/core";
import { describe, expect, test } from "vitest";
import { checkOutcome } from "../src/recheck/check-outcome.ts";
import { Certifier, engineOf, grantRow, refineToRows } from "../src/workers/refine-shards.ts";
import { allowing, temporaryFolder, write } from "./leastwise.ts";

const catalog = loadCatalog(
  write(temporaryFolder(), "catalog.json", {
    kms: ["Decrypt", "Encrypt"],
    s3: [
      "GetObject",
      "GetObjectAcl",
      "GetObjectTagging",
      "ListAllMyBuckets",
      "ListBucket",
      "PutObject",
      "PutObjectAcl",
      "PutObjectTagging",
    ],
    sqs: ["DeleteMessage", "ReceiveMessage", "SendMessage"],
  }),
  undefined,
);
const engine: Engine = engineOf(catalog.trie.buffer);

const bucket = "arn:aws:s3:eu-west-1:123456789012:accesspoint/one";
const mixed = {
  Version: "2012-10-17",
  Statement: [
    { Sid: "Read", Effect: "Allow", Action: ["s3:*", "s3:Unheard", "kms:Decrypt"], Resource: bucket },
    { Effect: "Deny", Action: "s3:Put*", Resource: "*" },
  ],
} as const;
/** The same with other entries. */
function reading(...action: readonly string[]): PolicyDocument {
  const [first, ...others] = mixed.Statement;
  return { ...mixed, Statement: [{ ...first, Action: action }, ...others] };
}
const everythingElse = {
  Version: "2012-10-17",
  Statement: { Effect: "Allow", NotAction: "kms:*", Resource: "*" },
} as const;
const unused = {
  tagging: [{ service: "s3", whole: false, names: ["getobjecttagging", "putobjecttagging"] }],
  queues: [{ service: "sqs", whole: true, names: [] }],
  decrypt: [{ service: "kms", whole: false, names: ["decrypt"] }],
} satisfies Record<string, Unused>;

/** Units of every kind: replaced, detached, unchanged, less by literals, more of `NotAction`; the first two share a document. */
const shard: Shard = {
  catalog: catalog.sha256,
  options: DEFAULT_OPTIONS,
  origin: { engineVersion: 1, catalogSource: catalog.source, catalogDate: catalog.date },
  documents: [
    { text: JSON.stringify(mixed), wantsGrants: true },
    { text: JSON.stringify(allowing("sqs:*")), wantsGrants: true },
    { text: JSON.stringify(everythingElse), wantsGrants: false },
  ],
  unused: [unused.tagging, unused.queues, unused.decrypt].map((set) => JSON.stringify(set)),
  units: [
    { unitId: 11, document: 0, unused: 0 },
    { unitId: 12, document: 0, unused: 2 },
    { unitId: 13, document: 1, unused: 1 },
    { unitId: 14, document: 1, unused: 0 },
    { unitId: 15, document: 2, unused: 1 },
  ],
};
const honest = refineToRows(engine, shard);

type Answer = Extract<UnitRow, { ok: true }>;

function answerAt(place: number): Answer {
  const row = honest.units[place]!; // there are five
  if (!row.ok) throw new Error(row.message);
  return row;
}

/** The honest outcome with one answer put in another's place. */
function withAnswer(place: number, row: unknown): OutcomeRows {
  return { ...honest, units: honest.units.with(place, row as UnitRow) }; // whatever a forger sends
}

function failed(unitId: number): UnitRow {
  return { unitId, ok: false, code: "refinement-failed", message: "of old age" };
}

function failing(outcome: unknown, of: Shard = shard): readonly number[] {
  return checkOutcome(engine, of, outcome as OutcomeRows).map(({ unitId }) => unitId); // whatever a forger sends
}

function reasonsFor(outcome: OutcomeRows, of: Shard = shard): string {
  return checkOutcome(engine, of, outcome)
    .flatMap(({ unitId, reasons }) => reasons.map((reason) => `${unitId} ${reason}`))
    .join("\n");
}

/** An answer whose hash, granted intervals, counts and certificate go with a document of the forger's. */
function forged(place: number, document: PolicyDocument, changes: readonly unknown[]): Answer {
  const row = answerAt(place);
  const { document: existing, unused: set } = shard.units[place]!; // there are five
  const before = JSON.parse(shard.documents[existing]!.text) as PolicyDocument; // written above
  const granted = engine.verifier.granted(before, JSON.parse(shard.unused[set]!) as Unused, []); // written above
  const text = JSON.stringify(document);
  const created = {
    text,
    sha256: hash("sha256", text),
    granted: grantRow(text, granted.after, wildcardsOf(document)),
  };
  const told = { ...row, changes: JSON.stringify(changes), created };
  const { actionsBefore, actionsRemoved } = row;
  const grants = { before: actionsBefore, removed: actionsRemoved, after: actionsBefore - actionsRemoved };
  const certified = { recommendedAction: row.recommendedAction, grants, granted };
  return { ...told, certificate: new Certifier(shard).certify(certified, place, told) };
}

test("what was answered here holds, whatever kind of answer it is", () => {
  expect(honest.units.map((row) => row.ok && row.recommendedAction)).toEqual([
    "CREATE_POLICY",
    "CREATE_POLICY",
    "DETACH_POLICY",
    "NONE",
    "CREATE_POLICY",
  ]);
  expect(honest.grants.map(({ document }) => document)).toEqual([0, 1]);
  expect(checkOutcome(engine, shard, honest)).toEqual([]);
  expect(checkOutcome(engine, shard, structuredClone(honest))).toEqual([]);
  expect(checkOutcome(engine, shard, JSON.parse(JSON.stringify(honest)) as OutcomeRows)).toEqual([]); // as a queue has it
});

test("with exact names, kept statements and shorter forms too", () => {
  for (const options of [
    { ...DEFAULT_OPTIONS, granularity: "exact" },
    { ...DEFAULT_OPTIONS, keptSids: ["Read"] },
    { ...DEFAULT_OPTIONS, fit: { form: "characters", shortest: 2 } },
  ] as const) {
    const other = { ...shard, options };
    expect(checkOutcome(engine, other, refineToRows(engine, other))).toEqual([]);
  }
});

describe("the answers are to the questions", () => {
  const [first, second, ...others] = honest.units;
  const all = shard.units.map(({ unitId }) => unitId);
  test.each<[string, unknown]>([
    ["nothing at all", undefined],
    ["null", null],
    ["a text", "units"],
    ["no list of grants", { units: honest.units }],
    ["no list of answers", { units: { length: 5 }, grants: honest.grants }],
    ["one answer less", { ...honest, units: honest.units.slice(1) }],
    ["one answer more", { ...honest, units: [...honest.units, first] }],
    ["another order", { ...honest, units: [second, first, ...others] }],
    ["one twice, another missing", { ...honest, units: [first, first, ...others] }],
    ["a unit that is not the shard's", withAnswer(4, { ...honest.units[4], unitId: 99 })],
    ["a unit whose id is a text", withAnswer(4, { ...honest.units[4], unitId: "15" })],
    ["null for an answer", withAnswer(1, null)],
  ])("%s: none is taken", (_, outcome) => {
    expect(failing(outcome)).toEqual(all);
  });
});

describe("what existing documents grant", () => {
  const [ofMixed, ofQueues] = honest.grants;
  const wrong = (fields: Partial<GrantRow>): OutcomeRows => ({
    ...honest,
    grants: [{ document: 0, granted: { ...ofMixed!.granted, ...fields } }, ofQueues!], // there are two
  });
  test.each<[string, OutcomeRows]>([
    ["intervals", wrong({ intervals: "[]" })],
    ["counts", wrong({ actions: 1 })],
    ["wildcards", wrong({ wildcards: null })],
    ["shapes", wrong({ shape: null })],
    ["of one it says nothing", { ...honest, grants: [ofQueues!] }], // there are two
  ])("wrong %s: the answers of that document are not taken", (_, outcome) => {
    expect(failing(outcome)).toEqual([11, 12]);
  });

  test.each<[string, unknown]>([
    ["a document that nobody asked about", [...honest.grants, { ...ofMixed, document: 2 }]],
    ["a document that is not there", [...honest.grants, { ...ofMixed, document: 3 }]],
    ["a document twice", [...honest.grants, ofMixed]],
    ["a document whose place is a text", [{ ...ofMixed, document: "0" }, ofQueues]],
    ["no document", [...honest.grants, null]],
  ])("%s: nothing is taken", (_, grants) => {
    expect(failing({ ...honest, grants })).toEqual([11, 12, 13, 14, 15]);
  });

  test("a document whose units have all failed need not be told of, and is told of right where it is", () => {
    const units = [...honest.units.slice(0, 2), failed(13), failed(14), ...honest.units.slice(4)];
    expect(failing({ units, grants: [ofMixed] })).toEqual([]);
    expect(failing({ units, grants: honest.grants })).toEqual([]);
    expect(
      failing({ units, grants: [ofMixed, { ...ofQueues, granted: { ...ofQueues!.granted, actions: 9 } }] }),
    ).toEqual([13, 14]); // there are two
  });
});

describe("an answer that is not what it says", () => {
  const row = answerAt(0);
  const created = row.created!; // it is replaced
  test.each<[string, unknown]>([
    ["another text", { ...row, created: { ...created, text: JSON.stringify(allowing("s3:Get*")) } }],
    ["a text with blanks", { ...row, created: { ...created, text: `${created.text} ` } }],
    ["no text", { ...row, created: { ...created, text: 7 } }],
    ["a text that is no document", { ...row, created: { ...created, text: "null" } }],
    ["another SHA-256", { ...row, created: { ...created, sha256: created.sha256.replaceAll(/[0-9]/g, "0") } }],
    ["other intervals", { ...row, created: { ...created, granted: { ...created.granted, intervals: "[7]" } } }],
    ["another count of them", { ...row, created: { ...created, granted: { ...created.granted, actions: 12 } } }],
    ["other wildcards", { ...row, created: { ...created, granted: { ...created.granted, wildcards: "[]" } } }],
    ["another shape", { ...row, created: { ...created, granted: { ...created.granted, shape: null } } }],
    ["no intervals at all", { ...row, created: { text: created.text, sha256: created.sha256 } }],
    ["other changes", { ...row, changes: '[[0,"Action","s3:*"]]' }],
    ["changes that are none", { ...row, changes: "{}" }],
    ["changes with blanks", { ...row, changes: ` ${row.changes}` }],
    ["no changes", { ...row, changes: null }],
    ["another count of actions", { ...row, actionsBefore: row.actionsBefore + 1 }],
    ["another count of those removed", { ...row, actionsRemoved: row.actionsRemoved - 1 }],
    ["other unknown actions", { ...row, unknownActions: null }],
    ["another certificate", { ...row, certificate: "0".repeat(64) }],
    ["no new document", { ...row, created: null }],
    ["to be detached, with a document", { ...row, recommendedAction: "DETACH_POLICY" }],
    ["to be detached", { ...row, recommendedAction: "DETACH_POLICY", created: null }],
    ["unchanged", { ...row, recommendedAction: "NONE", created: null, changes: null }],
    ["unchanged, with a document", { ...row, recommendedAction: "NONE" }],
    ["something else altogether", { ...row, recommendedAction: "DELETE_EVERYTHING", created: null }],
    ["an empty row", { unitId: 11 }],
    ["an answer and a failure", { ...row, ok: 1 }],
    ["a failure of an unknown kind", { unitId: 11, ok: false, code: "no-time-today", message: "" }],
    ["a failure without a reason", { unitId: 11, ok: false, code: "out-of-time" }],
  ])("%s: not taken", (_, forgery) => {
    expect(failing(withAnswer(0, forgery))).toEqual([11]);
  });

  test("an unchanged policy has no list of changes, not even an empty one", () => {
    expect(failing(withAnswer(3, { ...answerAt(3), changes: "[]" }))).toEqual([14]);
  });

  test("an answer to another question of the shard: not taken", () => {
    expect(failing(withAnswer(1, { ...answerAt(0), unitId: 12 }))).toEqual([12]);
  });

  test("the reasons say what it is", () => {
    expect(reasonsFor(withAnswer(0, { ...row, certificate: null }))).toBe(
      "11 the certificate is not that of these inputs and this result",
    );
    expect(reasonsFor(withAnswer(2, { ...answerAt(2), recommendedAction: "NONE" }))).toMatch(/^13 structure/);
    expect(reasonsFor({ ...honest, units: [] })).toContain("0 answers came back, the shard asks 5 questions");
  });
});

describe("a forger who makes everything fit, the certificate too", () => {
  const rest = ["s3:Unheard", "kms:Decrypt"];
  /** What the refiner says of `s3:*` without its tagging. */
  const right = ["s3:GetObject", "s3:GetObjectAcl", "s3:List*", "s3:PutObject", "s3:PutObjectAcl"];

  test("and says what would have been answered here: nothing to find", () => {
    const said = JSON.parse(answerAt(0).changes!) as [number, string, string, ...string[]][]; // it is replaced
    const [, , , ...replacedBy] = said[0]!; // of the first entry
    expect(replacedBy).toEqual(right);
    expect(forged(0, reading(...replacedBy, ...rest), said)).toEqual(answerAt(0));
  });

  test("and leaves something unused in, or takes something used out: the laws say so", () => {
    for (const wrong of [[...right, "s3:PutObjectTagging"], right.slice(1)]) {
      const answer = forged(0, reading(...wrong, ...rest), [[0, "Action", "s3:*", ...wrong]]);
      expect(reasonsFor(withAnswer(0, answer))).toMatch(/^11 all-and-only/);
    }
  });

  test("and writes names where a prefix is safe, or in another order: right by the laws, and not what the refiner says", () => {
    const names = ["s3:GetObject", "s3:GetObjectAcl", "s3:ListAllMyBuckets", "s3:ListBucket", ...right.slice(3)];
    for (const list of [names, [...right].reverse()]) {
      const answer = forged(0, reading(...list, ...rest), [[0, "Action", "s3:*", ...list]]);
      expect(reasonsFor(withAnswer(0, answer))).toBe("11 it passes the laws, yet the refiner says something else");
    }
  });

  test("and adds names to `NotAction` where a prefix is safe: found too", () => {
    const added = ["sqs:DeleteMessage", "sqs:ReceiveMessage", "sqs:SendMessage"];
    const document = {
      ...everythingElse,
      Statement: { ...everythingElse.Statement, NotAction: ["kms:*", ...added] },
    };
    const answer = forged(4, document, [[0, "NotAction", null, ...added]]);
    expect(reasonsFor(withAnswer(4, answer))).toBe("15 it passes the laws, yet the refiner says something else");
  });
});

test("the shape of a document is that of its text", () => {
  expect(honest.grants[0]!.granted.shape).toBe(hash("sha256", shapeText(shard.documents[0]!.text)!)); // it names an account
});
