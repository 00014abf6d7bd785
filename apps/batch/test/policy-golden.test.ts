import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { GOLDEN, type PolicyDocument, leastwise, temporaryFolder, write } from "./leastwise.ts";

interface Golden {
  readonly policy: PolicyDocument;
  readonly unused: unknown;
  readonly recommended: { readonly Version: string; readonly Statement: readonly { readonly Action: string[] }[] };
}

const golden = JSON.parse(readFileSync(join(GOLDEN, "amazon-science-2024.json"), "utf8")) as Golden; // test data of ours
const folder = temporaryFolder();
const policy = write(folder, "MyRolePolicy.json", golden.policy);
const unused = write(folder, "unused.json", golden.unused);

/** What AWS's catalog held in November 2024, as a plain catalog file. */
const ACTIONS_2024 = new URL("../../../node_modules/iam-data-2024/data/actions/", import.meta.url);
const catalog2024 = write(
  folder,
  "aws-2024.json",
  Object.fromEntries(
    readdirSync(ACTIONS_2024).map((file) => {
      const actions = JSON.parse(readFileSync(new URL(file, ACTIONS_2024), "utf8")) as Record<string, { name: string }>; // the package's format
      return [file.replace(/\.json$/, ""), Object.values(actions).map(({ name }) => name)];
    }),
  ),
);

describe("the worked example of the Amazon Science article of June 2024, with the actions of that year", () => {
  test("gives the recommended document, string for string", () => {
    const { code, out } = leastwise(
      "policy",
      policy,
      "--unused",
      unused,
      "--catalog",
      catalog2024,
      "--format",
      "policy",
    );
    expect(code).toBe(0);
    expect(out).toBe(`${JSON.stringify(golden.recommended, null, 2)}\n`);
  });

  test("gives it in the JSON result too", () => {
    const { out } = leastwise("policy", policy, "--unused", unused, "--catalog", catalog2024, "--format", "json");
    const result = JSON.parse(out) as { recommendedAction: string; recommendedPolicy: unknown; verified: boolean };
    expect(result).toMatchObject({ recommendedAction: "CREATE_POLICY", verified: true });
    expect(JSON.stringify(result.recommendedPolicy)).toBe(JSON.stringify(golden.recommended));
  });
});

test("with today's actions two new ones of s3 stay as well, since nobody reported them unused", () => {
  const { out } = leastwise("policy", policy, "--unused", unused, "--format", "policy");
  const { Statement } = JSON.parse(out) as Golden["recommended"];
  const of2024 = golden.recommended.Statement[1]?.Action ?? [];
  const newer = ["s3:GetBucketAbac", "s3:GetBucketMetadataTableConfiguration"];
  expect(Statement[0]?.Action).toEqual(["lambda:Invoke*"]);
  expect([...(Statement[1]?.Action ?? [])].sort()).toEqual([...of2024, ...newer].sort());
});
