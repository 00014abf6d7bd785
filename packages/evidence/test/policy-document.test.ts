import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { readDocument } from "../src/index.ts";
import { POLICY } from "./samples.ts";

const MINIFIED = JSON.stringify(POLICY);

/** The minified text that is kept, or what was wrong. */
function textOf(raw: unknown): string {
  const result = readDocument(raw);
  return "record" in result ? result.record.text : `${result.pointer}: ${result.message}`;
}

/** RFC 3986, as the IAM API does it: everything but unreserved characters, `encodeURIComponent` leaves some of the others. */
function rfc3986(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function allow(element: object): object {
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", Resource: "*", ...element }] };
}

describe("one document in every form that AWS's tools export", () => {
  test.each([
    ["an object (AWS CLI, boto3)", POLICY],
    ["JSON text", MINIFIED],
    ["indented JSON text", JSON.stringify(POLICY, null, 4)],
    ["JSON text behind a line break", `\n  ${MINIFIED}\n`],
    ["URL-encoded (API, JavaScript SDK)", rfc3986(MINIFIED)],
    ["URL-encoded with the author's indentation", rfc3986(JSON.stringify(POLICY, null, 2))],
    ["URL-encoded with tabs and CRLF", rfc3986(JSON.stringify(POLICY, null, "\t").replaceAll("\n", "\r\n"))],
    ["URL-encoded with lower-case digits", rfc3986(MINIFIED).replaceAll(/%../g, (code) => code.toLowerCase())],
    ["URL-encoded behind a line break", `\n${rfc3986(MINIFIED)}`],
    ["URL-encoded but for what a shell leaves alone", encodeURIComponent(MINIFIED)],
  ])("%s", (_, raw) => {
    expect(textOf(raw)).toBe(MINIFIED);
  });

  test("the hash is the SHA-256 of the minified text", () => {
    expect(readDocument(rfc3986(MINIFIED))).toMatchObject({
      record: { text: MINIFIED, sha256: createHash("sha256").update(MINIFIED, "utf8").digest("hex") },
    });
  });

  test("a plus is a plus: RFC 3986 writes blanks as %20", () => {
    const document = allow({ Sid: "a", Action: "s3:GetObject", Resource: "arn:aws:s3:::orders/a+b c" });
    expect(textOf(rfc3986(JSON.stringify(document)))).toBe(JSON.stringify(document));
    expect(textOf(rfc3986(JSON.stringify(document)).replaceAll("%2B", "+"))).toBe(JSON.stringify(document));
  });

  test("a percent sign inside JSON text is no encoding", () => {
    const document = allow({ Action: "s3:GetObject", Resource: "arn:aws:s3:::orders/100%25" });
    expect(textOf(JSON.stringify(document))).toBe(JSON.stringify(document));
    expect(textOf(rfc3986(JSON.stringify(document)))).toBe(JSON.stringify(document));
  });

  test("text that is not ASCII survives all three forms", () => {
    const document = allow({
      Action: "s3:GetObject",
      Condition: { StringEquals: { "aws:PrincipalTag/équipe": "Größe 部署 🌱" } },
    });
    const text = JSON.stringify(document);
    expect([document, text, rfc3986(text)].map(textOf)).toEqual([text, text, text]);
  });
});

describe("what a valid policy may look like", () => {
  test.each([
    ["a single statement instead of a list", { Statement: { Effect: "Allow", Action: "s3:*", Resource: "*" } }],
    ["no Version", { Statement: [{ Effect: "Deny", NotAction: ["iam:*"], Resource: "*" }] }],
    ["an Id and the old Version", { Version: "2008-10-17", Id: "x", ...allow({ NotAction: "sts:*" }) }],
    ["an empty Sid, as some consoles write it", allow({ Sid: "", Action: "sqs:SendMessage" })],
    ["elements that AWS may add", { ...allow({ Action: "a4b:*", Future: [{ deep: 1 }] }), Extra: null }],
    ["keys in any order", { Statement: [{ Resource: "*", Action: "s3:*", Effect: "Allow" }], Version: "2012-10-17" }],
  ])("%s", (_, document) => {
    expect(textOf(document)).toBe(JSON.stringify(document));
  });

  test("a key `__proto__` is kept like any other and changes nothing", () => {
    const text =
      '{"__proto__":{"Version":"x"},"Statement":{"Effect":"Allow","Action":"s3:*","__proto__":{"NotAction":"*"}}}';
    expect(textOf(text)).toBe(text);
  });

  test("a statement hidden behind `__proto__` is no statement", () => {
    expect(textOf('{"__proto__":{"Statement":{"Effect":"Allow","Action":"*"}}}')).toContain("/Statement: ");
    expect(textOf('{"Statement":{"Effect":"Allow","__proto__":{"Action":"*"}}}')).toContain(
      "exactly one of Action and NotAction",
    );
  });
});

describe("what is no policy, with the place", () => {
  const oneOf = "a statement has exactly one of Action and NotAction";
  test.each([
    ["both Action and NotAction", allow({ Action: "s3:*", NotAction: "s3:Get*" }), `/Statement/0: ${oneOf}`],
    ["neither", allow({}), `/Statement/0: ${oneOf}`],
    [
      "neither, in a single statement",
      { Statement: { Effect: "Allow", Resource: "*" } },
      "/Statement: a statement has exactly",
    ],
    ["another Effect", allow({ Effect: "Permit", Action: "s3:*" }), "/Statement/0/Effect: "],
    ["an Effect in lower case, which IAM refuses", allow({ Effect: "allow", Action: "s3:*" }), "/Statement/0/Effect: "],
    ["no Effect", { Statement: [{ Action: "s3:*" }] }, "/Statement/0/Effect: "],
    ["a number for an Action", allow({ Action: 5 }), "/Statement/0/Action: "],
    ["a number among the Actions", allow({ Action: ["s3:*", 5] }), "/Statement/0/Action/1: "],
    ["null for an Action", allow({ Action: null }), "/Statement/0/Action: "],
    [
      "the second of two statements",
      { Statement: [{ Effect: "Deny", Action: "*" }, { Effect: "Deny" }] },
      `/Statement/1: ${oneOf}`,
    ],
    ["no Statement", { Version: "2012-10-17" }, "/Statement: this is missing"],
    ["text for a Statement", { Statement: "Allow *" }, "/Statement: "],
    ["a number for a Version", { Version: 2012, Statement: [] }, "/Version: "],
    ["a list", [POLICY], ": this should be an object"],
    ["null", null, ": this should be an object"],
    ["nothing", undefined, ": the document is neither"],
    ["a number", 5, ": this should be an object"],
    ["empty text", "", ": the document is neither"],
    ["text cut in the middle", MINIFIED.slice(0, -1), ": the document is neither"],
    ["encoded text cut inside a code", rfc3986(MINIFIED).slice(0, -1), ": the document is neither"],
    ["encoded bytes that are not UTF-8", "%7B%FF%7D", ": the document is neither"],
    ["text encoded twice", rfc3986(rfc3986(MINIFIED)), ": the document is neither"],
    ["form-encoded text, blanks as plus", "%7B+%22Statement%22:+[]+%7D", ": the document is neither"],
    ["JSON text of JSON text", JSON.stringify(MINIFIED), ": this should be an object"],
  ])("%s", (_, raw, expected) => {
    expect(textOf(raw).slice(0, expected.length)).toBe(expected);
  });

  test.each([20_000, 61])("%i levels inside a condition are an answer, not a crash", (levels) => {
    const deep = `${"[".repeat(levels)}${"]".repeat(levels)}`;
    const told = ": more than 64 objects and lists of the document lie inside one another";
    const condition = `{"Statement":[{"Effect":"Allow","Action":"s3:*","Condition":{"a":${deep}}}]}`; // four levels of its own
    for (const raw of [condition, rfc3986(condition), JSON.parse(condition)]) expect(textOf(raw)).toBe(told);
    const fewer = condition.replace("[]", "1");
    expect(textOf(fewer)).toBe(levels === 61 ? fewer : told);
  });

  test("many wrong entries are told by the first", () => {
    const many = Array.from({ length: 100_000 }, () => 1);
    expect(textOf(allow({ Action: many }))).toContain("/Statement/0/Action/0: ");
  });
});
