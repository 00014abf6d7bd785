/**
 * Entries made to cost time, of IAM's lengths and beyond, through the engine as a worker runs it and with all of AWS's actions. Each has to be
 * done within the time that any test has: a star for every other character took 90 seconds once, single characters between stars 25.
 */
import { builtInCatalog } from "@leastwise/catalog";
import { DEFAULT_OPTIONS, type Engine, type UnitOutcome, Verifier, refineShard, unusedOf } from "@leastwise/core";
import { describe, expect, test } from "vitest";
import { actionsOf } from "./catalogs.ts";

const { trie } = builtInCatalog();
const actions = actionsOf(trie);
const engine: Engine = { trie, verifier: new Verifier(actions) };
/** Every third action, so that no prefix of any length is safe for long. */
const unused = JSON.stringify(
  unusedOf(
    actions
      .filter((_, id) => id % 3 === 0)
      .map((action) => ({ service: action.split(":")[0] ?? "", actions: [action.split(":")[1] ?? ""] })),
  ),
);

function refined(entries: readonly string[], element: "Action" | "NotAction"): UnitOutcome | undefined {
  const text = JSON.stringify({ Statement: [{ Effect: "Allow", [element]: entries, Resource: "*" }] });
  return refineShard(engine, {
    catalog: trie.contentHash,
    options: DEFAULT_OPTIONS,
    origin: { engineVersion: 1, catalogSource: "built in", catalogDate: "" },
    documents: [{ text, wantsGrants: true }],
    unused: [unused],
    units: [{ unitId: 1, document: 0, unused: 0 }],
  }).units[0];
}

const HOSTILE: readonly (readonly [string, readonly string[]])[] = [
  ["10,000 stars", ["*".repeat(10_000)]],
  ["100,000 stars, each with a letter behind it", ["*e".repeat(100_000)]],
  ["a letter between twenty single characters", [`*:*${"?".repeat(10)}e${"?".repeat(10)}*`]],
  ["single characters between letters", [`*e${"?".repeat(20)}e*`]],
  ["letters and stars in turn, with a letter that does not come", [`${"*e".repeat(20)}#*`]],
  ["stars and single characters in turn", [`${"*?".repeat(400)}*`]],
  [
    "a hundred patterns of two letters of S3",
    Array.from({ length: 100 }, (_, i) => `s3:*${(i + 360).toString(36)[0]}*${(i % 36).toString(36)}*`),
  ],
];

describe.each(["Action", "NotAction"] as const)("%s", (element) => {
  test.each(HOSTILE)("%s", { timeout: 20_000 }, (_, entries) => {
    expect(refined(entries, element)).toMatchObject({ ok: true });
  });
});

test("a run of stars grants what one star does", { timeout: 20_000 }, () => {
  const [run, star] = [refined(["s3:*****"], "Action"), refined(["s3:*"], "Action")];
  expect(run).toMatchObject({ ok: true, text: star?.ok === true ? star.text : "none" });
});
