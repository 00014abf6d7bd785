import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { builtInCatalog } from "@leastwise/catalog";
import { describe, expect, test } from "vitest";
import { readSettings } from "../dist/config/read-settings.js";
import { listInputs } from "../dist/stages/list-inputs.js";
import { runKey } from "../dist/stages/run-key.js";
import { allowing, asked, leastwise, recommendations, temporaryFolder, write } from "./leastwise.ts";

const folder = temporaryFolder();
const ACCOUNT = "123456789012";
const WEB = `arn:aws:iam::${ACCOUNT}:role/WebServer`;
const SHARED = `arn:aws:iam::${ACCOUNT}:policy/Shared`;

/** A store with one role, one policy, a bucket and an index, and a list of unused actions beside it. */
function storeIn(name: string): string {
  const root = join(folder, name);
  const iam = `iam-data/aws/aws/accounts/${ACCOUNT}/iam`;
  write(root, `${iam}/role/webserver/metadata.json`, { arn: WEB, name: "WebServer", id: "AROA1", path: "/" });
  write(root, `${iam}/role/webserver/inline-policies.json`, [
    { PolicyName: "own", PolicyDocument: allowing("s3:GetObject", "s3:PutObject") },
  ]);
  write(root, `${iam}/role/webserver/managed-policies.json`, [SHARED]);
  write(root, `${iam}/role/webserver/trust-policy.json`, { Version: "2012-10-17", Statement: [] });
  write(root, `${iam}/policy/shared/metadata.json`, { arn: SHARED, name: "Shared", id: "ANPA1", path: "/" });
  write(root, `${iam}/policy/shared/current-policy.json`, allowing("sqs:SendMessage", "s3:PutObject"));
  write(root, `iam-data/aws/aws/accounts/${ACCOUNT}/s3/bucket/metadata.json`, { arn: "arn:aws:s3:::bucket" });
  write(root, "iam-data/aws/aws/indexes/vpcs.json", { vpcs: {} });
  write(root, "unused/web.json", { arn: WEB, unused: [{ serviceNamespace: "s3", actions: ["PutObject"] }] });
  return root;
}

/** The folders that are read as one of what the patterns name. */
function folders(patterns: readonly string[]): readonly string[] {
  return listInputs(patterns)
    .filter(({ parts }) => parts !== undefined && parts.length > 0)
    .map(({ path }) => path);
}

describe("listing", () => {
  const root = storeIn("listed");
  const iam = `${root}/iam-data/aws/aws/accounts/${ACCOUNT}/iam`;
  const files = listInputs([root]);

  test("a folder of the store is one input, its files are the parts; all else of the store is one without parts", () => {
    expect(files.map(({ path, parts }) => [path, parts?.map((part) => part.path)])).toEqual([
      [`${root}/iam-data/aws/aws`, []],
      [`${iam}/policy/shared`, [`${iam}/policy/shared/current-policy.json`, `${iam}/policy/shared/metadata.json`]],
      [
        `${iam}/role/webserver`,
        ["inline-policies", "managed-policies", "metadata", "trust-policy"].map(
          (name) => `${iam}/role/webserver/${name}.json`,
        ),
      ],
      [`${root}/unused/web.json`, undefined],
    ]);
  });

  test("it is as large as its parts together and as new as the newest", () => {
    const newest = new Date("2030-01-01T00:00:00Z");
    utimesSync(`${iam}/role/webserver/tags.json`.replace("tags", "trust-policy"), newest, newest);
    const role = listInputs([root]).find(({ path }) => path === `${iam}/role/webserver`);
    expect(role?.bytes).toBe(role?.parts?.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(role?.bytes).toBeGreaterThan(100);
    expect(role?.modifiedMs).toBe(newest.getTime());
  });

  test("the same from inside the store, or named by a glob or one by one", () => {
    expect(folders([`${iam}/role`])).toEqual([`${iam}/role/webserver`]);
    expect(folders([`${iam}/role/*/*.json`])).toEqual([`${iam}/role/webserver`]);
    expect(folders([`${iam}/role/webserver/metadata.json`])).toEqual([`${iam}/role/webserver`]);
    expect(folders([`${iam}/role`, root]).length).toBe(2);
  });

  test("a link in a folder is none of its parts", () => {
    const other = storeIn("linked");
    const place = `${other}/iam-data/aws/aws/accounts/${ACCOUNT}/iam/role/webserver`;
    symlinkSync("metadata.json", `${place}/tags.json`);
    const listed = listInputs([other]);
    expect(listed.filter(({ isLink }) => isLink).map(({ path }) => path)).toEqual([`${place}/tags.json`]);
    expect(listed.find(({ path }) => path === place)?.parts?.length).toBe(4);
  });

  test("a change of any part makes another job", () => {
    const catalog = builtInCatalog();
    const keyOf = (): string => runKey(listInputs([root]), catalog, readSettings(undefined, folder, {}));
    const before = keyOf();
    expect(keyOf()).toBe(before);
    const older = new Date("2020-01-01T00:00:00Z");
    utimesSync(`${iam}/policy/shared/metadata.json`, older, older);
    const after = keyOf();
    expect(after).not.toBe(before);
    write(iam, "policy/shared/tags.json", []);
    expect(keyOf()).not.toBe(after);
  });
});

test("a store is refined like an account's export", () => {
  const root = storeIn("refined");
  const db = join(folder, "refined.db");
  expect(leastwise("refine", root, "--db", db, "--quiet").code).toBe(0);
  const made = recommendations(db).filter(({ scope, principalArn }) => scope === "principal" && principalArn === WEB);
  expect(Object.fromEntries(made.map(({ policyName, recommendedPolicy }) => [policyName, recommendedPolicy]))).toEqual({
    Shared: allowing("sqs:SendMessage"),
    own: allowing("s3:GetObject"),
  });
  expect(asked(db, "--sql", "SELECT path FROM input WHERE kinds LIKE '%iam-collect%' ORDER BY path")).toHaveLength(2);
});

test("a part that is damaged, missing or unreadable is told by its path, and the rest of the store is done", () => {
  const root = storeIn("damaged");
  const iam = `${root}/iam-data/aws/aws/accounts/${ACCOUNT}/iam`;
  write(iam, "role/cut/metadata.json", '{"arn": "arn:aws');
  write(iam, "role/nobody/inline-policies.json", []);
  write(iam, "role/piped/metadata.json", { arn: `arn:aws:iam::${ACCOUNT}:role/Piped` });
  spawnSync("mkfifo", [`${iam}/role/piped/inline-policies.json`]);
  mkdirSync(`${iam}/role/linked`);
  symlinkSync("/nowhere/metadata.json", `${iam}/role/linked/metadata.json`);
  write(iam, "role/closed/inline-policies.json", []);
  spawnSync("mkfifo", [`${iam}/role/closed/metadata.json`]);
  const db = join(folder, "damaged.db");
  expect(leastwise("refine", root, "--db", db, "--quiet").code).toBe(3);
  const refused = asked(db, "refused").map(({ code, path }) => `${String(code)} ${String(path).slice(iam.length + 1)}`);
  expect(refused.sort()).toEqual([
    "incomplete-export role/closed",
    "link-not-followed role/linked/metadata.json",
    "missing-metadata role/nobody",
    "not-a-file role/closed/metadata.json",
    "not-a-file role/piped/inline-policies.json",
    "passed-over ",
    "truncated-json role/cut/metadata.json",
  ]);
  const roles = asked(db, "--sql", "SELECT name FROM principal ORDER BY name");
  expect(roles).toEqual([{ name: "Piped" }, { name: "WebServer" }]);
  expect(recommendations(db).length).toBeGreaterThan(1);
});
