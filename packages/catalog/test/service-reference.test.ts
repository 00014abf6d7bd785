import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import * as built from "@leastwise/catalog"; // what is built: the built-in catalog lies beside the compiled code
import { afterAll, describe, expect, test } from "vitest";
import { type Catalog, accessLevel, imageOf, isTracked, loadCatalog, openCatalog } from "../src/index.ts";

const folder = mkdtempSync(join(tmpdir(), "leastwise-reference-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The four properties of an action, and whether IAM tracks when it was last accessed. */
function action(name: string, properties: readonly string[] = [], tracked = false): object {
  const all = ["IsList", "IsPermissionManagement", "IsTaggingOnly", "IsWrite"];
  return {
    Name: name,
    ActionConditionKeys: ["s3:ResourceAccount", "s3:TlsVersion"],
    Annotations: { Properties: Object.fromEntries(all.map((property) => [property, properties.includes(property)])) },
    Resources: [{ Name: "object" }],
    SupportedBy: { "IAM Access Analyzer Policy Generation": true, "IAM Action Last Accessed": tracked },
  };
}

/** As https://servicereference.us-east-1.amazonaws.com/v1/s3/s3.json, with fewer actions. */
const S3 = {
  Name: "s3",
  Actions: [
    action("GetObject"),
    action("GetObjectVersion"),
    action("ListBucket", ["IsList"], true),
    action("PutObject", ["IsWrite"]),
    action("PutObjectTagging", ["IsTaggingOnly", "IsWrite"]),
    action("PutBucketPolicy", ["IsPermissionManagement", "IsWrite"], true),
  ],
  ConditionKeys: [{ Name: "s3:TlsVersion", Types: ["Numeric"] }],
  Operations: [
    {
      Name: "ListObjectsV2",
      AuthorizedActions: [{ Name: "ListBucket", Service: "s3" }],
      SDK: [{ Name: "s3", Method: "list_objects_v2", Package: "Boto3" }],
    },
    {
      Name: "GetObject",
      AuthorizedActions: [
        { Name: "GetObjectVersion", Service: "s3" },
        { Name: "GetObject", Service: "s3" },
        { Name: "getobject", Service: "s3" },
        { Name: "Decrypt", Service: "kms" },
        { Name: "NoSuchAction", Service: "s3" },
      ],
    },
    { Name: "UnmappedOperation", SDK: [] },
    { Name: "ForeignOperation", AuthorizedActions: [{ Name: "NoSuchAction", Service: "s3" }] },
  ],
  Resources: [{ Name: "object", ARNFormats: ["arn:${Partition}:s3:::${BucketName}/${ObjectName}"] }],
  Version: "v1.4",
};
const KMS = { Name: "kms", Actions: [action("Decrypt", ["IsWrite"], true)], Version: "v1.4" };
const INDEX = [
  { service: "s3", url: "https://servicereference.us-east-1.amazonaws.com/v1/s3/s3.json" },
  { service: "kms", url: "https://servicereference.us-east-1.amazonaws.com/v1/kms/kms.json" },
];

function write(name: string, content: unknown): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === "string" || content instanceof Uint8Array ? content : JSON.stringify(content));
  return path;
}

function actionsOf({ trie }: Catalog): readonly string[] {
  return Array.from({ length: trie.actionCount }, (_, id) => trie.name(id));
}

function trackedOf({ trie }: Catalog): readonly string[] {
  return actionsOf({ trie } as Catalog).filter((name) => isTracked(trie, trie.find(name))); // only the trie is asked
}

function levelOf({ trie }: Catalog, name: string): string {
  return accessLevel(trie, trie.find(name));
}

function failure(attempt: () => unknown): unknown {
  try {
    return attempt();
  } catch (error) {
    return error;
  }
}

describe("as the whole catalog", () => {
  const catalog = loadCatalog(write("one/list.json", [S3, KMS]));

  test("has every service and action, and says how many services there are", () => {
    expect(catalog.source).toBe("service reference (2 services)");
    expect(actionsOf(catalog)).toEqual([
      "kms:Decrypt",
      "s3:GetObject",
      "s3:GetObjectVersion",
      "s3:ListBucket",
      "s3:PutBucketPolicy",
      "s3:PutObject",
      "s3:PutObjectTagging",
    ]);
  });

  test.each([
    ["s3:GetObject", "Read"],
    ["s3:ListBucket", "List"],
    ["s3:PutObject", "Write"],
    ["s3:PutObjectTagging", "Tagging"],
    ["s3:PutBucketPolicy", "Permissions management"],
  ])("the properties of %s amount to %s", (name, level) => {
    expect(levelOf(catalog, name)).toBe(level);
  });

  test("knows for which actions IAM says when they were last accessed", () => {
    expect(trackedOf(catalog)).toEqual(["kms:Decrypt", "s3:ListBucket", "s3:PutBucketPolicy"]);
  });

  test("knows by which actions a call is authorized: those of the catalog, each once, sorted, of other services too", () => {
    expect([...catalog.operations]).toEqual([
      ["s3:listobjectsv2", ["s3:ListBucket"]],
      ["s3:getobject", ["kms:Decrypt", "s3:GetObject", "s3:GetObjectVersion"]],
    ]);
    expect(catalog.operationsSha256).toMatch(/^[\da-f]{64}$/);
  });

  test.each([
    [
      "a folder with a file for each service, and the index beside them",
      () => folderOf("plain", "json", JSON.stringify),
    ],
    ["gzipped", () => folderOf("gzipped", "json.gz", (value) => gzipSync(JSON.stringify(value)))],
    ["one service a line", () => write("lines.jsonl", `${JSON.stringify(S3)}\n\n${JSON.stringify(KMS)}\r\n`)],
    ["a list", () => write("list.json", JSON.stringify([KMS, S3], null, 2))],
    ["with a byte order mark", () => write("mark.json", `\uFEFF${JSON.stringify([S3, KMS])}`)],
  ])("is the same catalog as %s", (_, path) => {
    const other = loadCatalog(path());
    expect(other).toMatchObject({
      sha256: catalog.sha256,
      source: catalog.source,
      operationsSha256: catalog.operationsSha256,
    });
  });

  test("a service in two files is one, tracked where either says so, whose operations add up", () => {
    const again = {
      Name: "S3",
      Actions: [action("getobject", ["IsWrite"], true), action("DeleteObject", ["IsWrite"])],
      Operations: [{ Name: "getObject", AuthorizedActions: [{ Name: "DeleteObject" }] }],
    };
    const both = loadCatalog(write("twice.json", [S3, again]));
    expect(both.source).toBe("service reference (1 service)");
    expect(both.trie.serviceCount).toBe(1);
    expect(levelOf(both, "s3:GetObject")).toBe("Read");
    expect(trackedOf(both)).toContain("s3:GetObject");
    expect(both.operations.get("s3:getobject")).toEqual(["s3:DeleteObject", "s3:GetObject", "s3:GetObjectVersion"]);
  });

  test("an action without annotations is of unknown level and not tracked", () => {
    const bare = loadCatalog(
      write("bare.json", { Name: "sqs", Actions: [{ Name: "SendMessage", SupportedBy: null }] }),
    );
    expect(levelOf(bare, "sqs:SendMessage")).toBe("Unknown");
    expect(trackedOf(bare)).toEqual([]);
    expect([bare.operations.size, bare.operationsSha256]).toEqual([0, ""]);
  });

  function folderOf(name: string, ending: string, text: (value: unknown) => string | Uint8Array): string {
    write(`${name}/v1/s3/s3.${ending}`, text(S3));
    write(`${name}/v1/kms/kms.${ending}`, text(KMS));
    write(`${name}/index.${ending}`, text(INDEX));
    write(`${name}/README.txt`, "downloaded today");
    symlinkSync(join(folder, name), join(folder, name, "v1", "loop"));
    return join(folder, name);
  }
});

describe("beside another catalog", () => {
  const plain = write("plain-catalog.json", { s3: ["GetObject", "PUTOBJECT", "OldAction"], sqs: ["SendMessage"] });
  const reference = write("reference.json", [S3, KMS]);
  const catalog = loadCatalog(plain, reference);

  test("adds the actions that it lacks and takes none away", () => {
    expect(actionsOf(catalog)).toEqual([
      "kms:Decrypt",
      "s3:GetObject",
      "s3:GetObjectVersion",
      "s3:ListBucket",
      "s3:OldAction",
      "s3:PutBucketPolicy",
      "s3:PUTOBJECT",
      "s3:PutObjectTagging",
      "sqs:SendMessage",
    ]);
    expect(catalog.source).toBe("file plain-catalog.json + service reference (2 services)");
  });

  test("gives the access level where the catalog does not know it, and names its actions as it spells them", () => {
    expect(levelOf(catalog, "s3:PutObject")).toBe("Write");
    expect(levelOf(catalog, "s3:OldAction")).toBe("Unknown");
    const listed = write("listed.json", { Name: "s3", Actions: [action("GetObject", ["IsList"])] });
    const first = write("first.json", { Name: "s3", Actions: [action("GetObject", ["IsWrite"])] });
    expect(levelOf(loadCatalog(first, listed), "s3:GetObject")).toBe("Write");
  });

  test("a reference beside a reference: what either tracks is tracked, what either maps is mapped", () => {
    const both = loadCatalog(write("kms.json", KMS), write("s3.json", { ...S3, Actions: S3.Actions.slice(0, 3) }));
    expect(trackedOf(both)).toEqual(["kms:Decrypt", "s3:ListBucket"]);
    expect([...both.operations.keys()].sort()).toEqual(["s3:getobject", "s3:listobjectsv2"]);
    const again = loadCatalog(reference, reference);
    expect(again.operationsSha256).toBe(loadCatalog(reference).operationsSha256);
    expect(again.sha256).toBe(loadCatalog(reference).sha256);
  });

  test("the built-in catalog keeps its levels and gets what is tracked", () => {
    const alone = built.builtInCatalog();
    const extended = built.loadCatalog(undefined, reference);
    expect(extended.source).toBe(`${alone.source} + service reference (2 services)`);
    expect(extended.date).toBe(alone.date);
    expect(extended.trie.actionCount).toBe(alone.trie.actionCount);
    expect(extended.trie.serviceCount).toBe(alone.trie.serviceCount);
    expect(trackedOf(extended)).toEqual(["kms:Decrypt", "s3:ListBucket", "s3:PutBucketPolicy"]);
    const levels = actionsOf(alone).filter((name) => levelOf(alone, name) !== levelOf(extended, name));
    expect(levels).toEqual([]);
    expect(extended.sha256).not.toBe(alone.sha256);
  });
});

describe("the hash", () => {
  const source = { source: "x", date: "", services: ["s3"] };
  const plain = { action: "s3:GetObject", accessLevel: "Read" } as const;
  const hashOf = (...actions: readonly { action: string; accessLevel: "Read"; tracked?: boolean }[]): string =>
    openCatalog(imageOf({ ...source, actions })).sha256;

  test("is the one of before tracking was known where nothing is tracked", () => {
    // printf 's3\ns3:GetObject\tRead\n' | sort | sha256sum
    expect(hashOf(plain)).toBe("147dca1b89020fb16bdafc744f1ec166623721a64bf2c5e918420ad8ecebfac1");
    expect(hashOf({ ...plain, tracked: false })).toBe(hashOf(plain));
  });

  test("tells a tracked action from one that is not", () => {
    // printf 's3\ns3:GetObject\tRead\ttracked\n' | sort | sha256sum
    expect(hashOf({ ...plain, tracked: true })).toBe(
      "fe40006bf9fb3d5658ad6b3aeea05319ea90ba3819d3f07e8848c24282da73ff",
    );
  });

  test("of the operations depends on what they say alone, not on their order", () => {
    const image = imageOf({ ...source, actions: [plain, { action: "s3:PutObject", accessLevel: "Write" }] });
    const get = { operation: "s3:Get", actions: ["s3:GetObject", "s3:PutObject"] };
    const put = { operation: "s3:Put", actions: ["s3:PutObject"] };
    const sha256 = (...operations: readonly { operation: string; actions: readonly string[] }[]): string =>
      openCatalog(image, operations).operationsSha256;
    expect(sha256(put, { ...get, actions: get.actions.toReversed() })).toBe(sha256(get, put));
    expect(new Set([sha256(), sha256(get), sha256(put), sha256(get, put)]).size).toBe(4);
    // printf 's3:put\ts3:PutObject\n' | sha256sum
    expect(sha256(put)).toBe("819b3c4139107162897de327caf256280cf670e5ae9d54335c25c8f5946c0944");
  });
});

describe("what is no service reference", () => {
  test("the index alone: it says what to download", () => {
    for (const attempt of [
      () => loadCatalog(write("index.json", INDEX)),
      () => built.loadCatalog(undefined, write("index.json", INDEX)),
    ]) {
      expect(failure(attempt)).toMatchObject({
        code: "catalog-shape",
        message: expect.stringMatching(/index\.json` is the index of the service reference alone$/) as unknown,
        hint: "download each url that it names into one folder, and give the folder",
      });
    }
  });

  const wrong: readonly (readonly [string, unknown, string, string])[] = [
    ["no name", [S3, { Actions: [] }], "catalog-shape", "at /1/Name: a text is missing here"],
    ["no actions", { Name: "s3", Operations: [] }, "catalog-shape", "at /Actions: a list is missing here"],
    ["actions as an object", { Name: "s3", Actions: {} }, "catalog-shape", "at /Actions: this should be a list"],
    [
      "an action as text",
      { Name: "s3", Actions: ["GetObject"] },
      "catalog-shape",
      "at /Actions/0: this should be an object",
    ],
    [
      "a flag as text",
      { Name: "s3", Actions: [{ Name: "A", SupportedBy: { "IAM Action Last Accessed": "false" } }] },
      "catalog-shape",
      "at /Actions/0/SupportedBy/IAM Action Last Accessed: this should be true or false",
    ],
    [
      "a property as number",
      { Name: "s3", Actions: [{ Name: "A", Annotations: { Properties: { IsWrite: 1 } } }] },
      "catalog-shape",
      "at /Actions/0/Annotations/Properties/IsWrite: this should be true or false",
    ],
    [
      "a wildcard",
      { Name: "s3", Actions: [action("Get*")] },
      "catalog-name",
      'at /Actions/0/Name: "Get*" is no action',
    ],
    ["a service with a colon", { Name: "s3:", Actions: [] }, "catalog-name", 'at /Name: "s3:" is no service prefix'],
    [
      "an operation with a tab",
      { Name: "s3", Actions: [], Operations: [{ Name: "Get\tObject" }] },
      "catalog-name",
      'at /Operations/0/Name: "Get\\tObject" is no operation',
    ],
    [
      "an authorized action without name",
      { Name: "s3", Actions: [], Operations: [{ Name: "Get", AuthorizedActions: [{ Service: "s3" }] }] },
      "catalog-shape",
      "at /Operations/0/AuthorizedActions/0/Name: a text is missing here",
    ],
    ["a plain catalog", { s3: ["GetObject"] }, "catalog-shape", "at /Name: a text is missing here"],
    ["a number", 7, "catalog-shape", ": this should be an object"],
    ["nothing", [], "catalog-shape", "has no service reference file"],
    ["a broken file", '{ "Name": "s3", "Acti', "catalog-unreadable", "cannot be read: Unterminated string"],
    ["a key twice", '{ "Name": "s3", "Actions": [], "Name": "s3" }', "catalog-unreadable", 'has the key "Name" twice'],
    [
      "a key twice in a line",
      `${JSON.stringify(KMS)}\n{ "Name": "s3", "Actions": [], "Name": "s3" }\n`,
      "catalog-unreadable",
      'line 2 cannot be read: an object has the key "Name" twice',
    ],
    [
      "a key twice in the first of two lines",
      `{ "Name": "s3", "Actions": [], "Name": "s3" }\n${JSON.stringify(KMS)}\n`,
      "catalog-unreadable",
      'line 1 cannot be read: an object has the key "Name" twice',
    ],
    ["a thousand levels and one", "[".repeat(1001) + "]".repeat(1001), "catalog-unreadable", "more than 1000 objects"],
    ["a broken line", `${JSON.stringify(KMS)}\n{ "Name": \n`, "catalog-unreadable", "line 2 cannot be read: "],
    [
      "a wrong line",
      `${JSON.stringify(KMS)}\n{ "Name": 5 }\n`,
      "catalog-shape",
      "at line 2/Name: this should be a text",
    ],
  ];

  test.each(wrong)("%s: file, place and reason", (_, content, code, message) => {
    const path = write("wrong.json", content);
    expect(failure(() => loadCatalog(write("base.json", KMS), path))).toMatchObject({
      code,
      message: expect.stringContaining(message) as unknown,
      hint: expect.stringMatching(/./) as unknown,
    });
    expect((failure(() => loadCatalog(write("base.json", KMS), path)) as Error).message).toContain("wrong.json`");
  });

  test("one wrong file in a folder is named", () => {
    write("mixed/s3.json", S3);
    const other = write("mixed/zz.json", { Service: "kms" });
    expect(failure(() => loadCatalog(join(folder, "mixed")))).toMatchObject({
      message: `\`${other}\` at /Name: a text is missing here`,
    });
  });

  test("a folder without a JSON file, and one that is not there", () => {
    mkdirSync(join(folder, "empty"));
    expect(failure(() => loadCatalog(join(folder, "empty")))).toMatchObject({ code: "catalog-shape" });
    expect(failure(() => loadCatalog(join(folder, "nowhere")))).toMatchObject({ code: "catalog-unreadable" });
  });
});
