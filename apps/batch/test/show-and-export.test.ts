import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  CLEAN,
  DEMO,
  type PolicyDocument,
  type Recommendation,
  exported,
  jsonLines,
  leastwise,
  recommendations,
  refined,
  temporaryFolder,
  write,
} from "./leastwise.ts";

const folder = temporaryFolder();
const db = refined(folder, "org.db", DEMO);
const all = recommendations(db);

describe("show", () => {
  test("the article's role: where the evidence comes from, what goes, and the diff", () => {
    const { code, out, err } = leastwise("show", "arn:aws:iam::123456789012:role/MyRole", "--db", db);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("role of account 123456789012");
    expect(out).toMatch(/evidence: Access Analyzer finding f59b53b3-\S+ of 2026-09-24 \(.*f59b53b3-\S+\.json\)/);
    expect(out).toContain("replace  MyRolePolicy (inline)\n  actions 92 → 62");
    expect(out).toMatch(/statement 0 {2}− lambda:AddPermission\n/);
    expect(out).toMatch(/statement 1 {2}~ s3:Get\* → s3:GetAccess\*, /);
    expect(out).toMatch(/^-\s+"s3:Get\*",\n\+\s+"s3:GetAccess\*",/m);
  });

  test("a user: its groups", () => {
    const { out } = leastwise("show", "arn:aws:iam::210987654321:user/qa/qa.lena", "--db", db);
    expect(out).toContain("member of arn:aws:iam::210987654321:group/qa/qa-engineers");
  });

  test("a group: that its members decide", () => {
    const { out } = leastwise("show", "arn:aws:iam::210987654321:group/qa/qa-engineers", "--db", db);
    expect(out).toContain("evidence: what none of its members uses");
  });

  test("findings that no longer count, and a principal of which nothing is known", () => {
    const { out } = leastwise("show", "arn:aws:iam::123456789012:role/shop/shop-emergency-restore", "--db", db);
    expect(out).toContain("no longer active");
    expect(out).toContain("nothing is known of its use, so it keeps everything");
    expect(out).toContain("keep  restore-orders (inline)");
  });

  test("a permissions boundary", () => {
    const { out } = leastwise("show", "arn:aws:iam::444455556666:role/data/data-scientist", "--db", db);
    expect(out).toMatch(/has the permissions boundary arn:aws:iam::444455556666:policy\/.*DataBoundary/);
    expect(out).toContain("NotAction gains athena:CancelCapacityReservation");
  });

  test("an Identity Center role: where the change belongs", () => {
    const arn =
      "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_PlatformAdmin_8f3c1d2e4b5a6978";
    expect(leastwise("show", arn, "--db", db).out).toContain("make the change in the permission set");
  });

  test("an ARN that nobody has: what was perhaps meant", () => {
    const { code, out, err } = leastwise("show", "arn:aws:iam::123456789012:role/myrole", "--db", db);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/no principal `.*role\/myrole`\ndid you mean arn:aws:iam::123456789012:role\/MyRole/);
    expect(leastwise("show", "zebra", "--db", db).err).toContain("SELECT arn FROM principals");
  });
});

describe("export as JSON lines", () => {
  const FIELDS = [
    "accountId",
    "principalArn",
    "principalKind",
    "policyId",
    "policyName",
    "policyKind",
    "scope",
    "recommendedAction",
    "existingPolicy",
    "recommendedPolicy",
    "actionsBefore",
    "actionsAfter",
    "charactersBefore",
    "charactersAfter",
    "sizeBefore",
    "sizeAfter",
    "sizeLimit",
    "fit",
    "form",
    "parts",
    "catalog",
    "verified",
    "leftBecause",
  ];

  test("has just the fields that its users know, in their order", () => {
    expect(all).toHaveLength(48);
    for (const line of all) expect(Object.keys(line)).toEqual(FIELDS);
  });

  test("names a managed policy by its ARN, an inline one by its name", () => {
    for (const { policyKind, policyId, policyName } of all) {
      const arn = new RegExp(`^arn:aws:iam::(aws|\\d{12}):policy/(.*/)?${policyName}$`);
      expect(policyId).toMatch(policyKind === "inline" ? new RegExp(`^${policyName}$`) : arn);
    }
  });

  test("has a document just where one is to be created, with its size as IAM counts", () => {
    for (const { recommendedAction, recommendedPolicy, existingPolicy, charactersBefore, charactersAfter } of all) {
      expect(recommendedPolicy !== null).toBe(recommendedAction === "CREATE_POLICY");
      const inPlace = recommendedAction === "NONE" ? existingPolicy : recommendedPolicy;
      expect(charactersBefore).toBe(JSON.stringify(existingPolicy).length);
      expect(charactersAfter).toBe(inPlace === null ? 0 : JSON.stringify(inPlace).length);
    }
  });

  test("counts as many actions where nothing changes, and none where the policy goes", () => {
    for (const { recommendedAction, actionsBefore, actionsAfter } of all) {
      expect(actionsAfter === actionsBefore).toBe(recommendedAction === "NONE");
    }
    const detached = all.filter(({ recommendedAction }) => recommendedAction === "DETACH_POLICY");
    expect(detached.map(({ actionsAfter }) => actionsAfter)).toEqual([0, 0]);
  });

  test("into a file gives the same bytes, and nothing on stdout", () => {
    const path = join(folder, "all.jsonl");
    expect(leastwise("export", "--db", db, "--format", "jsonl", "--out", path)).toEqual({ code: 0, out: "", err: "" });
    expect(readFileSync(path, "utf8")).toBe(exported(db));
  });
});

interface Step {
  readonly recommendedAction: string;
  readonly existingPolicyId: string;
  readonly policyUpdatedAt?: string;
  readonly recommendedPolicy?: string;
}
interface AccessAnalyzer {
  readonly recommendationType: string;
  readonly resourceArn: string;
  readonly status: string;
  readonly startedAt: string;
  readonly completedAt: string;
  readonly recommendedSteps: readonly { readonly unusedPermissionsRecommendedStep: Step }[];
}

describe("export in Access Analyzer's own shape", () => {
  const { out } = leastwise("export", "--db", db, "--format", "access-analyzer");
  const principals = jsonLines(out) as readonly AccessAnalyzer[];
  const steps = principals.map(({ recommendedSteps }) =>
    recommendedSteps.map((step) => step.unusedPermissionsRecommendedStep),
  );

  test("is one object for each principal", () => {
    expect(new Set(principals.map(({ resourceArn }) => resourceArn))).toEqual(
      new Set(all.map(({ principalArn }) => principalArn)),
    );
    expect(principals).toHaveLength(33);
    for (const { recommendationType, status, startedAt, completedAt } of principals) {
      expect({ recommendationType, status }).toEqual({
        recommendationType: "UnusedPermissionRecommendation",
        status: "SUCCEEDED",
      });
      expect(Date.parse(completedAt)).toBeGreaterThanOrEqual(Date.parse(startedAt));
    }
  });

  test("follows every CREATE by a DETACH of the same policy", () => {
    const created = steps
      .flatMap((list) => list.map((step, i) => [step, list[i + 1]] as const))
      .filter(([step]) => step.recommendedAction === "CREATE_POLICY");
    expect(created).toHaveLength(38);
    for (const [step, next] of created) {
      expect(next).toMatchObject({ recommendedAction: "DETACH_POLICY", existingPolicyId: step.existingPolicyId });
    }
  });

  test("detaches alone what has nothing left, and has no step for what stays", () => {
    expect(steps.flat().filter(({ recommendedAction }) => recommendedAction === "DETACH_POLICY")).toHaveLength(38 + 2);
    expect(principals.find(({ resourceArn }) => resourceArn.endsWith("BreakGlassAdmin"))?.recommendedSteps).toEqual([]);
  });

  test("says when a policy was last changed for managed policies alone", () => {
    for (const { existingPolicyId, policyUpdatedAt } of steps.flat()) {
      const isManaged = existingPolicyId.startsWith("arn:");
      expect(policyUpdatedAt === undefined).toBe(!isManaged);
    }
  });

  test("gives the document as minified JSON text, the same as the JSON lines", () => {
    const texts = steps.flat().flatMap(({ recommendedPolicy }) => recommendedPolicy ?? []);
    const documents = all.flatMap(({ recommendedPolicy }) =>
      recommendedPolicy === null ? [] : JSON.stringify(recommendedPolicy),
    );
    expect([...texts].sort()).toEqual([...documents].sort());
  });
});

function pretty(policy: PolicyDocument): string {
  return `${JSON.stringify(policy, null, 2)}\n`;
}

describe("export as patches", () => {
  const { out: patch } = leastwise("export", "--db", db, "--format", "diff");
  const ofBothScopes = jsonLines(exported(db)) as readonly Recommendation[]; // what the program wrote
  const changed = ofBothScopes.filter(({ recommendedAction }) => recommendedAction !== "NONE");
  const named = [...patch.matchAll(/^diff --git a\/(.*) b\/\1$/gm)].map((match) => match[1] ?? "");

  /** The file that a patch names for a recommendation: patches come in the order of the JSON lines. */
  function fileOf(recommendation: Recommendation): string {
    return named[changed.indexOf(recommendation)] ?? "";
  }

  test("names one file for each policy that changes", () => {
    expect(named).toHaveLength(changed.length);
    expect(new Set(named.map((name) => name.toLowerCase())).size).toBe(named.length); // macOS and Windows ignore case
    for (const recommendation of changed) {
      const file = fileOf(recommendation);
      expect(file.startsWith(`${recommendation.accountId}/`)).toBe(true);
      expect(file.endsWith(`${recommendation.policyKind}-${recommendation.policyName}.json`)).toBe(true);
    }
  });

  test("`git apply` takes it whole and leaves just the recommended documents", () => {
    const repository = join(folder, "policies");
    mkdirSync(repository);
    const git = (args: readonly string[], input = ""): { status: number | null; stderr: string } =>
      spawnSync("git", args, { cwd: repository, env: { ...CLEAN, GIT_CONFIG_NOSYSTEM: "1" }, input, encoding: "utf8" });
    expect(git(["init", "--quiet"]).status).toBe(0);
    for (const recommendation of changed)
      write(repository, fileOf(recommendation), pretty(recommendation.existingPolicy));
    expect(git(["add", "--all"]).status).toBe(0);
    expect(git(["apply", "--index", "--whitespace=error-all", "-"], patch)).toMatchObject({ status: 0, stderr: "" });
    const found = changed.map((recommendation) => {
      const path = join(repository, fileOf(recommendation));
      return existsSync(path) ? readFileSync(path, "utf8") : null;
    });
    expect(found).toEqual(
      changed.map(({ recommendedPolicy }) => (recommendedPolicy === null ? null : pretty(recommendedPolicy))),
    );
    const left = readdirSync(repository, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".json"),
    );
    expect(left).toHaveLength(changed.length - 2);
  });
});

describe("--out to a place that cannot be written", () => {
  test.each([
    ["a folder that is not there", join(folder, "nowhere", "all.jsonl")],
    ["a folder", folder],
    ["a full disk", "/dev/full"],
  ])("%s is exit code 4", (_what, path) => {
    const { code, out, err } = leastwise("export", "--db", db, "--format", "jsonl", "--out", path);
    expect(err).toMatch(/^leastwise: `.*` cannot be written: .*\ncheck the folder and the disk\n$/);
    expect({ code, out }).toEqual({ code: 4, out: "" });
  });
});
