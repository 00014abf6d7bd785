import { ACCOUNT, ROLE_ARN } from "./samples.ts";

/** Records as the CloudTrail User Guide shows them, to be varied by each test. */

export const assumedRole = (arn: string, fields: object = {}): Record<string, unknown> => ({
  type: "AssumedRole",
  principalId: "AROAEXAMPLEORDERS0001:i-0123456789abcdef0",
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/orders/i-0123456789abcdef0`,
  accountId: ACCOUNT,
  accessKeyId: "ASIAEXAMPLE",
  sessionContext: {
    sessionIssuer: { type: "Role", principalId: "AROAEXAMPLEORDERS0001", arn, accountId: ACCOUNT, userName: "orders" },
    attributes: { mfaAuthenticated: "false", creationDate: "2026-09-24T08:30:00Z" },
  },
  ...fields,
});

export function record(fields: object = {}): Record<string, unknown> {
  return {
    eventVersion: "1.11",
    userIdentity: assumedRole(ROLE_ARN),
    eventTime: "2026-09-24T09:00:00Z",
    eventSource: "s3.amazonaws.com",
    eventName: "ListObjects",
    awsRegion: "eu-central-1",
    sourceIPAddress: "10.0.0.1",
    userAgent: "aws-cli/2.27.0",
    requestParameters: { bucketName: "orders", Host: "orders.s3.eu-central-1.amazonaws.com" },
    responseElements: null,
    requestID: "GJ1B2C3D4E5F6G7H",
    eventID: "0b5f4a0e-6b8f-4a41-9a8f-0c1f7b6a5d4e",
    readOnly: true,
    eventType: "AwsApiCall",
    managementEvent: false,
    recipientAccountId: ACCOUNT,
    eventCategory: "Data",
    ...fields,
  };
}

/** The same without one of its fields. */
export function recordWithout(field: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record()).filter(([name]) => name !== field));
}
