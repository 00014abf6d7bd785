/** The configuration file: what each key means, what the command line overrides, and that nothing misspelt passes unnoticed. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Catalog, loadCatalog } from "@leastwise/catalog";
import { DEFAULT_LIMITS, DEFAULT_SETTINGS } from "@leastwise/core";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editDistance, nearestKey } from "../src/config/nearest-key.ts";
import { CONFIG_FILE, readSettings } from "../src/config/read-settings.ts";
import { type Flags, type Settings, settingsText } from "../src/config/settings.ts";
import { EXIT, Failure } from "../src/exit-code.ts";
import { runKey } from "../src/stages/run-key.ts";
import { accountWith, allowing, asked, leastwiseIn, temporaryFolder, write } from "./leastwise.ts";

const folder = temporaryFolder();
const empty = join(folder, "empty");
mkdirSync(empty);

/** The settings of a file with this content. */
function settings(content: unknown, flags: Flags = {}): Settings {
  const { configFile, ...rest } = readSettings(write(folder, "some.json", content), empty, flags);
  expect(configFile).toMatch(/some\.json$/);
  return rest;
}

function failure(content: unknown, name = "wrong.json"): Failure {
  try {
    readSettings(write(folder, name, content), empty, {});
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(content)} was taken`);
}

/** What is wrong with a file, a line each, as it was before it was broken into lines of a terminal. */
function problems(content: unknown): readonly string[] {
  const { message, exitCode, hint } = failure(content);
  expect(exitCode).toBe(EXIT.usage);
  expect(hint).toBe("docs/configuration.md lists every key");
  const [first = "", ...lines] = message.split("\n");
  const told = lines.join("\n").replaceAll("\n    ", " ").split("\n");
  expect(first).toMatch(new RegExp(`wrong\\.json\` has ${told.length} problems?$`));
  return told.map((line) => line.trim());
}

const NOTHING_SAID: Settings = {
  ...DEFAULT_SETTINGS,
  options: { granularity: "word", services: [], keptSids: [] },
  limits: { managed: 6144, roleInline: 10_240, userInline: 2048, groupInline: 5120, attachments: 10 },
  fit: null,
};

describe("without a file", () => {
  test("everything has its default", () => {
    expect(readSettings(undefined, empty, {})).toEqual({ ...NOTHING_SAID, configFile: null });
  });

  test("and with one that says nothing", () => {
    expect(settings({})).toEqual(NOTHING_SAID);
    expect(settings({ exclude: {}, windows: {}, granularity: {}, protected: [] })).toEqual(NOTHING_SAID);
  });
});

describe("limits and fit", () => {
  test("each limit has IAM's own where it is not named", () => {
    expect(settings({ limits: {} }).limits).toEqual(DEFAULT_LIMITS);
    const own = { managed: 256, roleInline: 257, userInline: 258, groupInline: 1_000_000, attachments: 20 };
    expect(settings({ limits: own }).limits).toEqual(own);
    for (const [limit, value] of Object.entries(own))
      expect(settings({ limits: { [limit]: value } }).limits).toEqual({ ...DEFAULT_LIMITS, [limit]: value });
  });

  test("--fit, true and an object turn it on, each with what the file says of how", () => {
    expect(settings({ fit: false }).fit).toBeNull();
    expect(settings({ fit: true }).fit).toEqual({ shortest: 4 });
    expect(settings({ fit: {} }).fit).toEqual({ shortest: 4 });
    expect(settings({ fit: { shortest: 64 } }).fit).toEqual({ shortest: 64 });
    expect(settings({}, { fit: true }).fit).toEqual({ shortest: 4 });
    expect(settings({ fit: false }, { fit: true }).fit).toEqual({ shortest: 4 });
    expect(settings({ fit: { shortest: 7 } }, { fit: true }).fit).toEqual({ shortest: 7 });
  });

  test("make another job", () => {
    const texts = [{}, { fit: true }, { fit: { shortest: 5 } }, { limits: { attachments: 11 } }].map((file) =>
      settingsText(settings(file)),
    );
    expect(new Set(texts).size).toBe(4);
  });
});

describe("where it is found", () => {
  test("in the current folder, by its name", () => {
    const there = join(folder, "there");
    write(there, CONFIG_FILE, { maxAge: 7 });
    expect(readSettings(undefined, there, {})).toMatchObject({ maxAge: 7, configFile: "leastwise.config.json" });
  });

  test("by --config, from the current folder, instead of the one that lies there", () => {
    const there = join(folder, "both");
    write(there, CONFIG_FILE, { maxAge: 7, minAge: 7 });
    write(there, "own/settings.json", { maxAge: 8 });
    const found = readSettings("own/settings.json", there, {});
    expect(found).toMatchObject({ maxAge: 8, minAge: null, configFile: "own/settings.json" });
  });

  test("a named one must be there", () => {
    expect(() => readSettings("absent.json", empty, {})).toThrow(
      expect.objectContaining({ exitCode: EXIT.usage, message: "there is no configuration file `absent.json`" }),
    );
  });

  test("one that is a link to nowhere is not passed over", () => {
    const there = join(folder, "dangling");
    mkdirSync(there);
    symlinkSync(join(folder, "nowhere.json"), join(there, CONFIG_FILE));
    expect(() => readSettings(undefined, there, {})).toThrow(
      expect.objectContaining({ exitCode: EXIT.io, message: expect.stringContaining("ENOENT") as unknown }),
    );
  });

  test("a folder is none", () => {
    expect(() => readSettings(folder, empty, {})).toThrow(expect.objectContaining({ exitCode: EXIT.io }));
  });
});

describe("every key", () => {
  const cases: readonly (readonly [string, unknown, unknown])[] = [
    [
      "protected",
      { protected: ["s3:Get*", "*", "iam:PassRole", "*:Delete?"] },
      { protected: ["*", "*:Delete?", "iam:PassRole", "s3:Get*"] },
    ],
    ["exclude.accounts", { exclude: { accounts: ["000000000001"] } }, { exclude: { accounts: ["000000000001"] } }],
    [
      "exclude.principals",
      { exclude: { principals: ["break-glass-*", "arn:aws-cn:iam::*:user/a?b"] } },
      { exclude: { principals: ["arn:aws-cn:iam::*:user/a?b", "break-glass-*"] } },
    ],
    ["exclude.paths", { exclude: { paths: ["/", "/a/b/"] } }, { exclude: { paths: ["/", "/a/b/"] } }],
    [
      "exclude.tags",
      { exclude: { tags: { team: ["b", "a", "b"], "aws:x": null, Team: "" } } },
      {
        exclude: {
          tags: [
            { key: "Team", value: "" },
            { key: "aws:x", value: null },
            { key: "team", value: "a" },
            { key: "team", value: "b" },
          ],
        },
      },
    ],
    ["exclude.policies", { exclude: { policies: ["baseline-?"] } }, { exclude: { policies: ["baseline-?"] } }],
    ["exclude.sids", { exclude: { sids: ["NOREPO", "Keep1"] } }, { options: { keptSids: ["Keep1", "NOREPO"] } }],
    ["windows, a number", { windows: 30 }, { windows: { accessAnalyzer: 30, lastAccessed: 30, cloudTrail: 30 } }],
    [
      "windows, one of them",
      { windows: { cloudtrail: 365 } },
      { windows: { accessAnalyzer: null, lastAccessed: 90, cloudTrail: 365 } },
    ],
    [
      "windows, a default and a null",
      { windows: { default: 1, "access-analyzer": null, "last-accessed": 400 } },
      { windows: { accessAnalyzer: null, lastAccessed: 400, cloudTrail: 1 } },
    ],
    ["maxAge", { maxAge: 0 }, { maxAge: 0 }],
    ["maxAge null", { maxAge: null }, { maxAge: null }],
    ["minAge", { minAge: 0 }, { minAge: 0 }],
    ["minAge null", { minAge: null }, { minAge: null }],
    ["asOf, a date", { asOf: "2028-02-29" }, { asOf: "2028-02-29T00:00:00.000Z" }],
    ["asOf, a time", { asOf: "2026-11-21T01:30:00+02:00" }, { asOf: "2026-11-20T23:30:00.000Z" }],
    ["asOf null", { asOf: null }, { asOf: null }],
    ["granularity", { granularity: "exact" }, { options: { granularity: "exact", services: [] } }],
    [
      "granularity of services",
      { granularity: { services: { sqs: "word", s3: "exact" } } },
      {
        options: {
          granularity: "word",
          services: [
            ["s3", "exact"],
            ["sqs", "word"],
          ],
        },
      },
    ],
    ["granularity, a default", { granularity: { default: "exact" } }, { options: { granularity: "exact" } }],
    ["$schema", { $schema: { any: ["thing"] } }, NOTHING_SAID],
  ];

  test.each(cases)("%s", (_, content, expected) => {
    expect(settings(content)).toMatchObject(expected as object);
  });

  test("may be saved by Windows, with a byte order mark", () => {
    expect(settings('\uFEFF{ "maxAge": 3 }\r\n').maxAge).toBe(3);
    expect(settings(Buffer.from('\uFEFF{ "maxAge": 3 }', "utf16le")).maxAge).toBe(3);
  });
});

describe("the command line", () => {
  const file = {
    protected: ["kms:*"],
    windows: { default: 10, cloudtrail: 20 },
    maxAge: 1,
    minAge: 2,
    asOf: "2026-01-01",
    granularity: { default: "word", services: { s3: "word" } },
  };

  test("overrides what the file says, whole, and adds what is protected", () => {
    const flags = {
      window: 400,
      maxAge: 5,
      minAge: 0,
      asOf: "2026-11-21T00:00:00.000Z",
      granularity: "exact",
      protect: ["iam:*", "kms:*"],
    } as const;
    expect(settings(file, flags)).toEqual({
      ...NOTHING_SAID,
      windows: { accessAnalyzer: 400, lastAccessed: 400, cloudTrail: 400 },
      maxAge: 5,
      minAge: 0,
      asOf: "2026-11-21T00:00:00.000Z",
      protected: ["iam:*", "kms:*"],
      options: { granularity: "exact", services: [], keptSids: [] },
    });
  });

  test("each alone leaves the rest to the file", () => {
    const said = settings(file);
    expect(settings(file, { window: 1 })).toEqual({
      ...said,
      windows: { accessAnalyzer: 1, lastAccessed: 1, cloudTrail: 1 },
    });
    expect(settings(file, { maxAge: 0 })).toEqual({ ...said, maxAge: 0 });
    expect(settings(file, { minAge: 0 })).toEqual({ ...said, minAge: 0 });
    expect(settings(file, { protect: ["*"] })).toEqual({ ...said, protected: ["*", "kms:*"] });
    expect(settings(file, { granularity: "exact" })).toEqual({
      ...said,
      options: { granularity: "exact", services: [], keptSids: [] },
    });
  });

  test("serves without a file", () => {
    expect(readSettings(undefined, empty, { window: 7 }).windows.cloudTrail).toBe(7);
  });
});

describe("settings as text", () => {
  test("are equal where the settings are, however they are written", () => {
    const one = settings({
      exclude: { tags: { b: ["2", "1"], a: null }, accounts: ["222222222222", "111111111111"] },
      maxAge: null,
    });
    const other = settings({
      exclude: { accounts: ["111111111111", "222222222222", "111111111111"], tags: { a: null, b: ["1", "2"] } },
    });
    expect(settingsText(other)).toBe(settingsText(one));
  });

  test("leave nothing out and have their keys in order, not where the file lay", () => {
    expect(settingsText(readSettings(undefined, empty, {}))).toBe(
      '{"asOf":null,"exclude":{"accounts":[],"paths":[],"policies":[],"principals":[],"tags":[]},"fit":null,' +
        '"limits":{"attachments":10,"groupInline":5120,"managed":6144,"roleInline":10240,"userInline":2048},"maxAge":null,"minAge":null,' +
        '"options":{"granularity":"word","keptSids":[],"services":[]},"protected":[],' +
        '"windows":{"accessAnalyzer":null,"cloudTrail":null,"lastAccessed":90}}',
    );
  });

  test("tell every key apart", () => {
    const { $schema: _ignored, ...keys } = JSON.parse(exampleOf()) as Record<string, unknown>; // the example is an object
    const texts = Object.entries(keys).map(([key, value]) => settingsText(settings({ [key]: value })));
    expect(new Set([settingsText(NOTHING_SAID), ...texts]).size).toBe(texts.length + 1);
  });
});

describe("what makes two commands the same job", () => {
  const files = [{ path: "a.json", bytes: 1, modifiedMs: 2, isLink: false }];
  const catalog = loadCatalog(write(folder, "catalog.json", { s3: ["GetObject"] }));

  const key = (content: unknown): string => runKey(files, catalog, settings(content));

  test("are settings too, however they are written", () => {
    expect(key({ windows: { default: 90, cloudtrail: 90 } })).toBe(key({ windows: 90 }));
    expect(key({ windows: 91 })).not.toBe(key({ windows: 90 }));
    expect(key({ exclude: { sids: ["A"] } })).not.toBe(key({}));
  });

  test("and which actions an operation is authorized by, though the catalog's own hash does not tell", () => {
    const reference = { Name: "s3", Actions: [{ Name: "GetObject" }] };
    const Operations = [{ Name: "GetObject", AuthorizedActions: [{ Name: "GetObject", Service: "s3" }] }];
    const [plain, mapped] = [reference, { ...reference, Operations }].map((content, i) =>
      loadCatalog(write(folder, `reference-${i}.json`, content)),
    ) as [Catalog, Catalog]; // of two, two
    expect(mapped.sha256).toBe(plain.sha256);
    expect(runKey(files, mapped, NOTHING_SAID)).not.toBe(runKey(files, plain, NOTHING_SAID));
  });
});

describe("what is wrong is said with its place", () => {
  const CHARACTERS = "expected whole characters from 256 to 1000000";
  const DAYS = "expected whole days from 1 to 400";
  const AGE = "expected whole days from 0 to 36500, or null";
  const PATTERN = "expected a pattern such as `iam:*` or `*:Delete*`, or `*`";
  const DATE = "expected a date such as `2026-11-21`, or a time with its offset, or null";
  const NAME = "expected an ARN or a name, with `*` and `?` or without";
  const cases: readonly (readonly [unknown, string])[] = [
    [[], "expected an object, found an empty list"],
    ["null", "expected an object, found null"],
    ["3", "expected an object, found 3"],
    ['"protected"', "expected an object, found `protected`"],
    ["", "the file is empty"],
    [Buffer.from([0x7b, 0xff, 0x7d]), "the file is not UTF-8 text"],
    [{ protected: "iam:*" }, "expected a list, found `iam:*` at /protected"],
    [{ protected: ["*", "iam"] }, `${PATTERN}, found \`iam\` at /protected/1`],
    [{ protected: ["s3:"] }, `${PATTERN}, found \`s3:\` at /protected/0`],
    [{ protected: ["s3:Get Object"] }, `${PATTERN}, found \`s3:Get Object\` at /protected/0`],
    [{ protected: ["a:b:c"] }, `${PATTERN}, found \`a:b:c\` at /protected/0`],
    [{ protected: [null] }, `${PATTERN}, found null at /protected/0`],
    [{ exclude: ["x"] }, "expected an object, found a list at /exclude"],
    [{ exclude: null }, "expected an object, found null at /exclude"],
    [
      { exclude: { accounts: ["123"] } },
      "expected an account id of 12 digits, in quotes, found `123` at /exclude/accounts/0",
    ],
    [
      { exclude: { accounts: [123456789012] } },
      "expected an account id of 12 digits, in quotes, found 123456789012 at /exclude/accounts/0",
    ],
    [{ exclude: { principals: ["two words"] } }, `${NAME}, found \`two words\` at /exclude/principals/0`],
    [{ exclude: { policies: [""] } }, `${NAME}, found \`\` at /exclude/policies/0`],
    [{ exclude: { paths: ["/a"] } }, "expected a path that begins and ends with `/`, found `/a` at /exclude/paths/0"],
    [{ exclude: { paths: ["a/"] } }, "expected a path that begins and ends with `/`, found `a/` at /exclude/paths/0"],
    [{ exclude: { tags: ["team"] } }, "expected an object, found a list at /exclude/tags"],
    [
      { exclude: { tags: { team: 7 } } },
      "expected a value, null for any, or a list of values, found 7 at /exclude/tags/team",
    ],
    [
      { exclude: { tags: { team: [] } } },
      "expected at least one value, or null for any, found an empty list at /exclude/tags/team",
    ],
    [{ exclude: { tags: { "a/b~": ["x", null] } } }, "expected a value, found null at /exclude/tags/a~1b~0/1"],
    [{ exclude: { tags: { "": "x" } } }, "expected a tag's key, found `` at /exclude/tags/"],
    [
      { exclude: { sids: ["NOREPO*"] } },
      "expected what Sids begin with, letters and digits, found `NOREPO*` at /exclude/sids/0",
    ],
    [{ exclude: { sids: [""] } }, "expected what Sids begin with, letters and digits, found `` at /exclude/sids/0"],
    [{ limits: 6144 }, "expected an object, found 6144 at /limits"],
    [{ limits: { managed: 255 } }, `${CHARACTERS}, found 255 at /limits/managed`],
    [{ limits: { userInline: 2048.5 } }, `${CHARACTERS}, found 2048.5 at /limits/userInline`],
    [{ limits: { roleInline: null } }, `${CHARACTERS}, found null at /limits/roleInline`],
    [{ limits: { groupInline: 1_000_001 } }, `${CHARACTERS}, found 1000001 at /limits/groupInline`],
    [{ limits: { attachments: 0 } }, "expected a whole number from 1 to 1000, found 0 at /limits/attachments"],
    [{ limits: { manged: 6144 } }, "unknown key `manged` at /limits/manged; did you mean `managed`"],
    [{ fit: "yes" }, "expected true, false or an object, found `yes` at /fit"],
    [{ fit: { shortest: 0 } }, "expected a whole number from 1 to 64, found 0 at /fit/shortest"],
    [{ fit: { shortest: 65 } }, "expected a whole number from 1 to 64, found 65 at /fit/shortest"],
    [{ fit: { longest: 4 } }, "unknown key `longest` at /fit/longest"],
    [{ windows: 0 }, `${DAYS}, found 0 at /windows`],
    [{ windows: 401 }, `${DAYS}, found 401 at /windows`],
    [{ windows: null }, `${DAYS}, or an object, found null at /windows`],
    [{ windows: "90" }, `${DAYS}, or an object, found \`90\` at /windows`],
    [{ windows: { default: null } }, `${DAYS}, found null at /windows/default`],
    [{ windows: { "last-accessed": null } }, `${DAYS}, found null at /windows/last-accessed`],
    [{ windows: { "access-analyzer": 0.5 } }, `${DAYS}, or null, found 0.5 at /windows/access-analyzer`],
    ['{ "windows": { "cloudtrail": 1e999 } }', `${DAYS}, or null, found Infinity at /windows/cloudtrail`],
    [{ maxAge: -1 }, `${AGE}, found -1 at /maxAge`],
    [{ minAge: 36_501 }, `${AGE}, found 36501 at /minAge`],
    [{ minAge: true }, `${AGE}, found true at /minAge`],
    [{ asOf: "2026-02-29" }, `${DATE}, found \`2026-02-29\` at /asOf`],
    [{ asOf: "2026-11-21T10:00:00" }, `${DATE}, found \`2026-11-21T10:00:00\` at /asOf`],
    [{ asOf: "yesterday" }, `${DATE}, found \`yesterday\` at /asOf`],
    [{ asOf: 2026 }, `${DATE}, found 2026 at /asOf`],
    [{ granularity: "words" }, "expected `word`, `exact` or an object, found `words` at /granularity"],
    [{ granularity: { default: "EXACT" } }, "expected `word` or `exact`, found `EXACT` at /granularity/default"],
    [{ granularity: { services: { s3: null } } }, "expected `word` or `exact`, found null at /granularity/services/s3"],
    [
      { granularity: { services: { S3: "exact" } } },
      "expected a service prefix in lower case, such as `s3`, found `S3` at /granularity/services/S3",
    ],
  ];

  test.each(cases)("%j: %s", (content, problem) => {
    expect(problems(content)).toEqual([problem]);
  });

  test.each([
    ['{\n  "maxAge": 3, // days\n  "minAge": 4\n}', "not JSON at line 2, column 16"],
    ['{\n  "maxAge": 3,\n}', "not JSON at line 3, column 1"],
    ['{ "maxAge": 3', "the JSON ends in the middle, at line 1"],
  ])("%j is no JSON", (content, reason) => {
    expect(failure(content)).toMatchObject({
      exitCode: EXIT.usage,
      message: expect.stringMatching(new RegExp(`wrong\\.json\`: ${reason}$`)) as unknown,
      hint: "the file is JSON: no comments, no comma behind the last item",
    });
  });
});

describe("unknown keys, at any depth", () => {
  test.each([
    [{ protectd: [] }, "unknown key `protectd` at /protectd; did you mean `protected`"],
    [{ Protected: [] }, "unknown key `Protected` at /Protected; did you mean `protected`"],
    [{ max_age: 3 }, "unknown key `max_age` at /max_age; did you mean `maxAge`"],
    [{ exclude: { acounts: [] } }, "unknown key `acounts` at /exclude/acounts; did you mean `accounts`"],
    [{ exclude: { tag: {} } }, "unknown key `tag` at /exclude/tag; did you mean `tags`"],
    [{ windows: { cloudTrial: 3 } }, "unknown key `cloudTrial` at /windows/cloudTrial; did you mean `cloudtrail`"],
    [{ granularity: { service: {} } }, "unknown key `service` at /granularity/service; did you mean `services`"],
    [{ regions: ["eu-west-1"] }, "unknown key `regions` at /regions"],
    ['{ "__proto__": { "maxAge": 3 } }', "unknown key `__proto__` at /__proto__"],
    ['{ "exclude": { "__proto__": { "accounts": [] } } }', "unknown key `__proto__` at /exclude/__proto__"],
    [{ constructor: {} }, "unknown key `constructor` at /constructor"],
    [{ windows: { toString: 1 } }, "unknown key `toString` at /windows/toString"],
    [{ granularity: { hasOwnProperty: 1 } }, "unknown key `hasOwnProperty` at /granularity/hasOwnProperty"],
    [{ "a/b~": 1 }, "unknown key `a/b~` at /a~1b~0"],
    [{ "\u001b[2J\n": 1 }, "unknown key `\\u{1b}[2J\\u{a}` at /\\u{1b}[2J\\u{a}"],
  ])("%j", (content, problem) => {
    expect(problems(content)).toEqual([problem]);
  });

  test("keys that JavaScript's objects have of their own are tags like others, and change no object", () => {
    const { exclude } = settings(
      '{ "exclude": { "tags": { "__proto__": "x", "constructor": null, "toString": ["y"] } } }',
    );
    expect(exclude.tags).toEqual([
      { key: "__proto__", value: "x" },
      { key: "constructor", value: null },
      { key: "toString", value: "y" },
    ]);
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });
});

test("all that is wrong is told at once, in lines of a terminal", () => {
  const content = {
    protectd: ["iam:*"],
    exclude: { accounts: ["123", "123456789012", 5], sid: ["X"], paths: ["no"] },
    windows: { default: 0, "access-analyser": 3 },
    asOf: "soon",
    ["key".repeat(40)]: 1,
  };
  const told = problems(content);
  expect(told.map((line) => / at (\/\S*?)(;|$)/.exec(line)?.[1])).toEqual([
    "/exclude/accounts/0",
    "/exclude/accounts/2",
    "/exclude/paths/0",
    "/exclude/sid",
    "/windows/default",
    "/windows/access-analyser",
    "/asOf",
    "/protectd",
    `/${"key".repeat(40)}`,
  ]);
  const wide = failure(content)
    .message.split("\n")
    .slice(1)
    .filter((line) => line.length > 80);
  expect(wide.filter((line) => !line.includes("keykey"))).toEqual([]);
});

describe("the nearest key", () => {
  test.each([
    ["", "", 0],
    ["abc", "", 3],
    ["", "abc", 3],
    ["abc", "abc", 0],
    ["abc", "abd", 1],
    ["abc", "ab", 1],
    ["abc", "xabc", 1],
    ["abc", "acb", 1],
    ["ca", "abc", 3],
    ["kitten", "sitting", 3],
    ["ab", "ba", 1],
    ["abcd", "badc", 2],
  ])("from %j to %j it is %i", (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  test("one edit is one edit, whatever the text; the distance is the same both ways and at most the longer text", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 8 });
    fc.assert(
      fc.property(text, text, fc.nat({ max: 8 }), (a, b, place) => {
        const at = Math.min(place, a.length);
        expect(editDistance(a, `${a.slice(0, at)}x${a.slice(at)}`)).toBe(1);
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(editDistance(a, b) === 0).toBe(a === b);
      }),
      { numRuns: 500, seed: 20_261_121 },
    );
  });

  test("is none where too much would have to change", () => {
    const keys = ["protected", "exclude", "windows", "asOf"];
    expect(nearestKey("window", keys)).toBe("windows");
    expect(nearestKey("ASOF", keys)).toBe("asOf");
    expect(nearestKey("xclud", keys)).toBe("exclude");
    for (const key of ["", "as", "principals", "x".repeat(1_000_000)]) expect(nearestKey(key, keys)).toBeUndefined();
    expect(nearestKey("anything", [])).toBeUndefined();
  });
});

/** The JSON of docs/configuration.md. */
function exampleOf(): string {
  const page = readFileSync(fileURLToPath(new URL("../../../docs/configuration.md", import.meta.url)), "utf8");
  const [, example = ""] = /```json\n(.*?)```/s.exec(page) ?? [];
  return example;
}

test("the example of docs/configuration.md is valid, and is what the page says it is", () => {
  expect(settings(exampleOf())).toEqual({
    windows: { accessAnalyzer: 90, lastAccessed: 90, cloudTrail: 365 },
    maxAge: 30,
    minAge: 14,
    asOf: "2026-11-21T00:00:00.000Z",
    protected: ["*:Delete*", "iam:*", "kms:ScheduleKeyDeletion"],
    exclude: {
      accounts: ["111122223333"],
      principals: ["arn:aws:iam::*:role/ci/deploy", "break-glass-*"],
      paths: ["/service-role/"],
      tags: [
        { key: "leastwise", value: "ignore" },
        { key: "quarantine", value: null },
        { key: "team", value: "ledger" },
        { key: "team", value: "payments" },
      ],
      policies: ["arn:aws:iam::aws:policy/AdministratorAccess", "baseline-*"],
    },
    options: { granularity: "word", services: [["s3", "exact"]], keptSids: ["NOREPO"] },
    limits: { ...DEFAULT_LIMITS, attachments: 20 },
    fit: { shortest: 6 },
  });
});

describe("the program", () => {
  const home = join(folder, "home");
  write(home, "exports/account.json", accountWith("123456789012", { reader: { p: allowing("s3:Get*") } }));
  const finding = {
    arn: "arn:aws:iam::123456789012:role/reader",
    date: "2026-11-20",
    unused: [{ serviceNamespace: "s3", actions: ["GetObjectAcl"] }],
  };
  write(home, "exports/unused.json", finding);
  const refine = (...args: readonly string[]): ReturnType<typeof leastwiseIn> =>
    leastwiseIn({ cwd: home }, "refine", "exports", "--db", "org.db", ...args);
  const settingsOf = (): readonly unknown[] =>
    asked(join(home, "org.db"), "--sql", "SELECT settings, granularity FROM runs ORDER BY run_id DESC LIMIT 1");

  test("keeps the settings with the run, and says where it has them from", () => {
    write(home, CONFIG_FILE, { granularity: "exact", protected: ["iam:*"] });
    const { code, err } = refine("--max-age", "30", "--as-of", "2026-11-21", "--protect", "kms:*", "sqs:*");
    expect(code).toBe(0);
    expect(err).toContain("settings of leastwise.config.json\n");
    const flags = { maxAge: 30, asOf: "2026-11-21T00:00:00.000Z", protect: ["kms:*", "sqs:*"] };
    expect(settingsOf()).toEqual([
      { settings: settingsText(readSettings(undefined, home, flags)), granularity: "exact" },
    ]);
    expect(refine("--quiet", "--granularity", "word").err).toBe("");
    expect(settingsOf()).toMatchObject([{ granularity: "word" }]);
  });

  test("reads dates and days of the command line as those of the file", () => {
    expect(refine("--quiet", "--as-of", "2026-11-21", "--window", "7", "--min-age", "0").code).toBe(0);
    const flags = { asOf: "2026-11-21T00:00:00.000Z", window: 7, minAge: 0 };
    expect(settingsOf()).toMatchObject([{ settings: settingsText(readSettings(undefined, home, flags)) }]);
  });

  test.each([
    [["--config", "absent.json"], /^leastwise: there is no configuration file `absent\.json`\ncheck the path\n$/],
    [["--window", "0"], /'0' is invalid.*1 to 400/],
    [["--window", "90d"], /'90d' is invalid.*1 to 400/],
    [["--max-age", "-1"], /0 to 36500/],
    [["--min-age", "1.5"], /0 to 36500/],
    [["--as-of", "21.11.2026"], /'21\.11\.2026' is invalid.*date/],
    [["--protect", "iam"], /'iam' is invalid.*pattern/],
  ])("wrong usage: %j", (args, message) => {
    const { code, out, err } = refine(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(message);
  });

  test("a file with mistakes is wrong usage too, before anything is read or made", () => {
    const wrong = write(folder, "mistakes/config.json", { protectd: [], windows: 0 });
    writeFileSync(join(folder, "mistakes", "input.json"), "{}");
    const { code, out, err } = leastwiseIn(
      { cwd: join(folder, "mistakes") },
      "refine",
      "absent",
      "--db",
      "x.db",
      "--config",
      wrong,
    );
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(
      /^leastwise: `.*config\.json` has 2 problems\n {2}expected whole days .* at \/windows\n {2}unknown key `protectd` at \/protectd; did you mean `protected`\ndocs\/configuration\.md lists every key\n$/,
    );
  });
});
