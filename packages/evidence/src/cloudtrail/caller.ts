import { parsePrincipalArn } from "../arn.ts";
import { isObject } from "../fields.ts";

/**
 * Whose permissions a call used: a role's or user's ARN, `ACCOUNT:role/Name` where the path is not told, or `type:AWSService` and
 * such for callers that IAM has no principal for.
 *
 * Source: CloudTrail User Guide, "CloudTrail userIdentity element": the issuer of a session is the role or user whose permissions
 * it has; the STS ARN of an assumed role lacks the role's path.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export function callerOf(identity: unknown): string {
  if (!isObject(identity)) return "type:Unknown";
  const type = identity["type"];
  switch (type) {
    case "AssumedRole":
      return principal(issuerOf(identity), "role") ?? roleOfSession(identity["arn"]) ?? "type:AssumedRole";
    case "IAMUser":
      return principal(identity["arn"], "user") ?? userByName(identity) ?? "type:IAMUser";
    case "Role":
      return principal(identity["arn"], "role") ?? "type:Role";
    case "FederatedUser": // of the root user where the issuer is no IAM user
      return principal(issuerOf(identity), "user") ?? "type:FederatedUser";
    default:
      return typeOf(type);
  }
}

/** `type:Name` for the name of a type, `type:Unknown` (AWS's own word) for what cannot be one. */
export function typeOf(type: unknown): string {
  return typeof type === "string" && /^[A-Za-z]{1,64}$/.test(type) ? `type:${type}` : "type:Unknown";
}

function issuerOf(identity: Record<string, unknown>): unknown {
  const session = identity["sessionContext"];
  const issuer = isObject(session) ? session["sessionIssuer"] : undefined;
  return isObject(issuer) ? issuer["arn"] : undefined;
}

/** An IAM path has at most 512 characters, a name 64; source: IAM User Guide, "IAM and AWS STS quotas". */
const LONGEST_ARN = 700;

function principal(arn: unknown, kind: "role" | "user"): string | undefined {
  if (typeof arn !== "string" || arn.length > LONGEST_ARN) return undefined;
  return parsePrincipalArn(arn)?.kind === kind ? arn : undefined;
}

/** Older records name a user without its ARN. */
function userByName({ accountId, userName }: Record<string, unknown>): string | undefined {
  if (typeof accountId !== "string" || !/^\d{12}$/.test(accountId)) return undefined;
  return typeof userName === "string" && /^[\w+=,.@-]{1,64}$/.test(userName)
    ? `${accountId}:user/${userName}`
    : undefined;
}

const SESSION = /^arn:[\w-]+:sts::(\d{12}):assumed-role\/([\w+=,.@-]{1,64})\//;

function roleOfSession(arn: unknown): string | undefined {
  const [, account, name] = typeof arn === "string" ? (SESSION.exec(arn) ?? []) : [];
  return account === undefined || name === undefined ? undefined : `${account}:role/${name}`;
}
