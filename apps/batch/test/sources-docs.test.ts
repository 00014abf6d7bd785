import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadCatalog } from "@leastwise/catalog";
import type { Evidence } from "@leastwise/core";
import { readEvidence, readIamCollect } from "@leastwise/evidence";
import { describe, expect, test } from "vitest";
import { asked, leastwise, temporaryFolder, write } from "./leastwise.ts";

/** docs/sources: what the pages show is what the program reads, and their commands are commands. */

const DOCS = fileURLToPath(new URL("../../../docs/", import.meta.url));
const folder = temporaryFolder();

interface Block {
  readonly language: string;
  readonly text: string;
  /** Named in the line before the block, else a name that says nothing. */
  readonly path: string;
}

interface Page {
  readonly name: string;
  /** What its section "Recognised by" names in bold. */
  readonly kind: string;
  readonly blocks: readonly Block[];
}

const PAGES = readdirSync(join(DOCS, "sources")).map(pageOf);

function pageOf(name: string): Page {
  const text = readFileSync(join(DOCS, "sources", name), "utf8");
  const [, section = ""] = text.split("\n## Recognised by\n");
  const [, kind = ""] = /\*\*(.+?)\*\*/s.exec(section) ?? [];
  const blocks = Array.from(
    text.matchAll(/(?:\n`([^`\n]+)`:\n)?\n```(\w*)\n(.*?)\n```\n/gs),
    ([, path = "sample.json", language = "", block = ""]) => ({ language, text: block, path }),
  );
  return { name, kind: kind.replaceAll("\n", " "), blocks };
}

function samplesOf({ blocks }: Page): readonly Block[] {
  return blocks.filter(({ language }) => language === "json");
}

/** What a page's samples say: each by itself, but for a store, of which a folder is read as one. */
function evidenceOf(page: Page): readonly Evidence[] {
  const parts = samplesOf(page).map(({ path, text }) => ({ path, file: new TextEncoder().encode(text) }));
  if (page.kind !== "iam-collect store") return parts.map(({ path, file }) => readEvidence(path, file));
  const folders = [...new Set(parts.map(({ path }) => dirname(path)))];
  return folders.map((path) =>
    readIamCollect(
      path,
      parts.filter((part) => dirname(part.path) === path),
    ),
  );
}

/** How many records there are of what. */
function recordsOf(evidence: Evidence): number {
  const { principals, policies, usage, events, unusedPrincipals, awsRecommendations } = evidence;
  return [principals, policies, usage, events, unusedPrincipals, awsRecommendations].flat().length;
}

const EVIDENCE_PAGES = PAGES.filter(({ kind }) => kind !== "service reference");

describe("the samples", () => {
  test("there is a page for each source, and each has one", () => {
    expect(PAGES.map(({ name }) => basename(name, ".md"))).toEqual([
      "access-analyzer-findings",
      "authorization-details",
      "aws-recommendations",
      "cloudtrail",
      "iam-collect",
      "plain-lists",
      "service-last-accessed",
      "service-reference",
    ]);
    expect(PAGES.filter((page) => samplesOf(page).length === 0)).toEqual([]);
  });

  test.each(EVIDENCE_PAGES.map((page) => [page.name, page] as const))(
    "of %s are recognised as the page says, and all of them is read",
    (_name, page) => {
      for (const evidence of evidenceOf(page)) {
        expect({ kinds: evidence.kinds, diagnostics: evidence.diagnostics }).toEqual({
          kinds: [page.kind],
          diagnostics: [],
        });
        expect(recordsOf(evidence)).toBeGreaterThan(0);
      }
    },
  );

  test("of the service reference extend the catalog: what is tracked, and an operation", () => {
    const page = PAGES.find(({ kind }) => kind === "service reference")!; // the first test has seen it
    for (const { path, text } of samplesOf(page)) {
      const { source, operations } = loadCatalog(undefined, write(folder, path, text));
      expect(source).toMatch(/ \+ service reference \(1 service\)$/);
      expect(operations.get("s3:listobjectsv2")).toEqual(["s3:ListBucket"]);
    }
  });
});

describe("all samples together are a small organization", () => {
  const root = join(folder, "exports");
  for (const page of EVIDENCE_PAGES) {
    for (const [index, { path, text }] of samplesOf(page).entries()) {
      write(join(root, basename(page.name, ".md"), page.kind === "iam-collect store" ? "" : `${index}`), path, text);
    }
  }
  const db = join(folder, "org.db");
  const ended = leastwise("refine", root, "--db", db, "--quiet");
  const ORDERS = "arn:aws:iam::123456789012:role/service/orders";

  test("which is refined without a refusal", () => {
    expect(ended).toMatchObject({ code: 0, err: "" });
    const codes = asked(db, "refused").map(({ severity, code }) => `${String(severity)} ${String(code)}`);
    expect(codes).toEqual(["warning unknown-principal"]); // the role of the second finding
  });

  test.each([
    ["s3:ListBucket", /^stays: used, as CloudTrail says$/, "an event proves it, though its name is another"],
    ["s3:PutBucketPolicy", /^stays: used, as service last accessed says$/, "tracked, with an access in the window"],
    ["s3:GetObject", /^stays: nothing says that it is unused$/, "the data plane of a service that is in use"],
    ["s3:DeleteBucket", /^goes: unused, as .*Access Analyzer/, "named by all sources, used by none"],
    ["sqs:SendMessage", /^goes: unused, as service last accessed says$/, "nothing of the service was used"],
  ])("%s %s: %s", (action, answer) => {
    const { code, out } = leastwise("explain", ORDERS, action, "--db", db);
    expect(code).toBe(0);
    expect(out.split("\n")[1]).toMatch(answer);
  });

  test("and compared with what AWS recommends", () => {
    const { code, out } = leastwise("compare", "--db", db);
    expect(code).toBe(0);
    expect(out).toContain(`Queues (customer) of ${ORDERS}\n`);
    expect(out).toContain("only AWS keeps sqs:");
  });
});

describe("the commands", () => {
  const blocks = PAGES.flatMap(({ name, blocks: all }) => all.map((block) => [name, block] as const));

  test.each(
    blocks
      .filter(([, { language }]) => language === "bash" || language === "console")
      .map(([name, { text }]) => [name, text.split("\n")[0], text] as const),
  )("%s, `%s`: the shell can parse them", (_name, _first, text) => {
    const { status, stderr } = spawnSync("bash", ["-n"], { input: text, encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  test("are the only blocks beside samples", () => {
    const languages = new Set(blocks.map(([, { language }]) => language));
    expect([...languages].sort()).toEqual(["bash", "console", "json"]);
  });
});

describe("the links", () => {
  const files = ["../README.md", ...readdirSync(DOCS, { recursive: true, encoding: "utf8" })].filter((name) =>
    name.endsWith(".md"),
  );
  const links = files.flatMap((name) => {
    const text = readFileSync(join(DOCS, name), "utf8").replaceAll(/^```.*?^```$/gms, "");
    return Array.from(text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g), ([, target = ""]) => [name, target] as const);
  });

  test.each(links)("%s: %s leads somewhere", (name, target) => {
    const [path = "", anchor = ""] = target.split("#");
    const file = path === "" ? join(DOCS, name) : join(DOCS, dirname(name), path);
    expect(existsSync(file)).toBe(true);
    expect(anchor === "" ? [""] : anchorsOf(readFileSync(file, "utf8"))).toContain(anchor);
  });

  test("the overview leads to every page", () => {
    const targets = links.filter(([name]) => name === "inputs.md").map(([, target]) => target);
    for (const { name } of PAGES) expect(targets).toContain(`sources/${name}`);
  });
});

/** Headings as GitHub makes anchors of them. */
function anchorsOf(text: string): readonly string[] {
  return Array.from(text.matchAll(/^#+ (.+)$/gm), ([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, "")
      .trim()
      .replaceAll(/\s/g, "-"),
  );
}
