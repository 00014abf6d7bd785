import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Evidence } from "@leastwise/core";
import { describe, expect, test } from "vitest";
import { iamCollectStore, isIamCollectPart, isInStore, readIamCollect } from "../src/index.ts";
import { ACCOUNT, POLICY, ROLE_ARN, codes } from "./samples.ts";

const FOLDER = `iam-data/aws/aws/accounts/${ACCOUNT}/iam/role/orders`;
const CUSTOMER_ARN = `arn:aws:iam::${ACCOUNT}:policy/OrdersAccess`;
const AWS_ARN = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const SHA256 = createHash("sha256").update(JSON.stringify(POLICY)).digest("hex");

const METADATA = { arn: ROLE_ARN, name: "orders", id: "AROAEXAMPLEORDERS0001", path: "/service/" };

/** A folder of the store with these files; what is not text is written as JSON. */
function read(files: Readonly<Record<string, unknown>>): Evidence {
  const parts = Object.entries(files).map(([name, content]) => ({
    path: `${FOLDER}/${name}`,
    file:
      content instanceof Uint8Array
        ? content
        : Buffer.from(typeof content === "string" ? content : JSON.stringify(content)),
  }));
  return readIamCollect(FOLDER, parts);
}

/** `code at file pointer` of every diagnostic. */
function told({ diagnostics }: Evidence): readonly string[] {
  return diagnostics.map(({ code, path, pointer }) =>
    `${code} at ${path.slice(FOLDER.length + 1)} ${pointer}`.trimEnd(),
  );
}

describe("a role's folder", () => {
  const ROLE = {
    "metadata.json": METADATA,
    "inline-policies.json": [{ PolicyName: "write orders", PolicyDocument: POLICY }],
    "managed-policies.json": [CUSTOMER_ARN, { PolicyName: "ReadOnlyAccess", PolicyArn: AWS_ARN }],
    "trust-policy.json": { Statement: "not read" },
    "tags.json": [{ Key: "team", Value: "orders" }],
  };

  test("is one role with its policies", () => {
    const evidence = read(ROLE);
    expect(evidence).toMatchObject({ path: FOLDER, kinds: ["iam-collect store"], usage: [], diagnostics: [] });
    expect(evidence.principals).toEqual([
      {
        arn: ROLE_ARN,
        accountId: ACCOUNT,
        kind: "role",
        name: "orders",
        path: "/service/",
        uniqueId: "AROAEXAMPLEORDERS0001",
        createdAt: null,
        lastUsedAt: null,
        boundaryArn: null,
        tracksLastUse: false,
        groups: [],
        tags: [{ key: "team", value: "orders" }],
      },
    ]);
    expect(evidence.policies).toMatchObject([
      { key: `${ROLE_ARN}#write orders`, kind: "inline", name: "write orders", documentSha256: SHA256 },
      { key: CUSTOMER_ARN, kind: "customer", documentSha256: null },
      { key: AWS_ARN, kind: "aws", documentSha256: null },
    ]);
    expect(evidence.attachments.map(({ policyKey }) => policyKey)).toEqual([
      `${ROLE_ARN}#write orders`,
      CUSTOMER_ARN,
      AWS_ARN,
    ]);
    expect(evidence.documents).toEqual([{ sha256: SHA256, text: JSON.stringify(POLICY) }]);
  });

  test("the order of its files does not matter", () => {
    expect(read(Object.fromEntries(Object.entries(ROLE).reverse()))).toEqual(read(ROLE));
  });

  test("the real name stands in metadata.json; the folder's is lower-cased", () => {
    const arn = `arn:aws:iam::${ACCOUNT}:role/OrdersWriter`;
    expect(read({ "metadata.json": { arn } }).principals).toMatchObject([{ arn, name: "OrdersWriter", uniqueId: "" }]);
  });

  test.each([
    ["absent", {}],
    ["null", { "inline-policies.json": null, "managed-policies.json": null, "tags.json": null, "groups.json": null }],
    ["empty", { "inline-policies.json": [], "managed-policies.json": [], "tags.json": {}, "groups.json": [] }],
  ])("%s files: a role of no policies", (_, files) => {
    const evidence = read({ "metadata.json": METADATA, ...files });
    expect(evidence.diagnostics).toEqual([]);
    expect(evidence.principals).toMatchObject([{ arn: ROLE_ARN, tags: [], groups: [] }]);
    expect(evidence.policies).toEqual([]);
  });

  test("tags may be an object, a document URL-encoded, a file gzipped", () => {
    const evidence = read({
      "metadata.json": gzipSync(JSON.stringify(METADATA)),
      "tags.json": { team: "orders" },
      "inline-policies.json": [{ PolicyName: "p", PolicyDocument: encodeURIComponent(JSON.stringify(POLICY)) }],
    });
    expect(evidence.principals).toMatchObject([{ tags: [{ key: "team", value: "orders" }] }]);
    expect(evidence.policies).toMatchObject([{ documentSha256: SHA256 }]);
  });
});

test("a user's groups are names, ARNs or objects with a name", () => {
  const arn = `arn:aws:iam::${ACCOUNT}:user/jane`;
  const groups = [
    "developers",
    `arn:aws:iam::${ACCOUNT}:group/teams/on-call`,
    { GroupName: "admins", GroupId: "AGPA" },
  ];
  expect(read({ "metadata.json": { arn }, "groups.json": groups }).principals).toMatchObject([
    { kind: "user", groups: ["developers", "on-call", "admins"] },
  ]);
});

describe("a managed policy's folder", () => {
  test.each([
    ["current-policy.json", CUSTOMER_ARN, "customer"],
    ["policy.json", CUSTOMER_ARN, "customer"],
    ["current-policy.json", AWS_ARN, "aws"],
  ])("%s is its document: %s", (name, arn, kind) => {
    const evidence = read({ "metadata.json": { arn }, [name]: POLICY });
    expect(evidence.diagnostics).toEqual([]);
    expect(evidence.principals).toEqual([]);
    expect(evidence.policies).toMatchObject([{ key: arn, kind, documentSha256: SHA256, attachmentCount: null }]);
  });

  test("without a document it is said", () => {
    const evidence = read({ "metadata.json": { arn: CUSTOMER_ARN }, "tags.json": [] });
    expect(told(evidence)).toEqual(["missing-default-version at"]);
    expect(evidence.diagnostics[0]?.message).toContain(CUSTOMER_ARN);
    expect(evidence.policies).toEqual([]);
  });

  test("a document that is no policy", () => {
    const evidence = read({ "metadata.json": { arn: CUSTOMER_ARN }, "current-policy.json": { Version: "2012-10-17" } });
    expect(told(evidence)).toEqual(["invalid-policy at current-policy.json /Statement"]);
    expect(evidence.policies).toEqual([]);
  });
});

describe("a bad part is told by its path, and the others count", () => {
  test("no metadata.json: nobody knows whose it is", () => {
    const evidence = read({ "inline-policies.json": [] });
    expect(evidence.diagnostics).toMatchObject([{ code: "missing-metadata", path: FOLDER, severity: "error" }]);
    expect(evidence.principals).toEqual([]);
  });

  test.each([
    ["damaged", '{"arn": ', "truncated-json at metadata.json"],
    ["no JSON", "arn", "not-json at metadata.json"],
    ["empty", "", "empty-file at metadata.json"],
    ["a list", [], "wrong-shape at metadata.json"],
    ["without an arn", { name: "orders" }, "wrong-shape at metadata.json /arn"],
    ["of a bucket", { arn: "arn:aws:s3:::orders" }, "wrong-shape at metadata.json /arn"],
  ])("metadata.json %s", (_, content, place) => {
    const evidence = read({ "metadata.json": content, "inline-policies.json": [] });
    expect(told(evidence)).toEqual([place]);
    expect([evidence.principals, evidence.policies]).toEqual([[], []]);
  });

  test.each([
    ["inline-policies.json", "[{", "truncated-json at inline-policies.json"],
    ["inline-policies.json", [{ PolicyDocument: POLICY }], "wrong-shape at inline-policies.json /0/PolicyName"],
    ["inline-policies.json", [{ PolicyName: "p" }], "invalid-policy at inline-policies.json /0/PolicyDocument"],
    ["managed-policies.json", { PolicyArn: AWS_ARN }, "wrong-shape at managed-policies.json"],
    ["managed-policies.json", ["ReadOnlyAccess"], "wrong-shape at managed-policies.json /0"],
    ["managed-policies.json", [{ PolicyArn: "x" }], "wrong-shape at managed-policies.json /0/PolicyArn"],
    ["tags.json", "none", "not-json at tags.json"],
    ["tags.json", [{ Key: 1 }], "wrong-shape at tags.json /0/Key"],
    ["groups.json", { groups: [] }, "wrong-shape at groups.json"],
  ])("%s %j", (name, content, place) => {
    const good = { "inline-policies.json": [{ PolicyName: "good", PolicyDocument: POLICY }] };
    const evidence = read({ "metadata.json": METADATA, ...good, [name]: content });
    expect(told(evidence)).toEqual([place]);
    expect(evidence.principals).toMatchObject([{ arn: ROLE_ARN }]);
    expect(evidence.policies.length).toBe(name === "inline-policies.json" ? 0 : 1);
  });

  test("one bad inline policy leaves the others", () => {
    const list = [
      { PolicyName: "bad", PolicyDocument: {} },
      { PolicyName: "good", PolicyDocument: POLICY },
    ];
    const evidence = read({ "metadata.json": METADATA, "inline-policies.json": list });
    expect(codes(evidence)).toEqual(["invalid-policy"]);
    expect(evidence.policies.map(({ name }) => name)).toEqual(["good"]);
  });
});

describe("the layout", () => {
  test.each([
    [`/data/iam-data/aws/aws/accounts/${ACCOUNT}/iam/role/orders/metadata.json`, "/data/iam-data/aws/aws"],
    [`/aws/aws-cn/accounts/${ACCOUNT}/iam/user/jane/inline-policies.json`, "/aws/aws-cn"],
    [`aws/aws-us-gov/accounts/${ACCOUNT}/iam/group/g/metadata.json`, "aws/aws-us-gov"],
    [`/d/aws/aws/accounts/${ACCOUNT}/iam/policy/p/current-policy.json`, "/d/aws/aws"],
    [`/d/aws/aws/accounts/${ACCOUNT}/iam/aws/policy/readonlyaccess/metadata.json`, "/d/aws/aws"],
    [`/d/aws/aws/accounts/aws/iam/policy/readonlyaccess/metadata.json`, "/d/aws/aws"],
    [`/d/aws/aws/accounts/${ACCOUNT}/iam/role/aws-service-role%2fsso.amazonaws.com%2fx/tags.json`, "/d/aws/aws"],
  ])("%s", (path, store) => {
    expect(iamCollectStore(path)).toBe(store);
  });

  test.each([
    `/d/aws/aws/accounts/${ACCOUNT}/s3/bucket/metadata.json`,
    `/d/aws/aws/accounts/${ACCOUNT}/iam/oidc-provider/x/metadata.json`,
    `/d/aws/aws/accounts/${ACCOUNT}/iam/role/metadata.json`,
    `/d/aws/aws/accounts/${ACCOUNT}/iam/role/a/b/metadata.json`,
    `/d/aws/aws/accounts/${ACCOUNT}/iam/role/a/notes.txt`,
    `/d/aws/aws/accounts/123/iam/role/a/metadata.json`,
    `/d/aws/accounts/${ACCOUNT}/iam/role/a/metadata.json`,
    `/d/laws/aws/accounts/${ACCOUNT}/iam/role/a/metadata.json`,
    `/d/aws/organizations/o-1/scps/p/policy.json`,
    "/d/exports/details/metadata.json",
  ])("%s is no principal's or policy's", (path) => {
    expect(iamCollectStore(path)).toBeUndefined();
  });

  test("what else belongs to a store, and what only lies beside it", () => {
    const store = "/d/aws/aws";
    const inside = ["accounts/1/s3/b/policy.json", "organizations/o-1/accounts.json", "indexes/vpcs.json"];
    expect(inside.filter((path) => isInStore(store, `${store}/${path}`))).toEqual(inside);
    const beside = [
      `${store}/findings/a.json`,
      "/d/aws/aws-cn/accounts/1/a.json",
      "/d/accounts/a.json",
      `${store}accounts/a.json`,
    ];
    expect(beside.filter((path) => isInStore(store, path))).toEqual([]);
  });

  test("which files of a folder are read", () => {
    expect(isIamCollectPart("x/metadata.json")).toBe(true);
    expect(isIamCollectPart("x/trust-policy.json")).toBe(false);
  });
});
