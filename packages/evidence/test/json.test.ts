import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stopOfJson } from "../src/json-stop.ts";
import { account, codes, finding, places, readText, role } from "./samples.ts";

const LINE = JSON.stringify(finding());

function messages(text: string): readonly string[] {
  return readText(text).diagnostics.map(({ code, message }) => `${code}: ${message}`);
}

describe("one value, a list, or one on each line", () => {
  test("one object, minified or pretty-printed", () => {
    for (const indent of [undefined, 2, 4, "\t"]) {
      expect(readText(JSON.stringify(finding(), null, indent)).usage.length).toBe(1);
    }
  });

  test("a pretty-printed list of objects", () => {
    const text = JSON.stringify([finding(), finding()], null, 2);
    expect(readText(text)).toMatchObject({ usage: [{}, {}], diagnostics: [] });
  });

  test("a list's items are told by their index", () => {
    expect(places(readText(JSON.stringify([finding(), {}, finding()], null, 2)))).toEqual(["unrecognised-input at /1"]);
  });

  test.each([
    ["a line feed", `${LINE}\n${LINE}\n`],
    ["CRLF", `${LINE}\r\n${LINE}\r\n`],
    ["no break behind the last line", `${LINE}\n${LINE}`],
    ["empty lines between", `\n${LINE}\n\n \r\n${LINE}\n\n`],
    ["blanks in front", `  ${LINE}\n\t${LINE}`],
  ])("JSONL with %s", (_, text) => {
    expect(readText(text)).toMatchObject({ usage: [{}, {}], diagnostics: [] });
  });

  test("JSONL of one line", () => {
    for (const text of [LINE, `${LINE}\n`, `\n${LINE}\r\n`]) {
      expect(readText(text)).toMatchObject({ usage: [{}], diagnostics: [] });
    }
  });

  test("a list on a line is a list of exports", () => {
    const evidence = readText(`${LINE}\n[${LINE},{},${LINE}]\n`);
    expect(evidence.usage.length).toBe(3);
    expect(places(evidence)).toEqual(["unrecognised-input at line 2/1"]);
  });

  test("a place inside a line is the line, then the pointer", () => {
    const wrong = JSON.stringify(account({ RoleDetailList: [role(), role({ Arn: 5 })] }));
    expect(places(readText(`${LINE}\n${wrong}\n[{},${wrong}]`))).toEqual([
      "wrong-shape at line 2/RoleDetailList/1/Arn",
      "unrecognised-input at line 3/0",
      "wrong-shape at line 3/1/RoleDetailList/1/Arn",
    ]);
  });

  test("a list of 300,000 items on one line", () => {
    const list = JSON.stringify(Array.from({ length: 300_000 }, () => ({})));
    expect(readText(`${LINE}\n${list}`).diagnostics.length).toBe(300_000);
  });
});

describe("a bad line costs that line", () => {
  test.each([
    ["in the middle", [LINE, "{oops}", LINE], ["not-json at line 2"]],
    ["at the start", ["# findings of today", LINE, LINE], ["not-json at line 1"]],
    ["cut at the end", [LINE, LINE, LINE.slice(0, 40)], ["truncated-json at line 3"]],
    ["cut in the middle", [LINE, LINE.slice(0, 40), LINE], ["truncated-json at line 2"]],
    ["behind an empty line", [LINE, "", "nope", LINE], ["not-json at line 3"]],
    ["two of them", [LINE, "a", LINE, "{]"], ["not-json at line 2", "not-json at line 4"]],
  ])("%s", (_, lines, expected) => {
    const evidence = readText(lines.join("\n"));
    expect(places(evidence)).toEqual(expected);
    expect(evidence.usage.length).toBe(lines.filter((line) => line === LINE).length);
  });

  test("the message tells line and column of the file, not of the line alone", () => {
    expect(messages(`${LINE}\n\n{"id": oops}\n${LINE}`)).toEqual(["not-json: not JSON at line 3, column 8"]);
    expect(messages(`${LINE}\n${LINE}\n{"id": `)).toEqual(["truncated-json: the JSON ends in the middle, at line 3"]);
  });
});

describe("what is no JSON, with line and column", () => {
  test.each([
    ["a bare word", '{"a": oops}', "line 1, column 7"],
    ["a word on a later line", '{\n  "a": 1,\n  "b": Oops\n}', "line 3, column 8"],
    ["a comma too many", '{\n  "a": 1,\n}', "line 3, column 1"],
    ["a comma too many in a list", "[1,\n 2,\n]", "line 3, column 1"],
    ["a comma missing", '{"a": 1 "b": 2}', "line 1, column 9"],
    ["a colon missing", '{"a" 1}', "line 1, column 6"],
    ["single quotes", "{'a': 1}", "line 1, column 2"],
    ["a comment", "{\n  // roles\n}", "line 2, column 3"],
    ["a key without quotes", "{a: 1}", "line 1, column 2"],
    ["a key that is a number", "{1: 1}", "line 1, column 2"],
    ["the wrong bracket", '{"a": [1}', "line 1, column 9"],
    ["a line break in a string", '{"a": "b\nc"}', "line 1, column 9"],
    ["an unknown escape", String.raw`{"a": "b\x41"}`, "line 1, column 9"],
    ["a leading zero", '{"a": 01}', "line 1, column 7"],
    ["a number with nothing behind its point", '{"a": 1.}', "line 1, column 7"],
    ["NaN", '{"a": NaN}', "line 1, column 7"],
    ["something behind the end", '{"a": 1} x', "line 1, column 10"],
    ["a second object behind the first, each pretty-printed", '{\n"a": 1\n}\n{\n"a": 1\n}\n', "line 4, column 1"],
    ["HTML", "<html>\n<body>Access denied</body>\n</html>", "line 1, column 1"],
    ["YAML", "UserDetailList:\n- Arn: x\n", "line 1, column 1"],
    ["the CLI's text output", "USERDETAILLIST\tarn:aws:iam::111122223333:user/a\n", "line 1, column 1"],
    ["a no-break space for a blank", '{\u00a0"a": 1}', "line 1, column 2"],
    ["UTF-16 without a byte order mark", "{\u0000}\u0000", "line 1, column 2"],
    ["text that quotes an error message", '{"a": "at position 3 of", oops}', "line 1, column 27"],
  ])("%s", (_, text, place) => {
    expect(messages(text)).toEqual([`not-json: not JSON at ${place}`]);
  });

  test("a pretty-printed object with a mistake is one mistake, not a file of bad lines", () => {
    const text = JSON.stringify(account({ RoleDetailList: [role()] }), null, 2).replace(
      '"RoleName": "',
      '"RoleName": ',
    );
    expect(codes(readText(text))).toEqual(["not-json"]);
  });
});

describe("a file cut off", () => {
  const whole = JSON.stringify(
    account({ RoleDetailList: [role({ Path: 'a"\\\u0007é', Depth: [-1.5e-3, true, null, {}] })] }),
  );

  test("anywhere: one diagnostic that says so", () => {
    for (let length = 1; length < whole.length; length++) {
      expect(codes(readText(whole.slice(0, length))), `cut at ${length}`).toEqual(["truncated-json"]);
    }
  });

  test("anywhere, pretty-printed", () => {
    const pretty = JSON.stringify(JSON.parse(whole), null, 2);
    for (let length = 1; length < pretty.length; length++) {
      expect(codes(readText(pretty.slice(0, length))), `cut at ${length}`).toEqual(["truncated-json"]);
    }
  });

  test("the line is the last one", () => {
    expect(messages('{\n"a": [\n1,')).toEqual(["truncated-json: the JSON ends in the middle, at line 3"]);
  });
});

describe("where a text stops being JSON", () => {
  test("a prefix of JSON, however cut, only ends too early", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (json, at) => {
        const cut = json.slice(0, at % (json.length + 1));
        expect(stopOfJson(cut)).toBe(cut.length);
      }),
      { numRuns: 2000, seed: 20_260_927 },
    );
  });

  test("one character changed: what stands before the stop can still become JSON, with what stands there it cannot", () => {
    const characters = fc.constantFrom(...Array.from(`{}[]:,"\\/ \n\ttfn0123456789.-+eEux'#\u0000é`));
    fc.assert(
      fc.property(fc.json(), fc.nat(), characters, (json, at, character) => {
        const place = at % json.length;
        const changed = json.slice(0, place) + character + json.slice(place + 1);
        const stop = stopOfJson(changed);
        expect(canBecomeJson(changed.slice(0, stop))).toBe(true);
        const refused = /^(?:[\w.+-]+.?|\\u[\da-f]{0,3}.?|\\.|.)/su.exec(changed.slice(stop))?.[0]; // a word with what ends it, an escape as a whole
        expect(refused !== undefined && canBecomeJson(changed.slice(0, stop) + refused)).toBe(false);
      }),
      { numRuns: 5000, seed: 20_260_927 },
    );
  });

  test("20,000 levels, and a string of ten million characters", () => {
    expect(stopOfJson("[".repeat(20_000))).toBe(20_000);
    expect(stopOfJson(`${"[".repeat(20_000)}}`)).toBe(20_000);
    const long = `{"a":"${"\\n".repeat(5_000_000)}`;
    expect(stopOfJson(long)).toBe(long.length);
  });
});

/** Whether some ending makes a text JSON: by trial, with JSON.parse as the judge. */
function canBecomeJson(start: string): boolean {
  const closers: string[] = [];
  for (const [token] of start.matchAll(/"(?:[^"\\]|\\.)*"?|[{}[\]]/gs)) {
    if (token === "{") closers.unshift("}");
    else if (token === "[") closers.unshift("]");
    else if (token === "}" || token === "]") closers.shift();
  }
  const words = ["", "0", "rue", "ue", "e", "alse", "lse", "se", "ull", "ll", "l"];
  const strings = ["", "n", "u0000", "0000", "000", "00", "0"].flatMap((escape) => [`${escape}"`, `${escape}":0`]);
  return [...words, ...strings, ":0", '"":0'].some((end) => isJson(start + end + closers.join("")));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
