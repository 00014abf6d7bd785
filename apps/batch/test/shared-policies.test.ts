import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { DEMO, allowing, asked, exported, jsonLines, leastwise, refined, temporaryFolder, write } from "./leastwise.ts";

const folder = temporaryFolder();
const db = refined(folder, "demo.db", DEMO);
const CATALOG_ACCESS = "arn:aws:iam::123456789012:policy/shop/ShopCatalogAccess";
const SANDBOX = "arn:aws:iam::999988887777:policy/SandboxPlay";

type Line = Readonly<Record<string, unknown>>;
const lines = jsonLines(exported(db)) as readonly Line[]; // objects, one a line

/** Where the patch has a recommendation's document. */
function pathOf(line: Line): string {
  const owner = line["scope"] === "policy" ? line["policyId"] : line["principalArn"];
  const parts = String(owner).slice(String(owner).lastIndexOf(":") + 1);
  return `${String(line["accountId"])}/${parts}/${String(line["policyKind"])}-${String(line["policyName"])}.json`;
}

describe("the JSON lines of an export", () => {
  test("have the recommendations for principals first, then those for shared policies in place, by ARN", () => {
    expect(lines.slice(0, 48).every(({ scope }) => scope === "principal")).toBe(true);
    expect(lines.slice(48).map(({ scope, policyId }) => `${String(scope)} ${String(policyId)}`)).toEqual([
      `policy ${CATALOG_ACCESS}`,
      `policy ${SANDBOX}`,
    ]);
  });

  test("say of a shared policy the same as the question does, without a principal, and who keeps more in it", () => {
    const line = lines.find(({ policyId, scope }) => scope === "policy" && policyId === SANDBOX);
    const question = asked(db, "shared-policies").find(({ policy }) => policy === SANDBOX);
    expect(line).toMatchObject({
      accountId: "999988887777",
      principalArn: null,
      principalKind: null,
      policyName: "SandboxPlay",
      policyKind: "customer",
      recommendedAction: question?.["in_place"],
      actionsBefore: question?.["before"],
      actionsAfter: question?.["after"],
      verified: true,
      leftBecause: null,
      blockers: [
        { principalArn: "arn:aws:iam::999988887777:role/sandbox-experiments", actions: 7 },
        { principalArn: "arn:aws:iam::999988887777:user/sam.sandbox", actions: 5 },
      ],
    });
    expect(Object.keys(line ?? {}).slice(0, -1)).toEqual(Object.keys(lines[0] ?? {}));
  });

  test("name the rule by which something is left alone, of either scope", () => {
    const config = write(folder, "settings.json", { exclude: { policies: [SANDBOX], accounts: ["123456789012"] } });
    const left = refined(folder, "left.db", DEMO, "--config", config);
    const of = (jsonLines(exported(left)) as readonly Line[]).filter(({ policyId }) => policyId === SANDBOX);
    expect(of.map(({ scope, leftBecause, recommendedAction }) => [scope, leftBecause, recommendedAction])).toEqual([
      ["principal", `exclude.policies: ${SANDBOX}`, "NONE"],
      ["principal", `exclude.policies: ${SANDBOX}`, "NONE"],
      ["policy", `exclude.policies: ${SANDBOX}`, "NONE"],
    ]);
    const others = jsonLines(exported(left)) as readonly Line[];
    expect(others.filter(({ leftBecause }) => leftBecause === "exclude.accounts: 123456789012").length).toBeGreaterThan(
      3,
    );
  });
});

describe("other forms", () => {
  test("patches of shared policies have a path of their own, and `git apply` takes all of them together", () => {
    const patch = leastwise("export", "--db", db, "--format", "diff").out;
    const tree = join(folder, "tree");
    const changed = lines.filter(({ recommendedAction }) => recommendedAction !== "NONE");
    expect(new Set(changed.map(pathOf)).size).toBe(changed.length);
    for (const line of changed) write(tree, pathOf(line), `${JSON.stringify(line["existingPolicy"], null, 2)}\n`);
    const { status, stderr } = spawnSync("git", ["apply", "--whitespace=nowarn", "-"], {
      cwd: tree,
      input: patch,
      encoding: "utf8",
      env: { PATH: process.env["PATH"] ?? "", GIT_CEILING_DIRECTORIES: dirname(tree) },
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const left = changed.map((line) => {
      const file = join(tree, pathOf(line));
      return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as unknown) : null;
    });
    expect(left).toEqual(changed.map(({ recommendedPolicy }) => recommendedPolicy));
    expect(patch).toContain("diff --git a/999988887777/policy/SandboxPlay/customer-SandboxPlay.json ");
  });

  test("AWS's own shape has principals alone, and says so", () => {
    const objects = jsonLines(leastwise("export", "--db", db, "--format", "access-analyzer").out) as readonly Line[];
    expect(objects.filter(({ resourceArn }) => String(resourceArn).includes(":policy/"))).toEqual([]);
    expect(leastwise("export", "--help").out.replaceAll(/\s+/g, " ")).toContain(
      "which has no shared policies in place",
    );
  });
});

describe("`show` of a policy that several principals share", () => {
  test("says who has it, who keeps more in it, and what goes in place", () => {
    const { code, out } = leastwise("show", SANDBOX, "--db", db);
    expect(code).toBe(0);
    expect(out).toContain("customer managed policy of account 999988887777");
    expect(out).toContain("attached to arn:aws:iam::999988887777:user/sam.sandbox");
    expect(out).toContain("5 actions kept by arn:aws:iam::999988887777:user/sam.sandbox: uses them");
    expect(out).toContain("replace  SandboxPlay (in place)");
    expect(out).toContain("actions 23 → 14, characters 532 → 657, verified");
    expect(out).toContain('-        "sqs:*Queue",');
    expect(out).toContain('+        "sqs:TagQueue",');
  });

  test("names what blocks that is no principal", () => {
    const policy = {
      PolicyName: "Shared",
      Arn: "arn:aws:iam::123456789012:policy/Shared",
      AttachmentCount: 3,
      PolicyVersionList: [{ VersionId: "v1", IsDefaultVersion: true, Document: allowing("s3:*", "sqs:*") }],
    };
    const RoleDetailList = ["a", "b"].map((name) => ({
      RoleName: name,
      Arn: `arn:aws:iam::123456789012:role/${name}`,
      AttachedManagedPolicies: [{ PolicyName: "Shared", PolicyArn: policy.Arn }],
    }));
    const details = { UserDetailList: [], GroupDetailList: [], RoleDetailList, Policies: [policy] };
    const unused = RoleDetailList.map(({ Arn }) => ({ arn: Arn, unused: [{ serviceNamespace: "sqs" }] }));
    const inputs = [write(folder, "details.json", details), write(folder, "unused.json", unused)];
    const { out } = leastwise("show", policy.Arn, "--db", refined(folder, "blocked.db", ...inputs));
    expect(out).toMatch(/\d+ actions kept by the policy itself: 1 more principal has it and is in no export/);
    expect(out).toContain("keep  Shared (in place)");
  });

  test("knows no policy that nobody shares", () => {
    const { code, err } = leastwise("show", "arn:aws:iam::aws:policy/ReadOnlyAccess", "--db", db);
    expect(code).toBe(2);
    expect(err).toContain("the database has no principal");
  });
});
