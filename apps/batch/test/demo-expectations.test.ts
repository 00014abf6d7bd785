import { describe, expect, test } from "vitest";
import { DEMO, type PolicyDocument, asked, leastwise, recommendations, refined, temporaryFolder } from "./leastwise.ts";

const folder = temporaryFolder();
const db = refined(folder, "org.db", DEMO);
const all = recommendations(db);

interface Statement {
  readonly Effect: string;
  readonly Sid?: string;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
}

/** What is recommended for a policy of a principal, given by the end of its ARN; the principal's documents come from `of`. */
function of(
  principal: string,
  policy: string,
): { readonly action: string; readonly before: readonly Statement[]; readonly after: readonly Statement[] } {
  const found = all.filter(({ principalArn, policyName }) => principalArn.endsWith(principal) && policyName === policy);
  if (found.length !== 1) throw new Error(`${found.length} recommendations for ${policy} of ${principal}`);
  const { recommendedAction, existingPolicy, recommendedPolicy } = found[0]!; // there is just one
  const statements = (document: PolicyDocument | null): readonly Statement[] =>
    [document?.Statement ?? []].flat() as unknown as readonly Statement[]; // a single statement stands alone; the shape is AWS's
  return { action: recommendedAction, before: statements(existingPolicy), after: statements(recommendedPolicy) };
}

/** The entries of each statement of the recommended document. */
function entries(principal: string, policy: string): readonly unknown[] {
  return of(principal, policy).after.map(({ Action, NotAction }) => Action ?? NotAction);
}

function evidenceOf(principal: string): unknown {
  return asked(db, "--sql", `SELECT evidence FROM principals WHERE arn LIKE '%${principal}'`)[0]?.["evidence"];
}

function denies(statements: readonly Statement[]): readonly Statement[] {
  return statements.filter(({ Effect }) => Effect === "Deny");
}

describe("roles", () => {
  test("the article's role keeps lambda:Invoke* and the shortest safe prefixes of s3:Get*", () => {
    const s3 = [
      "s3:GetAccess*",
      "s3:GetAccountPublicAccessBlock",
      "s3:GetBucketAbac",
      "s3:GetBucketMetadataTableConfiguration",
    ];
    const more = [
      "s3:GetDataAccess",
      "s3:GetJobTagging",
      "s3:GetMulti*",
      "s3:GetObject*",
      "s3:GetStorage*",
      "s3:List*",
    ];
    expect(entries("123456789012:role/MyRole", "MyRolePolicy")).toEqual([["lambda:Invoke*"], [...s3, ...more]]);
  });

  test("the newer of two findings decides: batch writes, named in August only, stay", () => {
    const [dynamodb] = entries("shop-checkout", "AmazonDynamoDBFullAccess") as string[][];
    expect(dynamodb).toContain("dynamodb:Batch*");
    expect(dynamodb).toContain("dynamodb:Query");
    expect(dynamodb).not.toContain("dynamodb:*");
  });

  test("an archived finding removes nothing, and the role counts as one of which nothing is known", () => {
    expect(of("shop-emergency-restore", "restore-orders").action).toBe("NONE");
    expect(evidenceOf("shop-emergency-restore")).toBe("none");
  });

  test("a resolved finding of another id, though newer, does not hide the active one", () => {
    expect(entries("image-builder", "push-images")).toEqual([
      [
        "ecr:BatchDeleteImage",
        "ecr:CompleteLayerUpload",
        "ecr:InitiateLayerUpload",
        "ecr:PutImage",
        "ecr:UploadLayerPart",
      ],
    ]);
  });

  test("a finding in two pages counts whole", () => {
    const [glue, athena, s3, kms] = entries("nightly-etl", "DataLakeReadWrite") as string[][];
    expect(glue).toEqual([
      "glue:BatchCreatePartition",
      "glue:BatchGetPartition",
      "glue:CreatePartition",
      "glue:GetDatabase*",
      "glue:GetPartition",
      "glue:GetPartitions",
      "glue:GetTable",
      "glue:GetTables",
      "glue:GetTableVersion",
      "glue:GetTableVersions",
      "glue:StartJobRun",
      "glue:UpdatePartition",
    ]);
    expect(athena).toContain("athena:StartQueryExecution");
    expect(s3).toEqual([
      "s3:AbortMultipartUpload",
      "s3:GetObject",
      "s3:ListBucket",
      "s3:ListBucketMultipartUploads",
      "s3:PutObject",
      "s3:PutObjectAnnotation",
      "s3:PutObjectTagging",
      "s3:PutObjectVersionAnnotation",
    ]);
    expect(kms).toEqual(["kms:Decrypt", "kms:GenerateDataKey"]);
  });

  test("iam:PassRole stays though the whole service iam is reported: such reports cannot see it", () => {
    const [, iam] = entries("DeployPipeline", "deploy-stacks");
    expect([iam].flat()).toEqual(["iam:PassRole"]);
  });

  test("a NotAction gains the unused that it granted, and loses nothing it had", () => {
    const { action, before, after } = of("data-scientist", "nearly-everything");
    const had = [before.find(({ NotAction }) => NotAction !== undefined)?.NotAction ?? []].flat();
    const has = [after.find(({ NotAction }) => NotAction !== undefined)?.NotAction ?? []].flat();
    expect(action).toBe("CREATE_POLICY");
    expect(has.slice(0, had.length)).toEqual(had);
    expect(has.slice(had.length)).toEqual([
      "athena:CancelCapacityReservation",
      "athena:CreateCapacityReservation",
      "athena:DeleteCapacityReservation",
      "athena:UpdateCapacityReservation",
      "ec2:*",
      "eks:*",
      "glue:Delete*",
      "rds:*",
      "redshift:*",
      "s3:DeleteBucket",
      "s3:DeleteBucketPolicy",
      "s3:PutBucketAcl",
      "s3:PutBucketPolicy",
    ]);
  });

  test("a Deny beside Allows stays as it is", () => {
    const { before, after } = of("shop-worker", "orders-queue");
    expect(denies(before)).toHaveLength(1);
    expect(denies(after)).toEqual(denies(before));
    expect(after).toHaveLength(3);
  });

  test("a policy of which only the Deny is left is replaced, not detached", () => {
    const { action, before, after } = of("OrgAccountFactory", "account-factory");
    expect(action).toBe("CREATE_POLICY");
    expect(after).toEqual(before.filter(({ Effect }) => Effect === "Deny"));
    expect(after).not.toEqual([]);
  });

  test("odd case is understood and, where it stays, kept", () => {
    const [left] = entries("staging-web", "copied-from-wiki");
    const kept = ["S3:getobject", "s3:GetObjectFoo", "EC2:Describe*"];
    const ofSns = ["sns:ListSubscriptions*", "sns:ListTagsForResource", "sns:ListTopics", "SNS:publish", "sns:PUBLISH"];
    expect(left).toEqual([...kept, ...ofSns]);
  });

  test("an action that the catalog lacks stays, with a warning", () => {
    const warnings = asked(db, "--sql", "SELECT code, path, message FROM diagnostics WHERE severity = 'warning'");
    const path = "arn:aws:iam::210987654321:role/staging/staging-web";
    expect(warnings).toEqual([
      { code: "unknown-action", path, message: "the catalog has no action `s3:GetObjectFoo`" },
    ]);
  });

  test("a role of which nothing is known keeps everything", () => {
    expect(of("BreakGlassAdmin", "AdministratorAccess")).toMatchObject({ action: "NONE" });
    expect(evidenceOf("BreakGlassAdmin")).toBe("none");
  });

  test("a service-linked role is skipped", () => {
    expect(all.filter(({ principalArn }) => principalArn.includes("/aws-service-role/"))).toEqual([]);
    const { out } = leastwise("show", serviceLinked(), "--db", db);
    expect(out).toContain("service-linked: AWS manages its policies, so it is skipped");
  });

  test("an Identity Center role is answered and marked: the change belongs in the permission set", () => {
    expect(entries("AWSReservedSSO_PlatformAdmin_8f3c1d2e4b5a6978", "AwsSSOInlinePolicy")).toEqual([
      ["ssm:DescribeSessions", "ssm:StartSession", "ssm:TerminateSession"],
    ]);
    const marked = asked(db, "--sql", "SELECT name FROM principals WHERE marked = 'identity-center'");
    expect(marked).toEqual([{ name: "AWSReservedSSO_PlatformAdmin_8f3c1d2e4b5a6978" }]);
  });

  test("a baseline in six accounts has one answer where the findings are alike, and none where there is no finding", () => {
    const baseline = all.filter(
      ({ principalArn, policyName }) => principalArn.endsWith("/SecurityBaseline") && policyName === "BaselineRead",
    );
    const results = new Map(
      baseline.map(({ accountId, recommendedAction, recommendedPolicy }) => [
        accountId,
        [recommendedAction, JSON.stringify(recommendedPolicy)],
      ]),
    );
    const alike = ["111122223333", "123456789012", "210987654321", "444455556666"].map((account) =>
      results.get(account),
    );
    expect(new Set(alike.map((result) => String(result))).size).toBe(1);
    expect(results.get("555566667777")).not.toEqual(alike[0]);
    expect(results.get("999988887777")?.[0]).toBe("NONE");
  });
});

describe("shared managed policies", () => {
  test("each principal of ShopCatalogAccess gets the part that it uses", () => {
    const web = entries("shop-web", "ShopCatalogAccess");
    const worker = entries("shop-worker", "ShopCatalogAccess");
    const sync = entries("catalog-sync", "ShopCatalogAccess");
    expect(web).toEqual([
      ["dynamodb:BatchGetItem", "dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:Query"],
      ["s3:GetObject*"],
    ]);
    expect(worker.map((entry) => [entry].flat())).toEqual([
      [
        "dynamodb:BatchGetItem",
        "dynamodb:DescribeTable",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
      ],
      ["s3:GetObject*", "s3:PutObject"],
      ["sns:Publish"],
    ]);
    expect(sync[0]).toEqual([
      "dynamodb:DeleteItem",
      "dynamodb:DescribeTable",
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:UpdateItem",
    ]);
    expect(sync[1]).toEqual(of("catalog-sync", "ShopCatalogAccess").before[1]?.Action);
  });

  test("the default version counts, not the newest", () => {
    const versions = asked(db, "--sql", "SELECT version_id FROM policies WHERE name = 'ShopCatalogAccess'");
    expect(versions).toEqual([{ version_id: "v3" }]);
  });
});

describe("users and groups", () => {
  test("a policy of which nothing is used is to be detached", () => {
    const detached = all.filter(({ recommendedAction }) => recommendedAction === "DETACH_POLICY");
    expect(
      detached.map(({ principalArn, policyName, recommendedPolicy }) => [
        principalArn.split("/").at(-1),
        policyName,
        recommendedPolicy,
      ]),
    ).toEqual([
      ["release.bot", "publish-packages", null],
      ["sam.sandbox", "AmazonSQSReadOnlyAccess", null],
    ]);
  });

  test("a policy of which everything is used stays", () => {
    expect(of("release.bot", "tag-releases").action).toBe("NONE");
    expect(evidenceOf("release.bot")).toBe("reported");
  });

  test("a group loses what neither of its members uses", () => {
    expect(evidenceOf("qa-engineers")).toBe("members");
    expect(entries("qa-engineers", "run-suites")).toEqual([
      ["codebuild:BatchGetBuilds", "codebuild:ListBuilds", "codebuild:StartBuild", "codebuild:StopBuild"],
    ]);
  });

  test("a group keeps everything while one member's use is unknown", () => {
    expect(of("group/people/support", "order-lookup").action).toBe("NONE");
    expect(evidenceOf("group/people/support")).toBe("none");
  });

  test("a plain list narrows the wildcards of a policy of 2008, whose single statement stays single", () => {
    const policy = all.find(({ policyName }) => policyName === "monthly-export")?.recommendedPolicy;
    expect(policy?.Version).toBe("2008-10-17");
    expect(policy?.Statement).not.toBeInstanceOf(Array);
    expect(entries("finance.export", "monthly-export")).toEqual([
      [
        "s3:GetObject",
        "s3:GetObjectAnnotation",
        "s3:GetObjectAttributes",
        "s3:GetObjectTagging",
        "s3:GetObjectVersion*",
        "s3:PutObject",
      ],
    ]);
  });

  test("a policy without a Version gets none", () => {
    const policy = all.find(({ policyName }) => policyName === "keep-backups")?.recommendedPolicy;
    expect(policy).not.toHaveProperty("Version");
    expect(policy?.Statement).toHaveLength(2);
  });
});

function serviceLinked(): string {
  return String(asked(db, "--sql", "SELECT arn FROM principals WHERE marked = 'service-linked'")[0]?.["arn"]);
}
