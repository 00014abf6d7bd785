/** JSON that is made to be read otherwise than it looks, or to cost more than it should. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Evidence } from "@leastwise/core";
import { afterAll, describe, expect, test } from "vitest";
import { Draft } from "../../src/draft.ts";
import {
  LONGEST_LINE,
  readEvidence,
  readIamCollect,
  readLargeJson,
  readLinesInParts,
  startsAsLargeJson,
  startsAsLines,
} from "../../src/index.ts";
import {
  ACCOUNT,
  ROLE_ARN,
  account,
  codes,
  finding,
  places,
  readJson,
  readText,
  role,
  withInline,
} from "../samples.ts";
import { record } from "../cloudtrail-samples.ts";

const folder = mkdtempSync(join(tmpdir(), "leastwise-hostile-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "input.json");

/** The same file read in parts: as one JSON value, or as lines. */
async function inParts(bytes: Uint8Array | string, chunkBytes = 64): Promise<Evidence> {
  writeFileSync(path, bytes);
  const draft = new Draft(path);
  const parts = (await startsAsLargeJson(path)) ? readLargeJson(path, chunkBytes) : readLinesInParts(path);
  for await (const part of parts) draft.take(part);
  return draft.finish();
}

/** The text of an export with one thing in it replaced, once. */
function spoiled(value: unknown, from: string, to: string): string {
  const text = JSON.stringify(value, null, 4);
  if (!text.includes(from)) throw new Error(`\`${from}\` is not in it`);
  return text.replace(from, to);
}

/** So many lists inside one another. */
function deep(levels: number): string {
  return `${"[".repeat(levels)}${"]".repeat(levels)}`;
}

/** An inline policy of that name. */
function named(name: string): object {
  return { PolicyName: name, PolicyDocument: { Statement: [] } };
}

describe("a key that stands twice", () => {
  const twice = spoiled(
    withInline({ Statement: { Effect: "Allow", Action: "s3:GetObject" } }),
    '"Action": ',
    '"Action": "*", "Action": ',
  );

  test.each([
    ["in a policy document", twice],
    [
      "a list of principals",
      spoiled(account({ RoleDetailList: [role()] }), '"GroupDetailList": [],', '"RoleDetailList": [],'),
    ],
    [
      "a role's attached policies",
      spoiled(account({ RoleDetailList: [role()] }), '"Tags": [],', '"AttachedManagedPolicies": [],'),
    ],
  ])("%s costs the file, and its account is not known whole", async (_, text) => {
    for (const evidence of [readText(text), await inParts(text)]) {
      expect(codes(evidence)).toEqual(["duplicate-key"]);
      expect(evidence.diagnostics[0]?.message).toMatch(/^an object has the key `\w+` twice, at line \d+, column \d+$/);
      expect(evidence).toMatchObject({ principals: [], policies: [], incompleteAccounts: [{ accountId: ACCOUNT }] });
    }
  });

  test("read whole and in parts it is told of in the same words", async () => {
    expect((await inParts(twice)).diagnostics[0]?.message).toBe(readText(twice).diagnostics[0]?.message);
  });

  test.each([
    ["a finding's status", spoiled(finding({ status: "ARCHIVED" }), '"status"', '"status": "ACTIVE", "status"')],
    ["a finding's actions", spoiled(finding(), '"actions"', '"actions": [], "actions"')],
    [
      "whether an event was denied",
      spoiled({ Records: [record({ errorCode: "AccessDenied" })] }, '"errorCode"', '"errorCode": null, "errorCode"'),
    ],
    ["the principal of a list", `{"arn":"${ROLE_ARN}","unused":[],"arn":"${ROLE_ARN}2"}`],
  ])("%s", (_, text) => {
    expect(places(readText(text))).toEqual(["duplicate-key at "]);
    expect(readText(text).usage).toEqual([]);
  });

  test("in a line costs that line", async () => {
    const bad = '{"a":1,"\\u0061":2}';
    const lines = [JSON.stringify(finding()), bad, JSON.stringify(finding())].join("\n");
    expect(readText(lines).usage.length).toBe(2);
    expect(places(readText(lines))).toEqual(["duplicate-key at line 2"]);
    const large = await inParts(lines);
    expect(places(large)).toEqual(["duplicate-key at line 2"]);
    expect(large.diagnostics[0]?.message).toBe("an object has the key `a` twice, at column 8");
    expect(places(readText([bad, JSON.stringify(finding())].join("\n")))).toEqual(["duplicate-key at line 1"]);
  });

  test("in lines beyond ASCII, which have more bytes than characters", () => {
    const lines = [JSON.stringify(finding({ id: "é🌱" })), '{"é":1,"é":2}', JSON.stringify(finding({ id: "é" }))].join(
      "\r\n",
    );
    expect(readText(lines).usage.length).toBe(2);
    expect(places(readText(lines))).toEqual(["duplicate-key at line 2"]);
  });

  test("in UTF-16 and behind a byte order mark", () => {
    expect(codes(readEvidence(path, Buffer.from(`\ufeff${twice}`, "utf16le")))).toEqual(["duplicate-key"]);
    expect(codes(readText(`\ufeff${twice}`))).toEqual(["duplicate-key"]);
    expect(codes(readEvidence(path, gzipSync(twice)))).toEqual(["duplicate-key"]);
  });

  test("in an event that lookup-events gives as text is a record of a wrong shape", () => {
    const CloudTrailEvent = JSON.stringify(record()).replace("{", '{"eventName":"GetObject",');
    expect(codes(readJson({ Events: [{ CloudTrailEvent }] }))).toEqual(["wrong-shape"]);
    expect(readJson({ Events: [{ CloudTrailEvent }] }).events).toEqual([]);
  });

  test("in a part of an iam-collect store costs that part", () => {
    const file = Buffer.from(`{"arn":"${ROLE_ARN}","arn":"${ROLE_ARN}"}`);
    const { diagnostics, principals } = readIamCollect("role/x", [{ path: "role/x/metadata.json", file }]);
    expect(diagnostics).toMatchObject([{ code: "duplicate-key", path: "role/x/metadata.json" }]);
    expect(principals).toEqual([]);
  });

  test("what is no JSON is told of first, read whole and in parts", async () => {
    const broken = `${twice.slice(0, -1)}]`;
    expect(codes(readText(broken))).toEqual(["not-json"]);
    expect(codes(await inParts(broken))).toEqual(["not-json"]);
  });
});

describe("levels", () => {
  test("a thousand are read, whatever they are of", () => {
    expect(codes(readText(`{"a":${deep(999)}}`))).toEqual(["unrecognised-input"]);
    expect(codes(readText(`{"a":${deep(1000)}}`))).toEqual(["too-deep"]);
  });

  test("a million cost a message, whole, as a line and in parts", async () => {
    const million = deep(1_000_000);
    expect(codes(readText(million))).toEqual(["too-deep"]);
    expect(codes(await inParts(`{"RoleDetailList":[${million}]}`))).toEqual(["too-deep"]);
    const lines = `${JSON.stringify(finding())}\n${million}`;
    expect(places(readText(lines))).toEqual(["too-deep at line 2"]);
    expect(places(await inParts(lines))).toEqual(["too-deep at line 2"]);
  });

  test("brackets that never close", () => {
    expect(codes(readText("[".repeat(1_000_000)))).toEqual(["too-deep"]);
    expect(codes(readText("[".repeat(900)))).toEqual(["truncated-json"]);
  });
});

describe("a gzip bomb", () => {
  const zeros = gzipSync(Buffer.alloc(64 * 1024 * 1024, " "));

  test("that is read in parts stops at the cap for its size", async () => {
    const lines = Buffer.concat([
      gzipSync(`${JSON.stringify(finding())}\n{}\n`),
      ...Array.from({ length: 9 }, () => zeros),
    ]);
    expect(lines.length).toBeLessThan(1024 * 1024);
    writeFileSync(path, lines);
    const draft = new Draft(path);
    for await (const part of readLinesInParts(path)) draft.take(part);
    const evidence = draft.finish();
    expect(evidence.usage.length).toBe(1); // what came before counts, as before damage
    expect(evidence.diagnostics).toMatchObject([
      { code: "unrecognised-input", pointer: "line 2" },
      { code: "too-large", message: "more than 250 times its size comes out of the gzip stream" },
      { code: "too-large", pointer: "line 3" },
    ]);
    expect(64 * 1024 * 1024).toBe(LONGEST_LINE);
  });

  test("of one value", async () => {
    const bomb = Buffer.concat([
      gzipSync('{"RoleDetailList":['),
      ...Array.from({ length: 9 }, () => zeros),
      gzipSync("]}"),
    ]);
    const evidence = await inParts(bomb, 1 << 20);
    expect(codes(evidence)).toEqual(["too-large"]);
  });
});

test("a large gzip file that is damaged at its very beginning is damaged, not a bug", async () => {
  writeFileSync(path, Buffer.concat([Buffer.of(0x1f, 0x8b, 8, 0), Buffer.alloc(100, 0xff)]));
  expect(await startsAsLargeJson(path)).toBe(false);
});

test("a large gzip file that is no JSON and is cut further on is damaged, as it is when it is read whole", async () => {
  const whole = gzipSync(`{"RoleDetailList":[1 2]}${" ".repeat(100)}`);
  const cut = whole.subarray(0, -4);
  expect(codes(readEvidence(path, cut))).toEqual(["damaged-gzip"]);
  expect(codes(await inParts(cut))).toEqual(["damaged-gzip"]);
});

test("a look at how a damaged gzip file begins never fails, whenever the damage is met", async () => {
  const whole = gzipSync(`${JSON.stringify(finding())}\n`.repeat(3));
  for (let cut = 2; cut < whole.length; cut += 3) {
    writeFileSync(path, whole.subarray(0, cut));
    expect(typeof (await startsAsLines(path))).toBe("boolean");
    expect(typeof (await startsAsLargeJson(path))).toBe("boolean");
  }
});

describe("characters", () => {
  test("NUL in a name or key is a character like any other, and never raw in a message", () => {
    const evidence = readText('{"\\u0000":1,"a\\u0000b":2}');
    expect(evidence.diagnostics[0]?.message).toBe(
      "an object with `\\u{0}`, `a\\u{0}b` is nothing that Leastwise knows",
    );
  });

  test("a raw NUL is no JSON", () => {
    expect(codes(readText('{"a":"\u0000"}'))).toEqual(["not-json"]);
  });

  test("CRLF between lines and inside pretty-printed JSON", () => {
    const text = JSON.stringify(finding(), null, 2).replaceAll("\n", "\r\n");
    expect(readText(text).usage.length).toBe(1);
  });

  test("a byte order mark counts at the beginning alone", () => {
    expect(readText(`\ufeff${JSON.stringify(finding())}`).usage.length).toBe(1);
    expect(codes(readText(`\ufeff\ufeff${JSON.stringify(finding())}`))).toEqual(["not-json"]);
  });

  test("half of a surrogate pair in the name of an inline policy costs the policy: two such names would be one in the database", () => {
    const evidence = readJson(
      account({ RoleDetailList: [role({ RolePolicyList: [named("a\ud800"), named("a\udc00"), named("🌱")] })] }),
    );
    expect(evidence.policies.map(({ name }) => name)).toEqual(["🌱"]);
    expect(codes(evidence)).toEqual(["wrong-shape", "wrong-shape"]);
  });

  test.each(["\u{e0041}", "\u3164", "\u115f", "\u180e", "\ufe0f", "\u034f", "\u202e"])(
    "%j, which nobody sees, is spelled out in a message",
    (hidden) => {
      const [diagnostic] = readJson({ [`a${hidden}`]: 1 }).diagnostics;
      expect(diagnostic?.message).not.toContain(hidden);
      expect(diagnostic?.message).toContain(`a\\u{${hidden.codePointAt(0)?.toString(16)}}`);
    },
  );
});
