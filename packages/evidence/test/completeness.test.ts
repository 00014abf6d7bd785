import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Evidence } from "@leastwise/core";
import { afterAll, describe, expect, test } from "vitest";
import { readEvidence, readIamCollect, readLargeLines } from "../src/index.ts";
import { ACCOUNT, account, managedPolicy, role } from "./samples.ts";

const OTHER = "444455556666";
const ANA = `arn:aws:iam::${ACCOUNT}:user/ana`;

function user(fields: object = {}): object {
  return { UserName: "ana", UserId: "AIDAEXAMPLEANA", Arn: ANA, Path: "/", GroupList: ["team"], ...fields };
}

function read(...values: readonly unknown[]): Evidence {
  return readEvidence("export.json", Buffer.from(values.map((value) => JSON.stringify(value)).join("\n")));
}

describe("whose page it is, and whether it is the last", () => {
  const users = { UserDetailList: [user()] };
  test.each<[string, object, boolean]>([
    ["a whole export of the AWS CLI, which says nothing", { IsTruncated: undefined }, true],
    ["a last page of the API", { IsTruncated: false }, true],
    ["a last page that repeats its own marker", { IsTruncated: false, Marker: "AAAA" }, true],
    ["a page of the API, or of --no-paginate", { IsTruncated: true, Marker: "AAAA" }, false],
    ["a page with a marker alone", { IsTruncated: undefined, Marker: "AAAA" }, false],
    ["a page of --max-items", { IsTruncated: undefined, NextToken: "eyJNYXJrZXIiOiBudWxsfQ==" }, false],
  ])("%s", (_, fields, isLast) => {
    expect(read(account({ ...users, ...fields })).exportPages).toEqual([{ accountId: ACCOUNT, isLast }]);
  });

  test("by the ARNs of users, groups, roles or the account's own policies", () => {
    const group = { GroupName: "team", GroupId: "AGPA", Arn: `arn:aws:iam::${OTHER}:group/team`, Path: "/" };
    expect(read(account({ RoleDetailList: [role()] })).exportPages).toMatchObject([{ accountId: ACCOUNT }]);
    expect(read(account({ GroupDetailList: [group] })).exportPages).toMatchObject([{ accountId: OTHER }]);
    expect(read(account({ Policies: [managedPolicy()] })).exportPages).toMatchObject([{ accountId: ACCOUNT }]);
    expect(read(account({ RoleDetailList: [role()], GroupDetailList: [group] })).exportPages).toHaveLength(2);
  });

  test("a last page with policies of AWS alone ends the export that it follows in its file, and none in another", () => {
    const last = account({ Policies: [managedPolicy({ Arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" })] });
    expect(read(last).exportPages).toEqual([]);
    expect(read(account({ ...users, IsTruncated: true }), last).exportPages).toEqual([
      { accountId: ACCOUNT, isLast: false },
      { accountId: ACCOUNT, isLast: true },
    ]);
    expect(read(account(users), last).exportPages).toEqual([{ accountId: ACCOUNT, isLast: true }]);
  });
});

describe("who is not known whole", () => {
  test("a user that is refused, by its ARN", () => {
    const { incompleteAccounts, principals } = read(account({ UserDetailList: [user({ GroupList: "team" })] }));
    expect(principals).toEqual([]);
    expect(incompleteAccounts).toEqual([
      { accountId: ACCOUNT, principalArn: ANA, reason: "a user was left out of its export" },
    ]);
  });

  test.each<[string, object, string]>([
    ["a user without an ARN", { UserDetailList: [user({ Arn: undefined })], RoleDetailList: [role()] }, "user"],
    ["a user with a role's ARN", { UserDetailList: [user({ Arn: role()["Arn"] })] }, "user"],
    ["a list that is none", { UserDetailList: 5, RoleDetailList: [role()] }, "user"],
    ["a group without a name", { GroupDetailList: [{ Arn: 5 }], RoleDetailList: [role()] }, "group"],
    ["a role that is no object", { RoleDetailList: [role(), "role"] }, "role"],
  ])("%s: somebody in the accounts of its page", (_, lists, kind) => {
    expect(read(account(lists)).incompleteAccounts).toEqual([
      { accountId: ACCOUNT, principalArn: null, reason: `a ${kind} was left out of its export` },
    ]);
  });

  test("a user in a page that bears no ARN: of the page before, else of any account", () => {
    const nobody = account({ UserDetailList: [{ UserName: "ana" }] });
    expect(read(nobody).incompleteAccounts).toMatchObject([{ accountId: null }]);
    const before = account({ RoleDetailList: [role()], IsTruncated: true });
    expect(
      read(account({ RoleDetailList: [{ RoleName: "web" }] })).incompleteAccounts,
      "a role is in no group",
    ).toEqual([]);
    expect(read(before, nobody).incompleteAccounts).toMatchObject([{ accountId: ACCOUNT }]);
  });

  test("a policy that is refused says nothing of people", () => {
    expect(read(account({ Policies: [managedPolicy({ PolicyName: 5 })] })).incompleteAccounts).toEqual([]);
    expect(read(account({ UserDetailList: [user()] })).incompleteAccounts).toEqual([]);
  });

  test("an export that ends in the middle, and no other file that does", () => {
    const text = JSON.stringify(account({ UserDetailList: [user(), user({ Arn: `${ANA}2` })] }), null, 2);
    const cut = readEvidence("export.json", Buffer.from(text.slice(0, -80)));
    expect(cut.diagnostics).toMatchObject([{ code: "truncated-json" }]);
    const damaged = { accountId: ACCOUNT, principalArn: null, reason: "its export is no whole JSON" };
    expect(cut.incompleteAccounts).toEqual([damaged]);
    const before = readEvidence("export.json", Buffer.from(text.slice(0, text.indexOf("[") + 1)));
    expect(before.incompleteAccounts).toEqual([{ ...damaged, accountId: null }]);
    const roles = readEvidence("roles.json", Buffer.from('{"RoleDetailList": ['));
    expect(roles.incompleteAccounts).toEqual([]);
    expect(readEvidence("trail.json", Buffer.from('{"Records": [')).incompleteAccounts).toEqual([]);
  });

  test("a line of many that is cut: its account and no other's, read whole or line by line", async () => {
    const line = JSON.stringify(account({ UserDetailList: [user()] }));
    const other = line.replaceAll(ACCOUNT, OTHER);
    const text = `${line}\n${other.slice(0, -3)}\n${line}\n`;
    const expected = [{ accountId: OTHER, principalArn: null, reason: "its export is no whole JSON" }];
    expect(readEvidence("exports.jsonl", Buffer.from(text)).incompleteAccounts).toEqual(expected);
    const folder = mkdtempSync(join(tmpdir(), "leastwise-damaged-"));
    afterAll(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "exports.jsonl"), text);
    expect((await readLargeLines(join(folder, "exports.jsonl"))).incompleteAccounts).toEqual(expected);
  });
});

describe("a folder of an iam-collect store", () => {
  const folder = `store/aws/aws/accounts/${ACCOUNT}/iam/user/ana`;
  const whole = { "metadata.json": { arn: ANA, id: "AIDA" }, "groups.json": ["team"], "managed-policies.json": [] };

  function readFolder(
    files: Readonly<Record<string, unknown>>,
    unreadable: readonly string[] = [],
    of = folder,
  ): Evidence {
    const parts = Object.entries(files).map(([name, content]) => ({
      path: `${of}/${name}`,
      file: Buffer.from(typeof content === "string" ? content : JSON.stringify(content)),
    }));
    return readIamCollect(
      of,
      parts,
      unreadable.map((name) => `${of}/${name}`),
    );
  }

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ["groups that are cut", { ...whole, "groups.json": '["te' }, "the groups of a user cannot be read"],
    ["groups of a wrong shape", { ...whole, "groups.json": { team: true } }, "the groups of a user cannot be read"],
    [
      "policies of a wrong shape",
      { ...whole, "managed-policies.json": 5 },
      "the policies of a principal cannot be read",
    ],
    ["no metadata", { "groups.json": [] }, "a folder of its store does not tell whose it is"],
    [
      "metadata that are cut",
      { ...whole, "metadata.json": '{"arn' },
      "a folder of its store does not tell whose it is",
    ],
    [
      "metadata of nobody",
      { ...whole, "metadata.json": { arn: "ana" } },
      "a folder of its store does not tell whose it is",
    ],
  ])("with %s", (_, files, reason) => {
    expect(readFolder(files).incompleteAccounts).toEqual([{ accountId: ACCOUNT, principalArn: null, reason }]);
  });

  test("with groups that the system does not let one read", () => {
    const { "groups.json": _, ...others } = whole;
    expect(readFolder(others, ["groups.json", "tags.json"]).incompleteAccounts).toEqual([
      { accountId: ACCOUNT, principalArn: null, reason: "the groups of a user cannot be read" },
    ]);
  });

  test("that is whole, or of a policy, says nothing", () => {
    expect(readFolder(whole).incompleteAccounts).toEqual([]);
    expect(readFolder({}, [], folder.replace("/user/", "/policy/")).incompleteAccounts).toEqual([]);
  });
});
