import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  DEMO,
  asked,
  exported,
  leastwise,
  leastwiseIn,
  recommendations,
  refined,
  temporaryFolder,
} from "./leastwise.ts";

const folder = temporaryFolder();

/** The figures of the made-up organization, as its README counts them. */
const FIGURES = {
  accounts: 6,
  principals: 36, // 25 roles, 9 users, 2 groups
  principalsWithoutEvidence: 2, // the user tomas.ruiz, and the group support for his sake
  principalsWithUseOnly: 0,
  unusedPrincipals: 4, // three roles that were never used, and one that a finding says is unused
  serviceLinkedRoles: 1,
  policies: 46,
  attachments: 49,
  unitsAsked: 44, // of attachments 42, of shared policies two
  leftAlone: [{ rule: "unused-principal", principals: 4, attachments: 0 }],
  keptBySid: 0,
  sharedPolicies: 2,
  sharedToReplace: 2,
  events: 0,
  comparisons: [],
  toReplace: 38,
  toDetach: 2,
  unchanged: 8,
  unanswered: 1,
  diagnostics: { error: 1, warning: 1, info: 2 },
};

describe("the made-up organization", () => {
  const db = join(folder, "org.db");
  const first = leastwise("refine", DEMO, "--db", db, "--json");

  test("ends with 3, because one policy document is in no export", () => {
    expect(first.code).toBe(3);
    const refused = asked(db, "--sql", "SELECT code, path, pointer, hint FROM diagnostics WHERE severity = 'error'");
    expect(refused).toEqual([
      {
        code: "missing-policy-document",
        path: "arn:aws:iam::555566667777:role/service-role/integration-tests",
        pointer: "arn:aws:iam::aws:policy/AWSCodeBuildDeveloperAccess",
        hint: "export with the filter AWSManagedPolicy as well",
      },
    ]);
  });

  test("the summary as JSON is one line with the figures, and talk stays away from stdout", () => {
    expect(first.out).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(first.out)).toMatchObject({
      resumed: false,
      unitsComputed: 44,
      unitsReused: 0,
      files: 38,
      database: db,
      summary: FIGURES,
      catalog: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown },
    });
  });

  test("and tells what each stage took, which together is no more than all of it", () => {
    const { stages, seconds } = JSON.parse(first.out) as {
      readonly seconds: number;
      readonly stages: readonly { readonly stage: string; readonly seconds: number; readonly cpuSeconds: number }[];
    }; // what --json prints
    expect(stages.map(({ stage }) => stage)).toEqual(["reading", "planning", "refining", "fitting", "concluding"]);
    for (const one of stages)
      expect(Math.min(one.seconds, one.cpuSeconds), `of ${one.stage}`).toBeGreaterThanOrEqual(0);
    const all = stages.reduce((sum, one) => sum + one.seconds, 0);
    expect(all).toBeGreaterThan(0);
    expect(all).toBeLessThan(seconds);
  });

  test("every attachment that can be answered is", () => {
    const attached = asked(db, "--sql", "SELECT principal_arn, policy_key FROM attachments ORDER BY 1, 2");
    const answered = asked(db, "--sql", "SELECT principal_arn, policy_key FROM recommendations ORDER BY 1, 2");
    const unanswered = attached.filter(
      (row) => !answered.some((other) => JSON.stringify(other) === JSON.stringify(row)),
    );
    const [missing, linked] = [
      {
        principal_arn: expect.stringContaining("integration-tests") as unknown,
        policy_key: expect.stringContaining("AWSCodeBuildDeveloperAccess") as unknown,
      },
      {
        principal_arn: expect.stringContaining("AWSServiceRoleForOrganizations") as unknown,
        policy_key: expect.anything() as unknown,
      },
    ];
    expect(unanswered).toEqual([linked, missing]);
    expect(recommendations(db).map(({ verified }) => verified)).toEqual(Array.from(answered, () => true));
  });

  test("running the same command again computes nothing and changes no result", () => {
    const before = exported(db);
    const again = leastwise("refine", DEMO, "--db", db, "--json");
    expect(again.code).toBe(3);
    expect(JSON.parse(again.out)).toMatchObject({
      resumed: false,
      unitsComputed: 0,
      unitsReused: 44,
      summary: FIGURES,
    });
    expect(exported(db)).toBe(before);
  });
});

/** All that people see of a database, apart from dates and file names. */
function content(db: string): string {
  const views = [
    "SELECT * FROM changes",
    "SELECT * FROM granted_before",
    "SELECT * FROM granted_after",
    "SELECT principal_arn, source, report_id, standing, updated_at, service, state, actions, last_accessed FROM usage",
    "SELECT policy_key, recommended_action, actions_after, recommended_policy, principals, blockers FROM policy_recommendations",
    "SELECT * FROM policy_blockers",
    "SELECT * FROM left_alone",
    "SELECT severity, code, pointer, message, hint FROM diagnostics",
  ];
  const csv = views.map((sql) => {
    const { code, out } = leastwise("query", "--db", db, "--sql", sql, "--format", "csv");
    expect(code).toBe(0);
    return out;
  });
  return [exported(db), ...csv].join("\n");
}

describe("the same inputs give the same results, byte for byte", () => {
  const expected = content(refined(folder, "one-thread.db", DEMO, "--threads", "1"));

  test("on two threads", () => {
    expect(content(refined(folder, "two-threads.db", DEMO, "--threads", "2"))).toBe(expected);
  });

  test("with the paths in another order, and one named twice", () => {
    const parts = ["unused", "findings", "authorization-details", "findings/123456789012"].map((part) =>
      join(DEMO, part),
    );
    expect(content(refined(folder, "other-order.db", ...parts))).toBe(expected);
  });

  test("with the folder given as globs", () => {
    const globs = ["**/*.json", "**/*.json.gz", "**/*.jsonl"].map((glob) => join(DEMO, glob));
    expect(content(refined(folder, "globs.db", ...globs))).toBe(expected);
  });

  test("with the files in other folders and read from elsewhere", () => {
    const elsewhere = join(folder, "elsewhere");
    mkdirSync(elsewhere);
    cpSync(DEMO, join(elsewhere, "exports"), { recursive: true });
    const { code } = leastwiseIn({ cwd: elsewhere }, "refine", "exports", "--db", "org.db", "--quiet");
    expect(code).toBe(3);
    expect(content(join(elsewhere, "org.db"))).toBe(expected);
  });

  test("after another organization was refined into the same database", () => {
    const db = refined(folder, "two-runs.db", join(DEMO, "authorization-details/111122223333.json"));
    refined(folder, "two-runs.db", DEMO);
    expect(content(db)).toBe(expected);
  });
});

test("exact names change the answers, not what is granted", () => {
  const db = refined(folder, "exact.db", DEMO, "--granularity", "exact");
  const word = refined(folder, "word.db", DEMO);
  const granted = "SELECT principal_arn, policy_key, lo, hi FROM granted_after ORDER BY 1, 2, 3";
  expect(asked(db, "--sql", granted)).toEqual(asked(word, "--sql", granted));
  expect(exported(db)).not.toBe(exported(word));
});
