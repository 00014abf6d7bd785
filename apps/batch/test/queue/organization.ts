import type { PolicyDocument } from "../leastwise.ts";
import { accountWith, write } from "../leastwise.ts";

const SERVICES = ["s3", "ec2", "iam", "sqs", "sns", "kms", "lambda", "dynamodb", "rds", "logs", "ecs", "ssm"];

/** Exports of an organization in which no policy is like another: so many accounts of 500 roles with one policy each. */
export function writeOrganization(folder: string, accounts: number): string {
  for (let account = 0; account < accounts; account++) {
    const id = String(111_111_111_111 + account);
    const roles = Array.from({ length: 500 }, (_, i) => `role-${account}-${i}`);
    write(
      folder,
      `details-${account}.json`,
      accountWith(id, Object.fromEntries(roles.map((role, i) => [role, { own: documentOf(i + 500 * account) }]))),
    );
    const told = roles.map((role, i) => ({
      arn: `arn:aws:iam::${id}:role/${role}`,
      unused: SERVICES.slice(i % 7).map((serviceNamespace) => ({
        serviceNamespace,
        actions: unusedOf(serviceNamespace, i),
      })),
    }));
    write(folder, `unused-${account}.json`, told);
  }
  return folder;
}

function documentOf(number: number): PolicyDocument {
  const services = SERVICES.slice(number % 5, 6 + (number % 7));
  return {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: services.map((service) => `${service}:*`), Resource: `arn:aws:s3:::bucket-${number}` },
      { Effect: "Allow", Action: ["cloudwatch:Get*", "*:Describe*"], Resource: "*" },
    ],
  };
}

/** Undefined for the whole service, which is left out of JSON. */
function unusedOf(service: string, number: number): readonly string[] | undefined {
  if (number % 3 === 0) return undefined;
  const names: Readonly<Record<string, readonly string[]>> = {
    s3: ["GetObjectTagging", "PutObjectTagging", "DeleteBucket", "GetBucketAcl"],
    ec2: ["RunInstances", "DescribeInstances", "CreateTags", "DeleteVpc"],
    iam: ["CreateUser", "DeleteRole", "PassRole", "ListUsers"],
  };
  return names[service] ?? undefined;
}
