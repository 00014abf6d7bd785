/** What is sent comes back as it was, whatever stands in it; and what says other lengths than it has is refused. */
import { hash, randomBytes } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { OutcomeRows, Shard } from "@leastwise/core";
import { describe, expect, test } from "vitest";
import { packed } from "../../dist/queue/packing.js";
import { PROTOCOL, readOutcome, readShard, writeOutcome, writeShard } from "../../dist/queue/protocol.js";
import { INLINE, shardOf } from "./in-process.ts";

const ODD = ["", "\n", '{"a":\n"\\"\u2028"}', "naïve ☂ 🌂", "\u0000"];

function sent(shard: Shard): Shard {
  const { key, text } = writeShard(shard);
  return readShard(key, { protocol: PROTOCOL, body: packed(text) });
}

/** A shard as its coordinator would send it, with another form. */
function withForm(shard: Shard, change: (form: string) => string): () => Shard {
  const [form = "", ...texts] = writeShard(shard).text.split("\n");
  const text = [change(form), ...texts].join("\n");
  return () => readShard(hash("sha256", text), { protocol: PROTOCOL, body: packed(text) });
}

describe("a shard", () => {
  test("comes as it was sent", () => {
    const shard = shardOf(3);
    expect(sent(shard)).toEqual(shard);
  });

  test("comes as it was sent with texts of all kinds", () => {
    const documents = ODD.map((text, place) => ({ text, wantsGrants: place === 1 }));
    const shard = { ...shardOf(3), documents, unused: [...ODD].reverse() };
    expect(sent(shard)).toEqual(shard);
  });

  test("has a name that depends on where a text ends", () => {
    const [one, other] = [
      ["ab", "c"],
      ["a", "bc"],
    ].map((unused) => writeShard({ ...shardOf(3), unused }).key);
    expect(one).not.toBe(other);
  });

  const shard = { ...shardOf(3), documents: [{ text: "abc", wantsGrants: true }], unused: ["de"] };
  test.each([
    ["less than there is", '"text":2'],
    ["more than there is", '"text":4'],
  ])("that promises %s is refused", (_what, length) => {
    expect(withForm(shard, (form) => form.replace('"text":3', length))).toThrow(
      /texts of the shard have other lengths/,
    );
  });
  test.each(["-1", "1.5", "1e999", '"3"', "null", "9007199254740993"])(
    "whose lengths include %s is refused",
    (length) => {
      expect(withForm(shard, (form) => form.replace('"text":3', `"text":${length}`))).toThrow(
        /at shard\.documents\.0\.text/,
      );
    },
  );
  test("keeps nothing of its message alive but what is kept of it", () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void; // what the flag makes
    collect();
    const before = process.memoryUsage().heapUsed;
    const kept: string[] = [];
    for (let i = 0; i < 100; i++) {
      const documents = [`${i}`.repeat(300), randomBytes(500_000).toString("hex")];
      const { key, text } = writeShard({
        ...shardOf(3),
        documents: documents.map((each) => ({ text: each, wantsGrants: false })),
      });
      kept.push(readShard(key, { protocol: PROTOCOL, body: packed(text) }).documents[0]!.text); // there are two
    }
    collect();
    expect(kept.length).toBe(100);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(20_000_000); // of 100 MB
  });

  test("without any texts is refused where it promises some", () => {
    const [form = ""] = writeShard(shard).text.split("\n");
    expect(() => readShard(hash("sha256", form), { protocol: PROTOCOL, body: packed(form) })).toThrow(/other lengths/);
  });
});

describe("an outcome", () => {
  test("comes as it was sent", async () => {
    const outcome = await INLINE.refine(shardOf(3));
    expect(outcome.units.length).toBeGreaterThan(0);
    expect(readOutcome(packed(writeOutcome(outcome)))).toEqual(outcome);
  });

  test("comes as it was sent with texts of all kinds, and with failures", async () => {
    const { units, grants } = await INLINE.refine(shardOf(3));
    const [unit] = units;
    if (unit?.ok !== true || unit.created === null) throw new Error("the first unit has a new document");
    const odd: OutcomeRows = {
      units: [
        ...ODD.map((text, place) => ({
          ...unit,
          unitId: place,
          changes: place === 0 ? null : text,
          unknownActions: place === 1 ? null : text,
          created:
            place === 2
              ? null
              : { ...unit.created!, text, granted: { ...unit.created!.granted, intervals: `${text}]` } }, // not null, as above
        })),
        { unitId: 9, ok: false, code: "out-of-time", message: "it takes long\nvery long" },
      ],
      grants: grants.map(({ document, granted }) => ({ document, granted: { ...granted, intervals: ODD.join("") } })),
    };
    expect(readOutcome(packed(writeOutcome(odd)))).toEqual(odd);
  });
});
