/** What is said of JSON text before it is parsed: keys that stand twice, levels, and whether there is one value. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyTwice } from "../src/json/key-twice.ts";
import { MOST_LEVELS, lookAtJson } from "../src/json/look-at-json.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What the two say together, as readers use them. */
function said(text: string): string | undefined {
  const look = lookAtJson(encode(text));
  return look === "perhaps-twice" ? keyTwice(text)?.key : look === "one" ? undefined : look;
}

test.each([
  ["beside one another", '{"a":1,"a":2}', "a"],
  ["with others between", '{"a":1,"b":[{"c":{}}],"a":2}', "a"],
  ["deep inside", '[[{"x":{"y":[{"k":[1,2],"k":[]}]}}]]', "k"],
  ["on lines of their own", '{\n    "Action": "s3:Get*",\n    "Action": "*"\n}', "Action"],
  ["with blanks before the colon", '{"a" :1,\t"a"\r\n:2}', "a"],
  ["one of them escaped", '{"Action":1,"\\u0041ction":2}', "Action"],
  ["both escaped, each in its way", '{"\\u0041":1,"\\u0041":2}', "A"],
  ["the empty one", '{"":1,"":2}', ""],
  ["beyond ASCII", '{"ключ":1,"ключ":2}', "ключ"],
  ["`__proto__`", '{"__proto__":1,"__proto__":2}', "__proto__"],
  ["behind a string with quotes and brackets", '{"a":"\\\\\\"}{,\\"a\\":","a":2}', "a"],
  ["the 200th of an object", `{${Array.from({ length: 200 }, (_, i) => `"k${i}":0`).join()},"k199":0}`, "k199"],
])("a key that stands twice, %s", (_, text, key) => {
  expect(() => JSON.parse(text)).not.toThrow();
  expect(said(text)).toBe(key);
});

test.each([
  ["in different objects", '[{"a":1},{"a":{"a":{"a":1}},"b":{"a":1}}]'],
  ["in a string", '{"a":"\\"a\\":1,\\"a\\":2"}'],
  ["as a value", '{"a":"a","b":["a","a"]}'],
  ["in another case", '{"action":1,"Action":2}'],
  ["alike in length and in its first, middle and last letters", '{"axbyc":1,"azbwc":2}'],
  ["of 200", `{${Array.from({ length: 200 }, (_, i) => `"k${i}":0`).join()}}`],
])("a key that stands once, %s", (_, text) => {
  expect(said(text)).toBeUndefined();
});

test("the place is that of the second", () => {
  expect(keyTwice('{"a":1, "a":2, "a":3}')).toEqual({ key: "a", at: 8 });
});

test.each(['{"a":1}\n{"a":2}', "[] []", '"a" "b"', "{}}", "[]]"])("%j is not one value", (text) => {
  expect(lookAtJson(encode(text))).toBe("several");
});

test.each(["[", '{"a":'])("%s: as many levels as there may be, and one more", (open) => {
  const close = open === "[" ? "]" : "}";
  const nested = (levels: number): string => `${open.repeat(levels)}${open === "[" ? "" : "1"}${close.repeat(levels)}`;
  expect(said(nested(MOST_LEVELS))).toBeUndefined();
  expect(said(nested(MOST_LEVELS + 1))).toBe("too-deep");
  expect(lookAtJson(encode(open.repeat(1_000_000)))).toBe("too-deep");
});

const name = fc.constantFrom("a", "b", "ab", "ba", "Action", "Actxon", "é", "\\", '"', "{", "\u0000", "");
/** JSON text of an object or list, made of tokens, so that keys may stand twice, with blanks of every kind. */
const json = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom("1", "null", '"x"', '"\\\\"', "[]", "{}"),
    fc.array(tie("value"), { maxLength: 3 }).map((items) => `[${items.join(", ")}]`),
    fc
      .array(fc.tuple(name, fc.constantFrom("", " ", "\n        "), tie("value"), fc.boolean()), { maxLength: 5 })
      .map(
        (members) =>
          `{${members.map(([key, blank, value, isEscaped]) => `${blank}${written(key, isEscaped)}${blank}:${blank}${value}`).join()}}`,
      ),
  ),
})).value;

function written(key: string, isEscaped: boolean): string {
  if (!isEscaped) return JSON.stringify(key);
  return `"${Array.from({ length: key.length }, (_, i) => `\\u${key.charCodeAt(i).toString(16).padStart(4, "0")}`).join("")}"`;
}

/** The slow twin: takes the text apart with JSON.parse alone, member by member. */
function hasTwice(text: string): boolean {
  let found = false;
  const seen: string[][] = [];
  const tokens = text.match(/"(?:[^"\\]|\\.)*"\s*:?|[{}]/g) ?? [];
  for (const token of tokens) {
    if (token === "{") seen.push([]);
    else if (token === "}") seen.pop();
    else if (token.endsWith(":")) {
      const key = JSON.parse(token.slice(0, -1)) as string;
      found ||= seen.at(-1)?.includes(key) === true;
      seen.at(-1)?.push(key);
    }
  }
  return found;
}

describe("for any text", () => {
  test("it finds a key that stands twice where there is one, and nowhere else", () => {
    let twice = 0;
    fc.assert(
      fc.property(json, (text) => {
        const expected = hasTwice(text);
        if (expected) twice++;
        expect(said(text) !== undefined).toBe(expected);
      }),
      { numRuns: 5000, seed: 20_261_122 },
    );
    expect(twice).toBeGreaterThan(500);
  });

  test("it sees the same wherever the text lies in memory", () => {
    fc.assert(
      fc.property(json, fc.integer({ min: 0, max: 7 }), (text, offset) => {
        const bytes = encode(text);
        const moved = new Uint8Array(bytes.length + 16).fill(0x20);
        moved.set(bytes, offset);
        expect(lookAtJson(moved.subarray(offset, offset + bytes.length))).toBe(lookAtJson(bytes));
      }),
      { numRuns: 1000, seed: 20_261_122 },
    );
  });

  test("it ends, also for what is no JSON", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('"', "\\", "{", "}", "[", "]", ",", ":", "\n", "    ", "a"), { maxLength: 30 }),
        (parts) => {
          expect(["one", "perhaps-twice", "several"]).toContain(lookAtJson(encode(parts.join(""))));
        },
      ),
      { numRuns: 5000, seed: 20_261_122 },
    );
  });
});
