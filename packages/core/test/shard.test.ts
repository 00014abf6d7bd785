import { describe, expect, it } from "vitest";
import type { PolicyDocument } from "../src/policy/document.ts";
import { DEFAULT_OPTIONS, type Granularity } from "../src/refine/options.ts";
import { type Engine, refineShard } from "../src/shard/refine-shard.ts";
import type { Shard } from "../src/shard/shard.ts";
import { unusedOf } from "../src/unused/unused.ts";
import { Verifier } from "../src/verify/verifier.ts";
import { catalogOf } from "./catalog.ts";

const ACTIONS = ["s3:GetBucketAcl", "s3:GetBucketCORS", "s3:GetObject", "sqs:ReceiveMessage", "sqs:SendMessage"];
const trie = catalogOf(ACTIONS);

function engineOf(verified: readonly string[] = ACTIONS): Engine {
  return { trie, verifier: new Verifier(verified) };
}

function documentOf(...entries: readonly string[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: entries, Resource: "*" }] };
}
function textOf(...entries: readonly string[]): string {
  return JSON.stringify(documentOf(...entries));
}

const READER = 0;
const QUEUES = 1;
const BROKEN = 2;
const documents = [
  { text: textOf("s3:Get*", "s3:Unheard"), wantsGrants: true },
  { text: textOf("sqs:*"), wantsGrants: false },
  { text: '{"Version":"2012-10-17","Statement":[', wantsGrants: true },
];
const ACL = 0;
const WHOLE = 1;
const unused = [
  unusedOf([{ service: "s3", actions: ["GetBucketAcl"] }]),
  unusedOf([{ service: "sqs", actions: null }]),
].map((u) => JSON.stringify(u));

function shardOf(...units: readonly Shard["units"][number][]): Shard {
  return {
    catalog: trie.contentHash,
    options: DEFAULT_OPTIONS,
    origin: { engineVersion: 1, catalogSource: "made up", catalogDate: "" },
    documents,
    unused,
    units,
  };
}

const CREATED = {
  unitId: 7,
  ok: true,
  recommendedAction: "CREATE_POLICY",
  text: textOf("s3:GetBucketCORS", "s3:GetObject", "s3:Unheard"),
  changes: [{ statement: 0, element: "Action", entry: "s3:Get*", replacedBy: ["s3:GetBucketCORS", "s3:GetObject"] }],
  grants: { before: 3, removed: 1, after: 2 },
  granted: { before: [0, 3], removed: [0, 1], after: [1, 3] },
  wildcards: [],
  unknownActions: [{ statement: 0, entry: "s3:Unheard" }],
} as const;
const DETACHED = {
  unitId: 3,
  ok: true,
  recommendedAction: "DETACH_POLICY",
  text: null,
  changes: [{ statement: 0, element: "Action", entry: "sqs:*", replacedBy: [] }],
  grants: { before: 2, removed: 2, after: 0 },
  granted: { before: [3, 5], removed: [3, 5], after: [] },
  wildcards: [],
  unknownActions: [],
} as const;
const NONE = {
  unitId: 5,
  ok: true,
  recommendedAction: "NONE",
  text: null,
  changes: [],
  grants: { before: 2, removed: 0, after: 2 },
  granted: { before: [3, 5], removed: [], after: [3, 5] },
  wildcards: [],
  unknownActions: [],
} as const;

describe("refineShard", () => {
  const shard = shardOf(
    { unitId: 7, document: READER, unused: ACL },
    { unitId: 3, document: QUEUES, unused: WHOLE },
    { unitId: 5, document: QUEUES, unused: ACL },
  );

  it("answers each unit, in the shard's order", () => {
    expect(refineShard(engineOf(), shard).units).toEqual([CREATED, DETACHED, NONE]);
    expect(refineShard(engineOf(), shardOf(...shard.units.toReversed())).units).toEqual([NONE, DETACHED, CREATED]);
  });

  it("answers to the granularity that is asked for", () => {
    const more = shardOf({ unitId: 1, document: 0, unused: 0 });
    const sources = [{ text: textOf("*"), wantsGrants: false }];
    const entries = (granularity: Granularity): unknown => {
      const options = { ...DEFAULT_OPTIONS, granularity };
      const [outcome] = refineShard(engineOf(), { ...more, options, documents: sources }).units;
      return outcome?.ok === true ? outcome.text : outcome;
    };
    expect(entries("word")).toBe(textOf("s3:GetBucketCORS", "s3:GetObject", "sqs:*"));
    expect(entries("exact")).toBe(textOf("s3:GetBucketCORS", "s3:GetObject", "sqs:ReceiveMessage", "sqs:SendMessage"));
  });

  it("leaves the statements alone that the options keep, and says what they still grant", () => {
    const statement = { Sid: "KeepAll", Effect: "Allow", Action: "sqs:*", Resource: "*" };
    const text = JSON.stringify({ Statement: [statement, { ...statement, Sid: "Queues" }] });
    const options = { ...DEFAULT_OPTIONS, keptSids: ["Keep"] };
    const asked = shardOf({ unitId: 1, document: 0, unused: WHOLE });
    expect(refineShard(engineOf(), { ...asked, options, documents: [{ text, wantsGrants: true }] })).toEqual({
      units: [
        {
          ...DETACHED,
          unitId: 1,
          recommendedAction: "CREATE_POLICY",
          text: JSON.stringify({ Statement: [statement] }),
          changes: [{ statement: 1, element: "Action", entry: "sqs:*", replacedBy: [] }],
          grants: { before: 2, removed: 0, after: 2 },
          granted: { before: [3, 5], removed: [], after: [3, 5] },
          wildcards: ["Action sqs:*"],
        },
      ],
      grants: [{ document: 0, granted: [3, 5], wildcards: ["Action sqs:*"] }],
    });
  });

  it("is pure: the same shard gives the same outcome, by the same engine and by another", () => {
    const engine = engineOf();
    const before = JSON.stringify(shard);
    const first = refineShard(engine, shard);
    expect(refineShard(engine, shard)).toEqual(first);
    expect(refineShard(engineOf(), structuredClone(shard))).toEqual(first);
    expect(JSON.stringify(shard)).toBe(before);
  });

  it("gives an outcome that can be sent to another thread", () => {
    const outcome = refineShard(engineOf(), shard);
    expect(structuredClone(outcome)).toEqual(outcome);
  });

  it("of no units is nothing", () => {
    expect(refineShard(engineOf(), shardOf())).toEqual({ units: [], grants: [] });
  });

  it("throws when it was made for another catalog", () => {
    const other = "0".repeat(64);
    expect(() => refineShard(engineOf(), { ...shard, catalog: other })).toThrow(
      `the shard is for catalog ${other}, this engine holds ${trie.contentHash}`,
    );
  });
});

describe("wantsGrants", () => {
  it("asks what a document grants: once for each that a unit refers to, whatever becomes of it", () => {
    const units = [ACL, WHOLE, ACL].map((place, unitId) => ({ unitId, document: READER, unused: place }));
    const queues = { unitId: 9, document: QUEUES, unused: ACL };
    expect(refineShard(engineOf(), shardOf(queues, ...units)).grants).toEqual([
      { document: READER, granted: [0, 3], wildcards: ["Action s3:Get*"] },
    ]);
    expect(refineShard(engineOf(), shardOf(queues)).grants).toEqual([]);
  });

  it("decides nothing but that: the answer is the same where the store knows what a document grants, however often it is asked", () => {
    const asked = shardOf({ unitId: 1, document: READER, unused: ACL }, { unitId: 2, document: READER, unused: WHOLE });
    const texts = asked.documents.map(({ text }) => text);
    const known = { ...asked, documents: texts.map((text) => ({ text, wantsGrants: false })) };
    const wanted = { ...asked, documents: texts.map((text) => ({ text, wantsGrants: true })) };
    const answers = [known, wanted, known].map((shard) => refineShard(engineOf(), shard).units);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    const other = engineOf([...ACTIONS, "s3:GetBucketPolicy"]);
    expect(refineShard(other, known).units).toEqual(refineShard(other, wanted).units);
  });
});

describe("a unit that fails", () => {
  it("because its document is broken costs only itself, each time", () => {
    const { units, grants } = refineShard(
      engineOf(),
      shardOf(
        { unitId: 1, document: BROKEN, unused: ACL },
        { unitId: 7, document: READER, unused: ACL },
        { unitId: 2, document: BROKEN, unused: WHOLE },
        { unitId: 3, document: QUEUES, unused: WHOLE },
      ),
    );
    const failure = { ok: false, code: "refinement-failed", message: expect.stringMatching(/JSON/) as string };
    expect(units).toEqual([{ ...failure, unitId: 1 }, CREATED, { ...failure, unitId: 2 }, DETACHED]);
    expect(grants).toEqual([{ document: READER, granted: [0, 3], wildcards: ["Action s3:Get*"] }]);
  });

  it("because its U is broken, or its place is not in the shard, costs only itself", () => {
    const { units } = refineShard(engineOf(), {
      ...shardOf(
        { unitId: 1, document: READER, unused: 2 },
        { unitId: 2, document: 9, unused: ACL },
        { unitId: 7, document: READER, unused: ACL },
      ),
      unused: [...unused, "[{"],
    });
    expect(units.map(({ ok }) => ok)).toEqual([false, false, true]);
    expect(units[2]).toEqual(CREATED);
  });

  it("before a verifier that knows an action more is refused: it is lost there, and all behind it have other ids", () => {
    const engine = engineOf([...ACTIONS, "s3:GetBucketPolicy"]);
    const { units } = refineShard(
      engine,
      shardOf({ unitId: 7, document: READER, unused: ACL }, { unitId: 3, document: QUEUES, unused: WHOLE }),
    );
    expect(units).toEqual([
      {
        unitId: 7,
        ok: false,
        code: "verification-failed",
        message: "all-and-only, statement 0: `s3:getbucketpolicy` is used and was lost",
      },
      {
        unitId: 3,
        ok: false,
        code: "verification-failed",
        message: expect.stringMatching(/disagree on what is granted/) as string,
      },
    ]);
  });

  it("before a verifier that counts otherwise is refused, though no law is broken", () => {
    const engine = engineOf(ACTIONS.filter((action) => action !== "sqs:SendMessage"));
    expect(refineShard(engine, shardOf({ unitId: 3, document: QUEUES, unused: WHOLE })).units).toEqual([
      {
        unitId: 3,
        ok: false,
        code: "verification-failed",
        message:
          'refiner and verifier disagree on what is granted: {"before":2,"removed":2,"after":0} and {"before":1,"removed":1,"after":0}',
      },
    ]);
  });

  it("before a verifier that finds as much granted before, and another part of it left, is refused too", () => {
    const engine = engineOf([...ACTIONS.slice(0, 3), "s3:Unheard", "sqs:SendMessage"]);
    const sources = [{ text: textOf("sqs:*", "s3:Unheard"), wantsGrants: false }];
    const asked = shardOf({ unitId: 3, document: 0, unused: WHOLE });
    const { units } = refineShard(engine, { ...asked, documents: sources });
    expect(units).toEqual([
      {
        unitId: 3,
        ok: false,
        code: "verification-failed",
        message:
          'refiner and verifier disagree on what is granted: {"before":2,"removed":2,"after":0} and {"before":2,"removed":1,"after":1}',
      },
    ]);
  });

  it("before a verifier that finds less granted, all of it used, is refused though as much is removed", () => {
    const engine = engineOf(ACTIONS.filter((action) => action !== "sqs:SendMessage"));
    const numbers = '{"before":2,"removed":0,"after":2} and {"before":1,"removed":0,"after":1}';
    expect(refineShard(engine, shardOf({ unitId: 5, document: QUEUES, unused: ACL })).units).toEqual([
      { unitId: 5, ok: false, code: "verification-failed", message: expect.stringContaining(numbers) as string },
    ]);
  });

  it.each([
    ["one more", [...ACTIONS, "zzz:Go"], '{"before":2,"removed":0,"after":2} and {"before":3,"removed":0,"after":3}'],
    ["one less", ACTIONS.slice(0, -1), '{"before":2,"removed":0,"after":2} and {"before":1,"removed":0,"after":1}'],
  ])("before a verifier that finds %s behind all that both find is refused", (_, actions, numbers) => {
    const sources = [{ text: textOf("s3:GetObject", "sqs:SendMessage", "zzz:*"), wantsGrants: false }];
    const asked = { ...shardOf({ unitId: 5, document: 0, unused: ACL }), documents: sources };
    expect(refineShard(engineOf(actions), asked).units).toEqual([
      { unitId: 5, ok: false, code: "verification-failed", message: expect.stringContaining(numbers) as string },
    ]);
  });

  it("before a verifier by whom the last statement goes is refused, and the whole document is named for it", () => {
    const engine = engineOf(["sqs:PurgeQueue"]);
    const rest = { Statement: [{ Effect: "Allow", NotAction: [], Resource: "*" }] };
    const shard = {
      ...shardOf({ unitId: 3, document: 0, unused: 0 }),
      documents: [{ text: JSON.stringify(rest), wantsGrants: false }],
      unused: [JSON.stringify(unusedOf([{ service: "sqs", actions: ["PurgeQueue"] }]))],
    };
    expect(refineShard(engine, shard).units).toEqual([
      {
        unitId: 3,
        ok: false,
        code: "verification-failed",
        message: "structure, the document: 1 more statements than there should be",
      },
    ]);
  });
});
