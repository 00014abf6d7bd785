import { createWriteStream } from "node:fs";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { LOG_NORMAL } from "../organization/shape.ts";
import { writeOrganization } from "../organization/write-organization.ts";
import { randomFrom } from "../random.ts";

/** How large the organization is whose run is killed. */
export interface VictimSize {
  readonly accounts: number;
  /** Records of a CloudTrail log in one file, gzipped; from 5,000 it is read in parts. */
  readonly records: number;
  readonly seed: number;
}

const NAMES = ["GetObject", "ListBuckets", "PutObject", "DescribeInstances", "GetCallerIdentity", "Decrypt"];

/** Writes exports of many small files and a large one, so that a run can be killed in the middle of both. */
export async function writeVictim(folder: string, { accounts, records, seed }: VictimSize): Promise<void> {
  await writeOrganization(folder, { ...LOG_NORMAL, accounts, seed, findings: 0.7, lastAccessed: 0.5 });
  const arns = rolesOf(join(folder, "details"));
  const random = randomFrom(seed);
  const lines = function* (): Generator<string> {
    for (let i = 0; i < records; i++) {
      const arn = arns[Math.floor(random() * arns.length)]!; // there are roles
      const noise = Array.from({ length: 32 }, () => Math.floor(random() * 2 ** 32).toString(16)).join("");
      yield `${JSON.stringify(record(arn, NAMES[i % NAMES.length]!, i, noise))}\n`; // a remainder is inside
    }
  };
  await pipeline(Readable.from(lines()), createGzip({ level: 1 }), createWriteStream(join(folder, "events.jsonl.gz")));
}

function rolesOf(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const { RoleDetailList: roles } = JSON.parse(readFileSync(join(folder, name), "utf8")) as {
      readonly RoleDetailList: readonly { readonly Arn: string }[];
    }; // what writeOrganization writes
    return roles.map(({ Arn }) => Arn);
  });
}

/** @param noise what makes it hard to compress */
function record(arn: string, eventName: string, place: number, noise: string): object {
  const [, , , , accountId = "", role = ""] = arn.split(":");
  const name = role.slice(role.lastIndexOf("/") + 1);
  return {
    eventVersion: "1.09",
    userIdentity: {
      type: "AssumedRole",
      arn: `arn:aws:sts::${accountId}:assumed-role/${name}/session`,
      accountId,
      sessionContext: { sessionIssuer: { type: "Role", arn, accountId, userName: name } },
    },
    eventTime: new Date(Date.UTC(2026, 10, 1) + place * 1000).toISOString(),
    eventSource: eventName.startsWith("Describe") ? "ec2.amazonaws.com" : "s3.amazonaws.com",
    eventName,
    awsRegion: "eu-west-1",
    sourceIPAddress: "192.0.2.1",
    userAgent: "made up",
    requestParameters: { bucketName: `bucket-${place % 97}`, key: noise },
    responseElements: null,
    eventID: `event-${place}`,
    readOnly: true,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: accountId,
  };
}
