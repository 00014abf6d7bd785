import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { allowing, asked, leastwise, recommendations, refined, temporaryFolder, write } from "./leastwise.ts";

const folder = temporaryFolder();
const ACCOUNT = "123456789012";
const GROUP = `arn:aws:iam::${ACCOUNT}:group/team`;
const POLICY = `arn:aws:iam::${ACCOUNT}:policy/Shared`;

function user(name: string, fields: object = {}): object {
  const Arn = `arn:aws:iam::${ACCOUNT}:user/${name}`;
  const AttachedManagedPolicies = [{ PolicyName: "Shared", PolicyArn: POLICY }];
  return {
    UserName: name,
    UserId: `AIDA${name}`,
    Arn,
    Path: "/",
    GroupList: ["team"],
    AttachedManagedPolicies,
    ...fields,
  };
}

const team = {
  GroupName: "team",
  GroupId: "AGPATEAM",
  Arn: GROUP,
  Path: "/",
  GroupPolicyList: [{ PolicyName: "work", PolicyDocument: allowing("s3:*", "sqs:*") }],
};
const policy = {
  PolicyName: "Shared",
  PolicyId: "ANPASHARED",
  Arn: POLICY,
  DefaultVersionId: "v1",
  AttachmentCount: 2,
  PermissionsBoundaryUsageCount: 0,
  PolicyVersionList: [{ VersionId: "v1", IsDefaultVersion: true, Document: allowing("s3:*", "sqs:*") }],
};

/** Nobody of those named uses a queue. */
function lists(...names: readonly string[]): readonly object[] {
  return names.map((name) => ({ arn: `arn:aws:iam::${ACCOUNT}:user/${name}`, unused: [{ serviceNamespace: "sqs" }] }));
}

/** Refines these pages, each a file; gives the database. */
function refine(name: string, ...pages: readonly object[]): string {
  const of = join(folder, name);
  pages.forEach((page, n) => write(of, `page-${n + 1}.json`, page));
  write(of, "unused.json", lists("ana", "ben"));
  return refined(folder, `${name}.db`, of);
}

/** What becomes of the group's policy, and of the shared one in place. */
function outcome(db: string): readonly [string | undefined, unknown] {
  const ofGroup = recommendations(db).find(({ principalArn }) => principalArn === GROUP);
  return [ofGroup?.recommendedAction, asked(db, "shared-policies")[0]?.["in_place"]];
}

const [ana, ben, cyd] = [user("ana"), user("ben"), user("cyd")];
const first = { UserDetailList: [ana, ben], GroupDetailList: [team], RoleDetailList: [], Policies: [policy] };

describe("what a user uses that no export shows", () => {
  test("goes from no group and no shared policy, since the export says that there is more", () => {
    const db = refine("truncated", { ...first, IsTruncated: true, Marker: "AAAA" });
    expect(outcome(db)).toEqual(["NONE", "NONE"]);
    expect(asked(db, "refused")).toMatchObject([
      {
        severity: "warning",
        code: "incomplete-export",
        pointer: ACCOUNT,
        path: expect.stringContaining("page-1.json") as string,
      },
    ]);
    expect(asked(db, "left-alone")).toMatchObject([{ rule: "incomplete-export", principal: GROUP }]);
    expect(asked(db, "blockers")).toMatchObject([
      { principal: "", reason: expect.stringContaining("incomplete-export") as string },
    ]);
    const { out } = leastwise("explain", GROUP, "sqs:SendMessage", "--db", db);
    expect(out).toContain("left alone (incomplete-export)");
    expect(leastwise("explain", `arn:aws:iam::${ACCOUNT}:user/ana`, "sqs:SendMessage", "--db", db).out).toContain(
      "the group team is left alone (incomplete-export)",
    );
  });

  test("is known once the last page is there: here of one who may use queues, and of one who does not", () => {
    const page = { ...first, IsTruncated: true, Marker: "AAAA" };
    const last = { UserDetailList: [cyd], GroupDetailList: [], RoleDetailList: [], Policies: [], IsTruncated: false };
    const db = refine("complete", page, last);
    expect(outcome(db), "nothing is known of cyd's use").toEqual(["NONE", "NONE"]);
    expect(asked(db, "left-alone")).toEqual([]);
    const two = { ...first, UserDetailList: [ana], IsTruncated: true, Marker: "AAAA" };
    expect(outcome(refine("two", two, { ...last, UserDetailList: [ben] }))).toEqual(["CREATE_POLICY", "CREATE_POLICY"]);
  });

  test("goes from none where the user was refused, until another file has it", () => {
    const page = { ...first, UserDetailList: [ana, user("ben", { GroupList: "team" })] };
    const db = refine("refused", page);
    expect(outcome(db)[0]).toBe("NONE");
    expect(asked(db, "left-alone")).toMatchObject([{ rule: "incomplete-export" }]);
    const again = { UserDetailList: [ben], GroupDetailList: [], RoleDetailList: [], Policies: [] };
    expect(outcome(refine("refused-and-known", page, again))).toEqual(["CREATE_POLICY", "CREATE_POLICY"]);
  });

  test("goes from none where a store's `groups.json` is damaged", () => {
    const store = (name: string, groupsOfBen: string): string => {
      const iam = `${name}/aws/aws/accounts/${ACCOUNT}/iam`;
      for (const [who, groups] of [
        ["ana", '["team"]'],
        ["ben", groupsOfBen],
      ] as const) {
        write(folder, `${iam}/user/${who}/metadata.json`, { arn: `arn:aws:iam::${ACCOUNT}:user/${who}`, id: who });
        write(folder, `${iam}/user/${who}/groups.json`, groups);
      }
      write(folder, `${iam}/group/team/metadata.json`, { arn: GROUP, id: "AGPATEAM" });
      write(folder, `${iam}/group/team/inline-policies.json`, team.GroupPolicyList);
      write(folder, `${name}/unused.json`, lists("ana"));
      return refined(folder, `${name}.db`, join(folder, name));
    };
    expect(outcome(store("whole-store", "[]"))[0], "ben is not in the group").toBe("CREATE_POLICY");
    const damaged = store("damaged-store", '["te');
    expect(outcome(damaged)[0]).toBe("NONE");
    expect(asked(damaged, "left-alone")).toMatchObject([{ rule: "incomplete-export", principal: GROUP }]);
  });
});
