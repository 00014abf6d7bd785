/** Who came into a group, or left one, between two runs: what such a user may do is another, though no policy has changed. */
import { beforeAll, expect, test } from "vitest";
import { allowing, jsonLines, leastwise, refined, temporaryFolder, write } from "./leastwise.ts";
import { type Member, account, arnOf } from "./samples.ts";

const folder = temporaryFolder();
const CATALOG = write(folder, "catalog.json", { iam: ["PassRole"], s3: ["GetObject", "ListBucket", "PutObject"] });
const DENY = { Version: "2012-10-17", Statement: [{ Effect: "Deny", Action: "s3:PutObject", Resource: "*" }] };

const group = (name: string, policy: object): Member => ({ kind: "group", name, inline: { [name]: policy } });
const user = (name: string, ...groups: readonly string[]): Member => ({
  kind: "user",
  name,
  inline: { own: allowing("s3:ListBucket") },
  groups,
});
const GROUPS = [
  group("readers", allowing("s3:GetObject")),
  group("auditors", allowing("s3:GetObject")),
  group("admins", allowing("*")),
  group("guarded", DENY),
];

interface Difference {
  readonly principalArn: string;
  readonly change: string;
  readonly policies: readonly { readonly policyName: string; readonly change: string; readonly group: string | null }[];
}

let db = "";
let differences: readonly Difference[] = [];
const of = (name: string): Difference | undefined =>
  differences.find(({ principalArn }) => principalArn === arnOf("user", name));

beforeAll(() => {
  const before = [
    user("promoted", "readers"),
    user("demoted", "readers", "admins"),
    user("unguarded", "guarded"),
    user("moved", "readers"),
    user("steady", "readers"),
  ];
  const after = [
    user("promoted", "readers", "admins"),
    user("demoted", "readers"),
    user("unguarded"),
    user("moved", "auditors"),
    user("steady", "readers"),
    user("hired", "admins"),
  ];
  for (const [name, users] of [
    ["one", before],
    ["two", after],
  ] as const) {
    const export_ = write(folder, `${name}/account.json`, account([...GROUPS, ...users], {}));
    db = refined(folder, "groups.db", export_, "--catalog", CATALOG);
  }
  const { out } = leastwise("diff-runs", "previous", "latest", "--db", db, "--json", "--actions");
  differences = jsonLines(out) as readonly Difference[]; // what the program wrote
});

test.each([
  ["promoted", "worse", { gained: ["iam:PassRole", "s3:PutObject"], lost: [] }, ["admins new"]],
  ["demoted", "better", { gained: [], lost: ["iam:PassRole", "s3:PutObject"] }, ["admins gone"]],
  ["unguarded", "other-terms", { gained: [], lost: [] }, ["guarded gone"]],
  ["moved", "other-terms", { gained: [], lost: [] }, ["auditors new", "readers gone"]],
])("%s: %s", (name, change, actions, policies) => {
  const found = of(name);
  expect(found).toMatchObject({ change, ...actions });
  expect(found?.policies.map(({ policyName, change: what }) => `${policyName} ${what}`).sort()).toEqual(policies);
  for (const { policyName, group: by } of found?.policies ?? []) expect(by).toBe(arnOf("group", policyName));
});

test("who stays in the same groups is not named, and who is new is new", () => {
  expect(of("steady")).toBeUndefined();
  expect(of("hired")).toMatchObject({ change: "new", policies: [{ policyName: "own", group: null }] });
});

test("a check for what is worse finds it, and the text says by which group", () => {
  const { code, out } = leastwise("diff-runs", "previous", "latest", "--db", db, "--fail-on", "worse");
  expect(code).toBe(1);
  expect(out).toContain("admins (inline) by the group admins");
});
