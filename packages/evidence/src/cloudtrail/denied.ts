/** A spelling of "access denied", and where AWS says that it means that. */
export interface DeniedCode {
  /** A `*` at the start stands for any text. */
  readonly code: string;
  readonly source: string;
}

const SECURITY_HUB = "https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html";

/**
 * The error codes that tell that the caller had not the permission. Whatever is not here counts as use, because the call got past
 * the check of permissions, or because AWS does not say that it did not: to keep a permission too long does less harm than to take
 * it too soon.
 *
 * Left out on purpose:
 * - `AuthFailure` (EC2): also what one gets for somebody else's resource, with the permission in place.
 * - `NotAuthorizedException` (Cognito): the user of an app failed to sign in, not the caller of the API.
 * - `ForbiddenException`, `UnauthorizedAccess`: their meaning differs between services, or is not documented.
 * - `KMSAccessDeniedException`, `EC2AccessDeniedException` (Lambda), `AccessDeniedForDependencyException` (Organizations), `InsufficientPrivilegesException` (Elastic Beanstalk): the call
 *   itself was allowed; something that the service then did for the caller was not.
 * - `OperationNotPermitted` (EC2): the state of the resource forbids it, such as protection from termination.
 * - `OptInRequired`, `ExpiredToken`, `SignatureDoesNotMatch` and such: subscriptions and credentials, not permissions.
 */
export const DENIED_CODES: readonly DeniedCode[] = [
  { code: "AccessDenied", source: SECURITY_HUB }, // S3, IAM, STS, with or without `Client.`
  { code: "Client.AccessDenied", source: SECURITY_HUB },
  { code: "AccessDeniedException", source: SECURITY_HUB }, // most others
  { code: "*UnauthorizedOperation", source: SECURITY_HUB }, // EC2, with or without `Client.`
  { code: "UnauthorizedException", source: "https://docs.aws.amazon.com/iot/latest/apireference/API_CreateThing.html" },
  { code: "AuthorizationError", source: "https://docs.aws.amazon.com/sns/latest/api/API_Publish.html" },
  { code: "AuthorizationErrorException", source: "https://docs.aws.amazon.com/sns/latest/api/API_Publish.html" },
  { code: "NotAuthorized", source: "https://docs.aws.amazon.com/emr/latest/APIReference/CommonErrors.html" },
  {
    code: "VpceAccessDenied",
    source: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-network-events-with-cloudtrail.html",
  },
];

const EXACT: ReadonlySet<string> = new Set(DENIED_CODES.map(({ code }) => code));
const ENDS = DENIED_CODES.filter(({ code }) => code.startsWith("*")).map(({ code }) => code.slice(1));

/** Whether AWS refused a call for want of permission. */
export function isDenied(errorCode: string): boolean {
  return EXACT.has(errorCode) || ENDS.some((end) => errorCode.endsWith(end));
}
