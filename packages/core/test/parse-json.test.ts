/** What becomes of JSON text that anybody may have written. */
import { expect, test } from "vitest";
import { MOST_LEVELS } from "../src/json/look-at-json.ts";
import { type ParsedJson, parseJson } from "../src/json/parse-json.ts";

function parsed(text: string): ParsedJson {
  return parseJson(text, new TextEncoder().encode(text));
}

test.each([
  ['{"Effect": "Allow"}', { Effect: "Allow" }],
  [' "text" ', "text"],
  ["null", null],
  ['[{"a": 1}, {"a": 2}]', [{ a: 1 }, { a: 2 }]],
  ['{"\\u0041": 1, "B": 2}', { A: 1, B: 2 }], // an escape in a key alone is nothing wrong
])("%s has its value", (text, value) => {
  expect(parsed(text)).toEqual({ value });
});

test("of a key that stands twice neither value is taken", () => {
  expect(parsed('{"é": 0, "Action": "s3:Get*", "\\u0041ction": "*"}')).toEqual({ twice: { key: "Action", at: 30 } });
});

test("one level too many is refused, as JSON and as the beginning of it", () => {
  const open = "[".repeat(MOST_LEVELS + 1);
  expect(parsed(open + "]".repeat(MOST_LEVELS + 1))).toBe("too-deep");
  expect(parsed(open)).toBe("too-deep");
  expect(parsed(open.slice(1) + "]".repeat(MOST_LEVELS))).toHaveProperty("value");
});

test.each(["", "{", '{"a": 1,}', "{'a': 1}", '{"a": 1}\n{"a": 2}', "[] 1", "undefined"])(
  "%j is not one value",
  (text) => {
    expect(parsed(text)).toBe("not-json");
  },
);
