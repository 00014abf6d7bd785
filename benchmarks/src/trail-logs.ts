import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Random, pick, randomFrom } from "./random.ts";

/** How many bytes of gzip, in all files together. */
export interface LogSize {
  readonly bytes: number;
  readonly seed: number;
}

export interface WrittenLogs {
  readonly files: number;
  readonly records: number;
  readonly compressed: number;
  readonly decompressed: number;
}

const ACCOUNTS = 10;
const ROLES = 200;
const REGIONS = ["eu-central-1", "us-east-1", "ap-southeast-2"];
const HEX = "0123456789abcdef";

/** What calls are made of, by how often they are seen: names, whether AWS logs them as data events, and their parameters. */
const CALLS: readonly {
  readonly source: string;
  readonly name: string;
  readonly parameters: (random: Random) => object;
}[] = [
  { source: "s3", name: "GetObject", parameters: object },
  { source: "s3", name: "PutObject", parameters: object },
  {
    source: "s3",
    name: "ListObjects",
    parameters: (random) => ({ ...object(random), "list-type": "2", delimiter: "/" }),
  },
  { source: "s3", name: "HeadObject", parameters: object },
  { source: "sts", name: "AssumeRole", parameters: assumed },
  { source: "kms", name: "Decrypt", parameters: encrypted },
  { source: "kms", name: "GenerateDataKey", parameters: encrypted },
  {
    source: "dynamodb",
    name: "GetItem",
    parameters: (random) => ({ tableName: `orders-${hex(random, 4)}`, key: ["id"] }),
  },
  { source: "lambda", name: "Invoke", parameters: (random) => ({ functionName: `handler-${hex(random, 3)}` }) },
  {
    source: "lambda",
    name: "GetFunction20150331v2",
    parameters: (random) => ({ functionName: `handler-${hex(random, 3)}` }),
  },
  { source: "ec2", name: "DescribeInstances", parameters: instances },
  { source: "ec2", name: "DescribeNetworkInterfaces", parameters: instances },
  { source: "monitoring", name: "DescribeAlarms", parameters: () => ({ maxRecords: 100 }) },
  {
    source: "logs",
    name: "CreateLogStream",
    parameters: (random) => ({ logGroupName: "/aws/lambda/x", logStreamName: hex(random, 32) }),
  },
  { source: "sqs", name: "SendMessageBatch", parameters: (random) => ({ queueUrl: `https://sqs/${hex(random, 6)}` }) },
  {
    source: "secretsmanager",
    name: "GetSecretValue",
    parameters: (random) => ({ secretId: `prod/${hex(random, 5)}` }),
  },
  {
    source: "ecr",
    name: "BatchGetImage",
    parameters: (random) => ({ repositoryName: "app", imageIds: [{ imageDigest: `sha256:${hex(random, 64)}` }] }),
  },
];

/**
 * Writes made-up CloudTrail logs in the layout that a trail has in S3: 1,000 to 5,000 records a gzip file, each some 1.5 KB of JSON,
 * one in thirty denied, one in ten by an AWS service. The same size and seed give the same records.
 */
export function writeLogs(folder: string, { bytes, seed }: LogSize): WrittenLogs {
  const random = randomFrom(seed);
  let files = 0;
  let records = 0;
  let compressed = 0;
  let decompressed = 0;
  while (compressed < bytes) {
    const account = String(100_000_000_000 + Math.floor(random() * ACCOUNTS));
    const region = pick(random, REGIONS);
    const minutes = 5 * files;
    const count = 1000 + Math.floor(random() * 4000);
    const text = JSON.stringify({
      Records: Array.from({ length: count }, () => record(random, account, region, minutes)),
    });
    const file = gzipSync(text);
    const stamp = new Date(Date.UTC(2026, 8, 1) + minutes * 60_000).toISOString();
    const day = join(folder, "AWSLogs", account, "CloudTrail", region, stamp.slice(0, 10).replaceAll("-", "/"));
    mkdirSync(day, { recursive: true });
    const name = `${account}_CloudTrail_${region}_${stamp.replaceAll(/[-:]|\.\d+/g, "").slice(0, 13)}Z_${hex(random, 16)}.json.gz`;
    writeFileSync(join(day, name), file);
    files++;
    records += count;
    compressed += file.length;
    decompressed += Buffer.byteLength(text);
  }
  return { files, records, compressed, decompressed };
}

/** Writes authorization details of the accounts of `writeLogs`, with the roles that make the calls there. One policy a role. */
export function writePrincipals(folder: string): void {
  for (let n = 0; n < ACCOUNTS; n++) {
    const account = String(100_000_000_000 + n);
    const RoleDetailList = Array.from({ length: ROLES }, (_, index) => ({
      RoleName: `role-${index}`,
      RoleId: `AROAEXAMPLE${account.slice(-3)}${String(index).padStart(6, "0")}`,
      Arn: `arn:aws:iam::${account}:role/app/role-${index}`,
      Path: "/app/",
      CreateDate: "2025-01-01T00:00:00+00:00",
      AssumeRolePolicyDocument: {},
      RolePolicyList: [
        {
          PolicyName: "app",
          PolicyDocument: {
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Action: ["s3:*", "sqs:*", "kms:*", "ec2:*", "lambda:*"], Resource: "*" }],
          },
        },
      ],
      AttachedManagedPolicies: [],
    }));
    const details = { UserDetailList: [], GroupDetailList: [], RoleDetailList, Policies: [] };
    writeFileSync(join(folder, `account-${account}.json`), JSON.stringify(details));
  }
}

function record(random: Random, account: string, region: string, minutes: number): object {
  const { source, name, parameters } = pick(random, CALLS);
  const time = new Date(Date.UTC(2026, 8, 1) + (minutes * 60 + Math.floor(random() * 300)) * 1000).toISOString();
  const isService = random() < 0.1;
  return {
    eventVersion: "1.11",
    userIdentity: isService
      ? { type: "AWSService", invokedBy: "autoscaling.amazonaws.com" }
      : role(random, account, time),
    eventTime: `${time.slice(0, 19)}Z`,
    eventSource: `${source}.amazonaws.com`,
    eventName: name,
    awsRegion: region,
    sourceIPAddress: `10.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}`,
    userAgent:
      "aws-sdk-java/2.29.1 Linux/5.10.226 OpenJDK_64-Bit_Server_VM/21.0.5 Java/21.0.5 io/sync http/Apache cfg/retry-mode/legacy",
    ...(random() < 1 / 30
      ? { errorCode: "AccessDenied", errorMessage: "User is not authorized to perform this action" }
      : {}),
    requestParameters: parameters(random),
    responseElements: null,
    additionalEventData: {
      SignatureVersion: "SigV4",
      CipherSuite: "TLS_AES_128_GCM_SHA256",
      bytesTransferredIn: 0,
      bytesTransferredOut: Math.floor(random() * 1e6),
      "x-amz-id-2": hex(random, 56),
    },
    requestID: hex(random, 16).toUpperCase(),
    eventID: uuid(random),
    readOnly: true,
    resources: [{ accountId: account, type: "AWS::S3::Bucket", ARN: `arn:aws:s3:::orders-${hex(random, 4)}` }],
    eventType: "AwsApiCall",
    managementEvent: false,
    recipientAccountId: account,
    eventCategory: "Data",
    tlsDetails: {
      tlsVersion: "TLSv1.3",
      cipherSuite: "TLS_AES_128_GCM_SHA256",
      clientProvidedHostHeader: `${source}.${region}.amazonaws.com`,
    },
  };
}

function role(random: Random, account: string, time: string): object {
  const n = Math.floor(ROLES * random() ** 2);
  const id = `AROAEXAMPLE${account.slice(-3)}${String(n).padStart(6, "0")}`;
  const name = `role-${n}`;
  const session = `i-${hex(random, 17)}`;
  return {
    type: "AssumedRole",
    principalId: `${id}:${session}`,
    arn: `arn:aws:sts::${account}:assumed-role/${name}/${session}`,
    accountId: account,
    accessKeyId: `ASIA${hex(random, 16).toUpperCase()}`,
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId: id,
        arn: `arn:aws:iam::${account}:role/app/${name}`,
        accountId: account,
        userName: name,
      },
      attributes: { creationDate: time, mfaAuthenticated: "false" },
      ec2RoleDelivery: "2.0",
    },
  };
}

function object(random: Random): object {
  const bucketName = `orders-${hex(random, 4)}`;
  return {
    bucketName,
    Host: `${bucketName}.s3.amazonaws.com`,
    key: `2026/09/${hex(random, 2)}/${hex(random, 24)}.parquet`,
  };
}

function assumed(random: Random): object {
  return {
    roleArn: `arn:aws:iam::111122223333:role/app/role-${hex(random, 2)}`,
    roleSessionName: hex(random, 12),
    durationSeconds: 3600,
  };
}

function encrypted(random: Random): object {
  const key = `arn:aws:kms:eu-central-1:111122223333:key/${uuid(random)}`;
  return {
    encryptionContext: { "aws:s3:arn": `arn:aws:s3:::orders-${hex(random, 4)}` },
    keyId: key,
    encryptionAlgorithm: "SYMMETRIC_DEFAULT",
  };
}

function instances(random: Random): object {
  return {
    instancesSet: { items: [{ instanceId: `i-${hex(random, 17)}` }, { instanceId: `i-${hex(random, 17)}` }] },
    filterSet: {},
  };
}

function uuid(random: Random): string {
  const text = hex(random, 32);
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
}

function hex(random: Random, length: number): string {
  let text = "";
  for (let n = 0; n < length; n++) text += HEX[Math.floor(random() * 16)];
  return text;
}
