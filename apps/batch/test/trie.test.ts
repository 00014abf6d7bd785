import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { WordNode, WordTree } from "@leastwise/api";
import { describe, expect, test } from "vitest";
import {
  CATALOGS,
  DEMO,
  GOLDEN,
  type PolicyDocument,
  leastwise,
  recommendations,
  refined,
  temporaryFolder,
  write,
} from "./leastwise.ts";

const docs = (name: string): string => fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url));
const IS_UPDATE = process.env["LEASTWISE_UPDATE"] !== undefined;

const folder = temporaryFolder();
const golden = JSON.parse(readFileSync(join(GOLDEN, "amazon-science-2024.json"), "utf8")) as {
  readonly unused: unknown;
  readonly recommended: { readonly Statement: readonly { readonly Action: readonly string[] }[] };
}; // test data of ours
const UNUSED = join(GOLDEN, "amazon-science-2024-unused.json");
const ARTICLE = ["trie", "s3:Get*", "--unused", UNUSED, "--catalog", join(CATALOGS, "2024.json")];

function chosenOf(json: string): readonly string[] {
  const entries = (node: WordNode): readonly string[] => [...node.entries, ...node.children.flatMap(entries)];
  return entries((JSON.parse(json) as WordTree).root); // what --json prints
}

describe("the article's figure", () => {
  test("is drawn of what the article reports", () => {
    expect(JSON.parse(readFileSync(UNUSED, "utf8"))).toEqual(golden.unused);
  });

  test("has the entries that the article recommends as chosen", () => {
    const { code, out } = leastwise(...ARTICLE, "--json");
    expect(code).toBe(0);
    expect(chosenOf(out)).toEqual(golden.recommended.Statement[1]?.Action.filter((entry) => entry !== "s3:List*"));
  });

  test("is docs/pictures/s3-get.svg, byte for byte; LEASTWISE_UPDATE=1 writes it anew", () => {
    const { out } = leastwise(...ARTICLE, "--svg", "-");
    if (IS_UPDATE) writeFileSync(docs("pictures/s3-get.svg"), out);
    expect(readFileSync(docs("pictures/s3-get.svg"), "utf8")).toBe(out);
    const path = join(folder, "s3-get.svg");
    const { code, out: nothing, err } = leastwise(...ARTICLE, "--svg", path);
    expect({ code, nothing, err }).toEqual({ code: 0, nothing: "", err: `wrote \`${path}\`\n` });
    expect(readFileSync(path, "utf8")).toBe(out);
  });

  test("is the text in docs/trie.md; LEASTWISE_UPDATE=1 writes it anew", () => {
    const { out, err } = leastwise(...ARTICLE);
    expect(err).toBe("");
    const page = readFileSync(docs("trie.md"), "utf8");
    const renewed = page.replace(/```text\n[^]*?```/, () => `\`\`\`text\n${out}\`\`\``);
    if (IS_UPDATE) writeFileSync(docs("trie.md"), renewed);
    expect(readFileSync(docs("trie.md"), "utf8")).toBe(renewed);
  });
});

test("folds, opens and unfolds", () => {
  const few = [
    "trie",
    "ec2:*",
    "--unused",
    write(folder, "ec2.json", [{ serviceNamespace: "ec2", actions: ["RunInstances"] }]),
  ];
  const lines = (...more: readonly string[]): readonly string[] => leastwise(...few, ...more).out.split("\n");
  expect(lines().length).toBeLessThan(80);
  expect(lines().join("\n")).not.toContain("DhcpOptions\n");
  expect(lines("--open", "ec2:Describe").join("\n")).toContain("DhcpOptions\n");
  expect(lines("--all").length).toBeGreaterThan(800);
  expect(leastwise(...few, "--ascii").out).toMatch(/^[\n -~]*$/);
});

test("with exact names every action that stays is one", () => {
  const { out } = leastwise(...ARTICLE, "--granularity", "exact", "--json");
  expect(chosenOf(out)).toHaveLength(36);
});

describe("of a run", () => {
  const db = refined(folder, "demo.db", DEMO);
  const replaced = recommendations(db).flatMap(({ principalArn, policyName, existingPolicy, recommendedPolicy }) => {
    const before = actionsOf(existingPolicy).filter((entry) => /[*?]/.test(entry));
    const after = recommendedPolicy === null ? [] : actionsOf(recommendedPolicy);
    return before
      .filter((entry) => !after.includes(entry))
      .map((entry) => ({ principalArn, policyName, entry, after }));
  });

  function asked(what: string, arn: string, policy: string): { code: number | null; err: string } {
    const { code, err } = leastwise("trie", what, "--db", db, "--principal", arn, "--policy", policy);
    return { code, err };
  }

  test("it is drawn by what the run stored: what is chosen stands in the recommended policy", () => {
    expect(replaced.length).toBeGreaterThan(5);
    for (const { principalArn, policyName, entry, after } of replaced.slice(0, 6)) {
      const { code, out, err } = leastwise(
        "trie",
        entry,
        "--db",
        db,
        "--principal",
        principalArn,
        "--policy",
        policyName,
        "--json",
      );
      expect({ code, err }).toEqual({ code: 0, err: "" });
      const chosen = chosenOf(out);
      expect(chosen.filter((each) => !after.includes(each))).toEqual([]);
      expect(chosen).toEqual((JSON.parse(out) as WordTree).replacedBy);
    }
  });

  test("names what there is where an entry, a policy or a principal is not there", () => {
    const { principalArn = "", policyName = "", entry = "" } = replaced[0] ?? {};
    const other = asked("zoo:*", principalArn, policyName);
    expect(other.code).toBe(2);
    expect(other.err).toContain(`does not allow \`zoo:*\` as an entry of its own\nits wildcards: `);
    expect(other.err).toContain(entry);
    const unknown = asked(entry, principalArn, "Nobody");
    expect(unknown.code).toBe(2);
    expect(unknown.err).toContain(policyName);
    expect(asked(entry, "arn:aws:iam::111111111111:role/Nobody", policyName).code).toBe(2);
  });
});

test("says what it needs, and what is no entry", () => {
  const { code, err } = leastwise("trie", "s3:Get*");
  expect({ code, err }).toEqual({
    code: 2,
    err: "leastwise: there is nothing to say what is unused\ngive --unused FILE, or --db FILE with --principal ARN and --policy NAME\n",
  });
  const long = leastwise("trie", `s3:${"x".repeat(1_001)}*`, "--unused", UNUSED);
  expect(long.code).toBe(2);
  expect(long.err).toMatch(/^leastwise: `s3:x{57}…` is no entry: [^\n]{1,100}\ngive one such as 's3:Get\*'\n$/);
  const nowhere = leastwise(...ARTICLE, "--svg", join(folder, "no", "where.svg"));
  expect(nowhere.code).toBe(4);
  expect(nowhere.err).toContain("cannot be written");
});

function actionsOf({ Statement }: PolicyDocument): readonly string[] {
  const statements = Array.isArray(Statement)
    ? (Statement as readonly Readonly<Record<string, unknown>>[])
    : [Statement as Readonly<Record<string, unknown>>]; // one or several
  return statements
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap(({ Action }) =>
      Array.isArray(Action) ? (Action as string[]) : typeof Action === "string" ? [Action] : [],
    ); // strings, as IAM has them
}
