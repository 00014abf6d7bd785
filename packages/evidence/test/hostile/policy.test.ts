/** Policy documents that are made to mean something else than they say, or to cost more than they should. */
import { describe, expect, test } from "vitest";
import {
  DEEPEST_DOCUMENT,
  LONGEST_DOCUMENT,
  LONGEST_ENTRY,
  MOST_GLOBS,
  readDocument,
} from "../../src/policy-document.ts";
import { places, readJson, withInline } from "../samples.ts";

/** The code and place of a refusal; the text of what is read. */
function read(raw: unknown): string {
  const result = readDocument(raw);
  return "record" in result ? result.record.text : `${result.code} at ${result.pointer}`;
}

function policy(Action: unknown, more: object = {}): object {
  return { Statement: [{ Effect: "Allow", Action, Resource: "*", ...more }] };
}

/** So many objects inside one another. */
function nested(levels: number): object {
  let value: object = {};
  for (let i = 1; i < levels; i++) value = { a: value };
  return value;
}

/** A document of so many characters. */
function documentOf(length: number): string {
  const empty = JSON.stringify(policy("s3:*", { Sid: "" })).length;
  return JSON.stringify(policy("s3:*", { Sid: "x".repeat(length - empty) }));
}

/** A document with a number in a condition, as it is spelled. */
function conditioned(number: string): string {
  return `{"Statement":[{"Effect":"Allow","Action":"s3:*","Condition":{"NumericLessThan":{"a/b~c":${number}}}}]}`;
}

const forms = (text: string): readonly string[] => [text, encodeURIComponent(text), ` \n${text}`];

describe("a key that stands twice in the text of a document", () => {
  test.each([
    ["an action", '{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Action":"*"}}'],
    ["an effect", '{"Statement":{"Effect":"Deny","Action":"*","Effect":"Allow"}}'],
    ["all statements", '{"Statement":[],"Statement":{"Effect":"Allow","Action":"*"}}'],
    [
      "in a condition",
      '{"Statement":{"Effect":"Allow","Action":"*","Condition":{"Bool":{"a":"true"},"Bool":{"a":"false"}}}}',
    ],
    ["in another spelling", '{"Statement":{"Effect":"Allow","Action":"s3:*","\\u0041ction":"*"}}'],
    ["the version", '{"Version":"2008-10-17","Version":"2012-10-17","Statement":[]}'],
  ])("%s", (_, text) => {
    for (const form of forms(text)) expect(read(form)).toBe("duplicate-key at ");
  });

  test("costs the policy, not its principal", () => {
    const evidence = readJson(withInline('{"Statement":[],"Statement":[]}'));
    expect(places(evidence)).toEqual(["duplicate-key at /RoleDetailList/0/RolePolicyList/0/PolicyDocument"]);
    expect(evidence.principals.length).toBe(1);
  });
});

describe("`__proto__` and `constructor`", () => {
  test.each(["__proto__", "constructor", "toString", "hasOwnProperty"])("%s is an element like any other", (key) => {
    const text = `{"${key}":{"Version":"x"},"Statement":[{"Effect":"Allow","Action":"s3:*","${key}":{"NotAction":"*"}}]}`;
    expect(read(text)).toBe(text);
    expect(read(JSON.parse(text))).toBe(text);
  });

  test("stands for no element that is missing", () => {
    expect(read('{"Statement":{"__proto__":{"Effect":"Allow"},"Action":"*"}}')).toMatch(/^invalid-policy /);
  });
});

describe("levels", () => {
  test("as many as there may be, and one more", () => {
    const own = 3; // the document, its statements, the statement
    expect(read(policy("s3:*", { Condition: nested(DEEPEST_DOCUMENT - own) }))).toContain('"Condition"');
    expect(read(policy("s3:*", { Condition: nested(DEEPEST_DOCUMENT - own + 1) }))).toBe("too-deep at ");
  });
});

describe("length", () => {
  test("a million actions in one statement", () => {
    const million = policy(Array.from({ length: 1_000_000 }, (_, i) => `s3:Action${i}`));
    expect(read(million)).toBe("too-large at ");
    expect(read(JSON.stringify(million))).toBe("too-large at ");
  });

  test("as long as it may be, and one character more", () => {
    expect(read(documentOf(LONGEST_DOCUMENT)).length).toBe(LONGEST_DOCUMENT);
    expect(read(documentOf(LONGEST_DOCUMENT + 1))).toBe("too-large at ");
    expect(read(JSON.parse(documentOf(LONGEST_DOCUMENT + 1)))).toBe("too-large at ");
  });

  test("blanks do not count, up to four times the length", () => {
    const text = JSON.stringify(policy("s3:*"));
    expect(read(" ".repeat(3 * LONGEST_DOCUMENT) + text)).toBe(text);
    expect(read(" ".repeat(4 * LONGEST_DOCUMENT) + text)).toBe("too-large at ");
  });

  test("an entry as long as it may be, and one of 10,000 stars", () => {
    expect(read(policy(["sqs:*", `s3:${"x".repeat(LONGEST_ENTRY - 3)}`]))).toContain("xxx");
    expect(read(policy(["sqs:*", `s3:${"x".repeat(LONGEST_ENTRY - 2)}`]))).toBe("too-large at /Statement/0");
    expect(read(policy("*".repeat(10_000)))).toBe("too-large at /Statement/0");
    expect(read({ Statement: { Effect: "Allow", NotAction: "*".repeat(10_000) } })).toBe("too-large at /Statement/0");
  });

  test("as many patterns as there may be, and one more; names, prefixes and the same pattern again do not count", () => {
    const patterns = Array.from({ length: MOST_GLOBS }, (_, i) => `s3:*${i}*`);
    const others = ["s3:*", "*", "sqs:SendMessage", "s3:*0*", ...Array.from({ length: 2000 }, (_, i) => `s3:G${i}*`)];
    expect(read(policy([...patterns, ...others]))).toContain("s3:*999*");
    expect(read(policy([...patterns, ...others, "s3:Ge?"]))).toBe("too-large at /Statement/0");
    const apart = {
      Statement: [...(policy(patterns) as { Statement: object[] }).Statement, { Effect: "Deny", NotAction: ["*a*"] }],
    };
    expect(read(apart)).toBe("too-large at /Statement/1");
  });
});

describe("numbers that a double does not keep", () => {
  const INEXACT = ["9007199254740993", "-9007199254740993", "12345678901234567890", "1e400", "-1e400", "1e22"];

  test.each([...INEXACT, "0.12345678901234567", "1.5e-9"])("%s is refused, with its place", (number) => {
    expect(read(conditioned(number))).toBe("inexact-number at /Statement/0/Condition/NumericLessThan/a~1b~0c");
    expect(read(JSON.parse(conditioned(number)))).toBe(
      "inexact-number at /Statement/0/Condition/NumericLessThan/a~1b~0c",
    );
  });

  test.each(["3600", "-1", "0.5", "9007199254740991", "123456789.25", "0.000001", "null", '"12345678901234567890"'])(
    "%s is kept as it is",
    (number) => {
      expect(read(conditioned(number))).toBe(conditioned(number));
    },
  );
});

describe("characters", () => {
  test("half of a surrogate pair stays what it was, and is written so that any text holds it", () => {
    const text = '{"Statement":[{"Sid":"\\ud800","Effect":"Allow","Action":"s3:*"}]}';
    expect(read(text)).toBe(text);
  });

  test("NUL, quotes, escapes and marks stay what they were", () => {
    const document = policy("s3:*", { Sid: "\u0000\"'`\u001b[2J\u202e\u{e0041}\r\n;$(id)" });
    expect(read(document)).toBe(JSON.stringify(document));
  });
});

test("documents that are alike in most characters are told apart", () => {
  const documents = Array.from({ length: 500 }, (_, i) =>
    JSON.stringify(policy(`s3:${"a".repeat(400)}${String(i).padStart(3, "0")}${"b".repeat(400)}`)),
  );
  for (const text of [...documents, ...documents]) expect(read(text)).toBe(text);
});
