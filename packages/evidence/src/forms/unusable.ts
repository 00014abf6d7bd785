import { isObject } from "../fields.ts";

/** What is known and cannot be used. */
export interface Unusable {
  /** With an article: it stands behind "this is". */
  readonly what: string;
  /** What to run or to give instead. */
  readonly hint: string;
}

type Fields = Record<string, unknown>;

interface Row {
  readonly is: (value: Fields) => boolean;
  readonly what: string;
  readonly hint: string | ((value: Fields) => string);
}

const GET_FINDING = findingCommand(undefined, undefined);
const GET_ACCOUNT = "run `aws iam get-account-authorization-details`, which has all principals and policies at once";
const GENERATE =
  "run `aws iam generate-service-last-accessed-details --arn ARN --granularity ACTION_LEVEL` for each role or user";

/** Replies of IAM's calls that list or get a single thing, by the key that holds it. */
const PIECES: Readonly<Record<string, string>> = {
  Roles: "list-roles",
  Users: "list-users",
  Groups: "list-groups",
  Policies: "list-policies",
  Role: "get-role",
  User: "get-user",
  Group: "get-group",
  Policy: "get-policy",
  PolicyVersion: "get-policy-version",
  PolicyDocument: "get-role-policy",
  AttachedPolicies: "list-attached-role-policies",
  PolicyNames: "list-role-policies",
};

/** The first row that fits counts. Sources: botocore models; the user guides of EventBridge, Security Hub, CloudTrail and OCSF 1.6. */
const ROWS: readonly Row[] = [
  {
    is: (value) =>
      Array.isArray(value["findings"]) || (typeof value["findingType"] === "string" && !("findingDetails" in value)),
    what: "a list of findings (list-findings-v2), which names no actions",
    hint: `${GET_FINDING} for each finding`,
  },
  {
    is: (value) => "Statement" in value,
    what: "a policy document alone, which belongs to no principal",
    hint: "use `leastwise policy POLICY.json --unused UNUSED.json`",
  },
  {
    is: (value) => isEvent(value, "aws.access-analyzer"),
    what: "an EventBridge event, which names no actions",
    hint: (value) => findingCommand(at(value, "resources", "0"), at(value, "detail", "findingId")),
  },
  {
    is: (value) => isAsff(value) || isListOf(value["Findings"], isAsff) || hasFindings(value, isAsff),
    what: "a finding of Security Hub CSPM (ASFF), which counts actions and does not name them",
    hint: (value) => findingCommand(undefined, at(value, "ProductFields", "findingId")),
  },
  {
    is: (value) => isOcsf(value) || isListOf(value["Findings"], isOcsf) || hasFindings(value, isOcsf),
    what: "a finding of Security Hub (OCSF), which names no actions",
    hint: `${GET_FINDING} for evidence; \`aws securityhub get-recommended-policy-v2 --metadata-uid UID\` gives AWS's recommendation`,
  },
  {
    is: (value) => isEvent(value, "aws.securityhub"),
    what: "an EventBridge event of Security Hub, which names no actions",
    hint: GET_FINDING,
  },
  {
    is: (value) => "ReportFormat" in value && "Content" in value,
    what: "an IAM credential report, which tells of passwords and keys",
    hint: GET_ACCOUNT,
  },
  {
    is: (value) => typeof value["JobId"] === "string" && Object.keys(value).length === 1,
    what: "the reply to generate-service-last-accessed-details, which is only the job's id",
    hint: (value) => `run \`aws iam get-service-last-accessed-details --job-id ${pastable(value["JobId"]) ?? "JOB"}\``,
  },
  {
    is: (value) => "EntityDetailsList" in value,
    what: "last accessed details with entities, which speak of one service alone",
    hint: GENERATE,
  },
  {
    is: (value) => "AccessDetails" in value,
    what: "an access report of AWS Organizations, which speaks of whole accounts",
    hint: GENERATE,
  },
  {
    is: (value) => typeof value["ServiceNamespace"] === "string" && "TotalAuthenticatedEntities" in value,
    what: "one service of service last accessed details",
    hint: "give the whole reply of `aws iam get-service-last-accessed-details --job-id JOB`, without `--query`",
  },
  {
    is: (value) => typeof value["Name"] === "string" && isListOf(value["Actions"], isReferenceAction),
    what: "a service reference of AWS, which is a list of actions and no evidence",
    hint: "give it with `--service-reference FILE`",
  },
  {
    is: (value) => "UserDetailList" in value || "RoleDetailList" in value || "GroupDetailList" in value,
    what: "account authorization details of a wrong shape",
    hint: "run `aws iam get-account-authorization-details` again",
  },
  {
    is: (value) => pieceOf(value) !== undefined,
    what: "a part of an account's IAM data",
    hint: (value) => `instead of ${pieceOf(value) ?? "it"} ${GET_ACCOUNT}`,
  },
];

/** What a value is that no form reads, when it is known. */
export function unusableObject(value: Fields): Unusable | undefined {
  const row = ROWS.find(({ is }) => is(value));
  if (row === undefined) return undefined;
  const { what, hint } = row;
  return { what, hint: typeof hint === "string" ? hint : hint(value) };
}

/** The same of a text that is no JSON. */
export function unusableText(text: string): Unusable | undefined {
  if (!text.trimStart().startsWith("user,arn,user_creation_time,")) return undefined;
  const what = "an IAM credential report, which tells of passwords and keys";
  return { what, hint: GET_ACCOUNT };
}

/** The same of a list that is one thing. */
export function unusableList(value: readonly unknown[]): Unusable | undefined {
  if (value.length === 0 || !value.every(isReferenceEntry)) return undefined;
  const hint = "download the files that it names into one folder and give that with `--service-reference FOLDER`";
  return { what: "the index of AWS's service references, which names no actions", hint };
}

function isReferenceEntry(value: unknown): boolean {
  return isObject(value) && typeof value["service"] === "string" && typeof value["url"] === "string";
}

function isEvent(value: Fields, source: string): boolean {
  return value["detail-type"] !== undefined && value["source"] === source;
}

function hasFindings(event: Fields, is: (value: Fields) => boolean): boolean {
  return isEvent(event, "aws.securityhub") && isObject(event["detail"]) && isListOf(event["detail"]["findings"], is);
}

function isAsff(value: Fields): boolean {
  return typeof value["SchemaVersion"] === "string" && typeof value["ProductArn"] === "string";
}

function isOcsf(value: Fields): boolean {
  return "class_uid" in value && isObject(value["metadata"]);
}

function isReferenceAction(value: Fields): boolean {
  return typeof value["Name"] === "string" && ("SupportedBy" in value || "Annotations" in value);
}

function pieceOf(value: Fields): string | undefined {
  const key = Object.keys(PIECES).find(
    (name) => Object.hasOwn(value, name) && (typeof value[name] === "object" || name === "PolicyDocument"),
  );
  return key === undefined ? undefined : PIECES[key];
}

/** Whether a value is a list of which any item is such an object; a list of nothing is. */
function isListOf(value: unknown, is: (item: Fields) => boolean): boolean {
  return Array.isArray(value) && (value.length === 0 || value.some((item) => isObject(item) && is(item)));
}

function at(value: Fields, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (isObject(inner) || Array.isArray(inner) ? Reflect.get(inner, key) : undefined),
    value,
  );
}

function findingCommand(analyzer: unknown, id: unknown): string {
  const [arn, finding] = [pastable(analyzer) ?? "ARN", pastable(id) ?? "ID"];
  return `run \`aws accessanalyzer get-finding-v2 --analyzer-arn ${arn} --id ${finding}\``;
}

/** An id or an ARN of a file, for a command that people paste into a shell; undefined where it could do more there. */
function pastable(value: unknown): string | undefined {
  return typeof value === "string" && /^\w[\w:/.-]{0,200}$/.test(value) ? value : undefined;
}
