import type { Evidence, ExportPage, IncompleteAccount } from "@leastwise/core";
import { describe, expect, test } from "vitest";
import {
  ACCOUNT,
  allowing,
  answered,
  file,
  finding,
  group,
  managedPolicy,
  newDatabase,
  planned,
  role,
  rows,
  temporaryFolder,
  together,
  user,
  withInline,
} from "./organization.ts";

const folder = temporaryFolder();
const SEPTEMBER = "2026-09-24T00:00:00.000Z";
const OTHER = "210987654321";
const ana = user("ana", ["team"]);
const document = allowing("s3:*", "sqs:*");
const shared = managedPolicy("Shared", document);

/** Ana, the one known member of her group, uses no queue; so do two roles that share a policy. */
const organization = together(
  { principals: [ana], usage: [finding(ana, "f1", SEPTEMBER, { sqs: null })] },
  withInline(group("team"), document),
  {
    principals: [role("a"), role("b")],
    policies: [shared],
    documents: [document],
    attachments: ["a", "b"].map((name) => ({ principalArn: role(name).arn, policyKey: shared.key })),
    usage: ["a", "b"].map((name) => finding(role(name), name, SEPTEMBER, { sqs: null })),
  },
);

interface Outcome {
  readonly group: unknown;
  readonly inPlace: unknown;
  readonly ofRoles: readonly unknown[];
  readonly blockers: readonly unknown[];
  readonly leftAlone: readonly unknown[];
  readonly warnings: readonly unknown[];
}

/** What becomes of the group, the shared policy and the roles' own use of it. */
function outcome(...more: readonly Evidence[]): Outcome {
  const { db } = newDatabase(folder);
  answered(db, planned(db, [file("export.json", organization), ...more]));
  const one = (sql: string): unknown => rows(db, sql)[0]?.["action"];
  const result = {
    group: one("SELECT recommended_action AS action FROM recommendations WHERE principal_kind = 'group'"),
    inPlace: one("SELECT recommended_action AS action FROM policy_recommendations"),
    ofRoles: rows(db, "SELECT recommended_action AS action FROM recommendations WHERE principal_kind = 'role'"),
    blockers: rows(db, "SELECT principal_arn, reason, actions FROM policy_blockers"),
    leftAlone: rows(db, "SELECT rule, principal_arn FROM left_alone"),
    warnings: rows(db, "SELECT code, path, pointer, message FROM diagnostics WHERE severity = 'warning'"),
  };
  db.close();
  return result;
}

const pages = (path: string, ...exportPages: readonly ExportPage[]): Evidence => file(path, { exportPages });
const without = (path: string, ...incompleteAccounts: readonly IncompleteAccount[]): Evidence =>
  file(path, { incompleteAccounts });

const LEFT = {
  group: "NONE",
  inPlace: "NONE",
  ofRoles: [{ action: "CREATE_POLICY" }, { action: "CREATE_POLICY" }], // a copy for each is nobody else's
  blockers: [{ principal_arn: null, reason: "incomplete-export: not everybody in its account is known", actions: 2 }],
  leftAlone: [{ rule: "incomplete-export", principal_arn: group("team").arn }],
};
const CHANGED = { group: "CREATE_POLICY", inPlace: "CREATE_POLICY", blockers: [], leftAlone: [], warnings: [] };

describe("groups and shared policies of an account", () => {
  test("lose what none of those uses that an export shows, where it shows everybody", () => {
    expect(outcome()).toMatchObject(CHANGED);
    expect(outcome(pages("page.json", { accountId: ACCOUNT, isLast: true }))).toMatchObject(CHANGED);
  });

  test("keep everything where a page says that another follows, and none says that it is the last", () => {
    const first = pages("page-1.json", { accountId: ACCOUNT, isLast: false });
    expect(outcome(first)).toMatchObject({
      ...LEFT,
      warnings: [
        {
          code: "incomplete-export",
          path: "page-1.json",
          pointer: ACCOUNT,
          message:
            "of account `123456789012` not everybody is known, since the last page of its export is missing; nothing goes from its groups and shared policies",
        },
      ],
    });
    expect(outcome(first, pages("page-2.json", { accountId: ACCOUNT, isLast: true }))).toMatchObject(CHANGED);
    expect(outcome(pages("page-2.json", { accountId: ACCOUNT, isLast: true }), first), "in any order").toMatchObject(
      CHANGED,
    );
  });

  test("do not take another account's last page for theirs, nor its missing one", () => {
    const first = pages("page-1.json", { accountId: ACCOUNT, isLast: false });
    expect(outcome(first, pages("other.json", { accountId: OTHER, isLast: true }))).toMatchObject(LEFT);
    expect(outcome(pages("other.json", { accountId: OTHER, isLast: false }))).toMatchObject({
      ...CHANGED,
      warnings: [{ code: "incomplete-export", pointer: OTHER }],
    });
  });

  test("keep everything for a user that was left out, unless another input has it", () => {
    const reason = "a user was left out of its export";
    const ben = { accountId: ACCOUNT, principalArn: user("ben").arn, reason };
    expect(outcome(without("users.json", ben))).toMatchObject({ ...LEFT, warnings: [{ path: "users.json" }] });
    const known = file("again.json", {
      principals: [user("ben", ["team"])],
      usage: [finding(user("ben"), "f9", SEPTEMBER, { sqs: null })],
    });
    expect(outcome(without("users.json", ben), known)).toMatchObject(CHANGED);
    expect(outcome(without("users.json", { ...ben, principalArn: null }), known), "not known who").toMatchObject(LEFT);
  });

  test("keep everything where nobody knows whose account a damaged input is of", () => {
    const lost = { accountId: null, principalArn: null, reason: "its export is no whole JSON" };
    const result = outcome(without("cut.json", lost));
    expect(result).toMatchObject(LEFT);
    expect(result.warnings).toMatchObject([
      { pointer: ACCOUNT, message: expect.stringContaining("and nobody knows which account it is of") as string },
    ]);
  });

  test("keep everything in spite of a list that is bound to the group", () => {
    const { db } = newDatabase(folder);
    const list = { ...finding(group("team"), "", null, { sqs: null }), source: "plain-list" as const };
    const missing = pages("page-1.json", { accountId: ACCOUNT, isLast: false });
    planned(db, [file("export.json", organization), file("list.json", { usage: [list] }), missing]);
    expect(rows(db, "SELECT left_because FROM principals WHERE kind = 'group'")).toEqual([
      { left_because: "incomplete-export" },
    ]);
    expect(rows(db, "SELECT account_id, reason, path FROM incomplete_accounts")).toEqual([
      { account_id: ACCOUNT, reason: "the last page of its export is missing", path: "page-1.json" },
    ]);
    db.close();
  });
});
