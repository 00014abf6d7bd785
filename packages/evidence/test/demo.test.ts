import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Evidence } from "@leastwise/core";
import { beforeAll, describe, expect, test } from "vitest";
import { readEvidence } from "../src/index.ts";
import { filesOf } from "./demo.ts";

/** Pinebrook Plants, test-data/orgs/demo: what its README says, read file by file. */
describe("the demo organization", () => {
  let all: readonly Evidence[] = [];
  beforeAll(() => {
    all = filesOf("").map((url) => readEvidence(url.pathname, readFileSync(url)));
  });

  function of(account: string): readonly Evidence[] {
    return all.filter(({ path }) => path.includes(account));
  }

  test("every file is recognised", () => {
    expect(all.length).toBe(38);
    expect(all.filter(({ kinds }) => kinds.length === 0)).toEqual([]);
  });

  test("25 roles, 9 users, 2 groups in six accounts, each once", () => {
    const principals = all.flatMap((evidence) => evidence.principals);
    const count = (kind: string): number => principals.filter((principal) => principal.kind === kind).length;
    expect([count("role"), count("user"), count("group")]).toEqual([25, 9, 2]);
    expect(new Set(principals.map(({ arn }) => arn)).size).toBe(36);
    expect(new Set(principals.map(({ accountId }) => accountId)).size).toBe(6);
  });

  test("27 inline policies, 20 managed ones in the exports, one that is attached and nowhere exported", () => {
    const policies = all.flatMap((evidence) => evidence.policies);
    expect(policies.filter(({ kind }) => kind === "inline").length).toBe(27);
    const managed = policies.filter(({ kind }) => kind !== "inline");
    const known = new Set(managed.filter(({ documentSha256 }) => documentSha256 !== null).map(({ key }) => key));
    const missing = new Set(managed.map(({ key }) => key).filter((key) => !known.has(key)));
    expect(known.size).toBe(20);
    expect([...missing]).toEqual(["arn:aws:iam::aws:policy/AWSCodeBuildDeveloperAccess"]);
  });

  test("50 attachments, each of a principal and a policy of its own file", () => {
    expect(all.flatMap(({ attachments }) => attachments).length).toBe(50);
    for (const { principals, policies, attachments } of all) {
      const arns = new Set(principals.map(({ arn }) => arn));
      const keys = new Set(policies.map(({ key }) => key));
      expect(
        attachments.filter(({ principalArn, policyKey }) => !arns.has(principalArn) || !keys.has(policyKey)),
      ).toEqual([]);
    }
  });

  test("32 usage reports: 31 UnusedPermission findings, one plain list; two of them no longer active", () => {
    const usage = all.flatMap((evidence) => evidence.usage);
    expect(usage.filter(({ source }) => source === "access-analyzer").length).toBe(31);
    expect(usage.filter(({ source }) => source === "plain-list").length).toBe(1);
    expect(usage.filter(({ active }) => !active).length).toBe(2);
    const principals = new Set(all.flatMap((evidence) => evidence.principals.map(({ arn }) => arn)));
    expect(usage.filter(({ principalArn }) => !principals.has(principalArn))).toEqual([]);
  });

  test("one role is unused altogether", () => {
    const unused = all.flatMap(({ unusedPrincipals }) => unusedPrincipals);
    expect(unused).toMatchObject([{ active: true }]);
    const roles = all.flatMap(({ principals }) => principals.filter(({ kind }) => kind === "role"));
    expect(roles.map(({ arn }) => arn)).toContain(unused[0]?.principalArn);
  });

  test("no error; two notes, on an archived and a resolved finding", () => {
    const diagnostics = all.flatMap((evidence) => evidence.diagnostics);
    expect(diagnostics.filter(({ severity }) => severity !== "info")).toEqual([]);
    expect(diagnostics.map(({ code, message }) => `${code}: ${message}`).sort()).toEqual([
      "finding-not-active: the finding is ARCHIVED, so it removes nothing",
      "finding-not-active: the finding is RESOLVED, so it removes nothing",
    ]);
  });

  test("every policy that has a document names one of its own file, by its SHA-256", () => {
    for (const { policies, documents } of all) {
      const hashes = new Set(documents.map(({ sha256 }) => sha256));
      const known = policies.flatMap(({ documentSha256 }) => documentSha256 ?? []);
      expect(new Set(known)).toEqual(hashes);
      for (const { sha256, text } of documents) {
        expect(createHash("sha256").update(text).digest("hex")).toBe(sha256);
        expect(JSON.stringify(JSON.parse(text))).toBe(text);
      }
    }
  });

  test("the baseline role has the same documents in all six accounts, encoded or not", () => {
    const baselines = all.flatMap(({ principals, attachments, policies }) =>
      principals
        .filter(({ name }) => name === "SecurityBaseline")
        .map(({ arn }) => {
          const mine = attachments.filter(({ principalArn }) => principalArn === arn);
          const keys = new Set(mine.map(({ policyKey }) => policyKey));
          return policies
            .filter(({ key, kind }) => keys.has(key) && kind === "inline")
            .map(({ documentSha256 }) => documentSha256);
        }),
    );
    expect(baselines.length).toBe(6);
    expect(baselines[0]?.length).toBeGreaterThan(0);
    expect(new Set(baselines.map((hashes) => hashes.join())).size).toBe(1);
  });

  test("a newer version that is not the default one does not count: ShopCatalogAccess is v3", () => {
    const policies = of("123456789012").flatMap((evidence) => evidence.policies);
    expect(policies.filter(({ name }) => name === "ShopCatalogAccess").map(({ versionId }) => versionId)).toEqual([
      "v3",
    ]);
  });

  test("two pages of one finding keep its id and date; an older and a newer finding have two dates", () => {
    const ids = of("444455556666").flatMap(({ usage }) =>
      usage.map(({ reportId, updatedAt }) => `${reportId} ${updatedAt}`),
    );
    expect(ids.length - new Set(ids).size).toBe(1);
    const checkout = of("123456789012")
      .flatMap(({ usage }) => usage)
      .filter(({ principalArn }) => principalArn.endsWith("/shop-checkout"));
    expect(new Set(checkout.map(({ updatedAt }) => updatedAt?.slice(0, 7)))).toEqual(new Set(["2026-08", "2026-09"]));
  });

  test("an empty action list is the whole service: sqs for sam.sandbox", () => {
    const sam = of("999988887777").flatMap(({ usage }) =>
      usage.filter(({ principalArn }) => principalArn.endsWith("sam.sandbox")),
    );
    expect(sam.flatMap(({ lines }) => lines).find(({ service }) => service === "sqs")).toMatchObject({
      service: "sqs",
      actions: null,
    });
  });
});
