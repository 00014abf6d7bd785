import type { Fit, PolicyDocument, RecommendedAction, Unused } from "@leastwise/core";

/**
 * Each sabotage once, by hand, on policies that a person can read: what stands in the right answer, and what stands there
 * instead. `sabotage-examples.test.ts` holds that there is one for every operator, and that each is refused.
 */
export const ACTIONS: readonly string[] = [
  "iam:GetRole",
  "iam:ListRoles",
  "iam:PassRole",
  "s3:GetBucketAcl",
  "s3:GetBucketPolicy",
  "s3:GetObject",
  "s3:GetObjectAcl",
  "s3:PutObject",
  "sns:Publish",
  "sns:Subscribe",
  "sqs:ReceiveMessage",
  "sqs:SendMessage",
];

/** s3:Retired is not in the catalog. */
export const UNUSED: Unused = [
  { service: "s3", whole: false, names: ["getbucketacl", "retired"] },
  { service: "sns", whole: false, names: ["publish"] },
  { service: "sqs", whole: true, names: [] },
];

/** Read and Guard have this around their entries. */
const AROUND = [
  `"Principal":{"AWS":"111122223333"}`,
  `"Resource":["arn:aws:s3:::reports","arn:aws:s3:::reports/*"]`,
  `"Condition":{"StringLike":{"aws:PrincipalTag/team":["reports","audit"],"aws:userid":"A*"},"Bool":{"aws:SecureTransport":"true"}}`,
  `"Note":"by hand"`,
].join(",");

const GUARD = `{"Sid":"Guard","Effect":"Deny","Action":["s3:Get*","s3:PutObject"],${AROUND}}`;
const ROLES = `{"Effect":"Allow","Action":["iam:Get*"],"Resource":"*"}`;
const OTHERS = `{"Effect":"Allow","NotAction":["s*","iam:Pass*"],"Resource":"*"}`;
const FENCE = `{"Effect":"Deny","Action":"s3:PutObject","NotResource":"arn:aws:s3:::reports/*"}`;

const REST_AFTER = `{"Sid":"Rest","Effect":"Allow","NotAction":["iam:*","s3:G*","sns:Publish","sqs:*"],"Resource":"*"}`;
const TOPICS_AFTER = `{"Sid":"Topics","Effect":"Allow","Action":"sns:Subscribe","NotResource":"arn:aws:sns:*:*:audit"}`;
const BEHIND_GUARD = [REST_AFTER, TOPICS_AFTER, ROLES, OTHERS, FENCE].join(",");

/** Policies and what is right to become of them, line by line. */
export const DOCUMENTS = {
  /** Statements that change, one that goes (Queues), two that stay, and two that deny. */
  reports: {
    before: [
      `{"Version":"2012-10-17","Id":"reports","Note":"by hand","Statement":[`,
      `{"Sid":"Read","Effect":"Allow","Action":["s3:Get*","s3:Retired","s3:Unheard","iam:L*Roles","iam:GetRol?"],${AROUND}},`,
      `${GUARD},`,
      `{"Sid":"Queues","Effect":"Allow","Action":["sqs:*"],"Resource":"*"},`,
      `{"Sid":"Rest","Effect":"Allow","NotAction":["iam:*","s3:G*"],"Resource":"*"},`,
      `{"Sid":"Topics","Effect":"Allow","Action":"sns:*","NotResource":"arn:aws:sns:*:*:audit"},`,
      `${ROLES},`,
      `${OTHERS},`,
      `${FENCE}]}`,
    ],
    recommendedAction: "CREATE_POLICY",
    after: [
      `{"Version":"2012-10-17","Id":"reports","Note":"by hand","Statement":[`,
      `{"Sid":"Read","Effect":"Allow","Action":["s3:GetBucketPolicy","s3:GetObject*","s3:Unheard","iam:L*Roles","iam:GetRol?"],${AROUND}},`,
      `${GUARD},`,
      `${REST_AFTER},`,
      `${TOPICS_AFTER},`,
      `${ROLES},`,
      `${OTHERS},`,
      `${FENCE}]}`,
    ],
  },
  single: {
    before: [`{"Statement":{"Effect":"Allow","Action":"sns:*","Resource":"*"}}`],
    recommendedAction: "CREATE_POLICY",
    after: [`{"Statement":{"Effect":"Allow","Action":"sns:Subscribe","Resource":"*"}}`],
  },
  listOfOne: {
    before: [`{"Statement":[{"Effect":"Allow","Action":["sns:*"],"Resource":"*"}]}`],
    recommendedAction: "CREATE_POLICY",
    after: [`{"Statement":[{"Effect":"Allow","Action":["sns:Subscribe"],"Resource":"*"}]}`],
  },
  used: {
    before: [`{"Statement":[{"Effect":"Allow","Action":"iam:*","Resource":"*"}]}`],
    recommendedAction: "NONE",
    after: [`{"Statement":[{"Effect":"Allow","Action":"iam:*","Resource":"*"}]}`],
  },
  unused: {
    before: [`{"Statement":[{"Effect":"Allow","Action":"sqs:*","Resource":"*"}]}`],
    recommendedAction: "DETACH_POLICY",
    after: [`null`],
  },
  denying: {
    before: [`{"Statement":[{"Effect":"Allow","Action":"sqs:*","Resource":"*"},${FENCE}]}`],
    recommendedAction: "CREATE_POLICY",
    after: [`{"Statement":[${FENCE}]}`],
  },
  /** The Sids that start with Keep keep their statements. */
  kept: {
    before: [
      `{"Statement":[`,
      `{"Sid":"KeepQueues","Effect":"Allow","Action":["sqs:*","sns:*"],"Resource":"*"},`,
      `{"Sid":"KeepRoles","Effect":"Allow","Action":"iam:*","Resource":"*"},`,
      `{"Sid":"Topics","Effect":"Allow","Action":"sns:*","Resource":"*"}]}`,
    ],
    recommendedAction: "CREATE_POLICY",
    after: [
      `{"Statement":[`,
      `{"Sid":"KeepQueues","Effect":"Allow","Action":["sqs:*","sns:*"],"Resource":"*"},`,
      `{"Sid":"KeepRoles","Effect":"Allow","Action":"iam:*","Resource":"*"},`,
      `{"Sid":"Topics","Effect":"Allow","Action":"sns:Subscribe","Resource":"*"}]}`,
    ],
    keptSids: ["Keep"],
  },
  /** Where few characters count, down to prefixes of six. */
  fitted: {
    before: [
      `{"Statement":[{"Effect":"Allow","Action":["s3:*"],"Resource":"*"},`,
      `{"Effect":"Allow","Action":["s3:Get*"],"Resource":"*"},`,
      `{"Effect":"Allow","NotAction":["iam:*"],"Resource":"*"}]}`,
    ],
    recommendedAction: "CREATE_POLICY",
    after: [
      `{"Statement":[{"Effect":"Allow","Action":["s3:*Object*","s3:*Policy"],"Resource":"*"},`,
      `{"Effect":"Allow","Action":["s3:Get*Policy","s3:GetObj*"],"Resource":"*"},`,
      `{"Effect":"Allow","NotAction":["iam:*","s3:*BucketAcl","sns:Publish","sqs:*"],"Resource":"*"}]}`,
    ],
    fit: { form: "characters", shortest: 6 },
  },
  inner: {
    before: [`{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`],
    recommendedAction: "CREATE_POLICY",
    after: [`{"Statement":{"Effect":"Allow","Action":["s3:*Object*","s3:GetBucketPolicy"],"Resource":"*"}}`],
    fit: { form: "inner" },
  },
  empty: { before: [`{"Statement":[]}`], recommendedAction: "NONE", after: [`{"Statement":[]}`] },
} as const satisfies Readonly<
  Record<
    string,
    {
      before: readonly string[];
      recommendedAction: RecommendedAction;
      after: readonly string[];
      keptSids?: readonly string[];
      fit?: Fit;
    }
  >
>;

export interface Example {
  /** With ` in an Allow` or ` in a Deny` where there is one for each. */
  readonly operator: string;
  readonly document: keyof typeof DOCUMENTS;
  /** What the line that is changed has in it; where no line is named, the whole text is looked through. */
  readonly line?: string;
  readonly from: string;
  readonly to: string;
  readonly recommendedAction?: RecommendedAction;
  readonly unused?: Unused;
  readonly keptSids?: readonly string[];
  readonly fit?: Fit | null;
}

type Row = readonly [operator: string, from: string, to: string];

/** The text of an answer with the example's sabotage in it. */
export function sabotaged({ document, line, from, to }: Example): string {
  const lines: readonly string[] = DOCUMENTS[document].after;
  const parts = line === undefined ? [lines.join("")] : lines;
  const place = parts.findIndex((text) => text.includes(line ?? "") && text.includes(from));
  if (place < 0) throw new Error(`${document} has no ${from} in a line with ${line}`);
  return parts.map((text, i) => (i === place ? text.replace(from, () => to) : text)).join("");
}

export function parsed(text: string): PolicyDocument | null {
  return JSON.parse(text) as PolicyDocument | null; // may be ill-formed on purpose
}

const FITTED: readonly Row[] = [
  ["a word is left out of a generated pattern", `"s3:*Policy"`, `"s3:*"`],
  ["a word is left out of an appended pattern of NotAction", `s3:*BucketAcl`, `s3:*Acl`],
  ["a generated pattern begins with a star", `s3:Get*Policy`, `s3:*Policy`],
  ["a star stands for a part of a word", `s3:Get*Policy`, `s3:Get*olicy`],
  ["a star stands for a part of a word in NotAction", `s3:*BucketAcl`, `s3:*ucketAcl`],
  ["a generated pattern has two stars together", `s3:Get*Policy`, `s3:Get**Policy`],
  ["a prefix ends a character too early", `s3:GetObj*`, `s3:GetOb*`],
  ["a prefix ends a character too early in NotAction", `sns:Publish`, `sns:Publi*`],
];

const KEPT_ROLES = `{"Sid":"KeepRoles","Effect":"Allow","Action":"iam:*","Resource":"*"},`;
const KEPT: readonly Row[] = [
  ["a kept statement is refined like any other", `["sqs:*","sns:*"]`, `["sns:Subscribe"]`],
  ["a kept statement loses an entry", `["sqs:*","sns:*"]`, `["sns:*"]`],
  ["a kept statement has its one entry in another form", `"iam:*"`, `["iam:*"]`],
  ["a kept statement stands there twice", KEPT_ROLES, KEPT_ROLES + KEPT_ROLES],
  ["a kept statement goes", KEPT_ROLES, ``],
  ["a statement with a Sid is left as if that kept it", `sns:Subscribe`, `sns:*`],
];

const READ: readonly Row[] = [
  ["a generated entry is lost", `"s3:GetBucketPolicy",`, ``],
  ["a kept entry that grants something is lost", `,"iam:GetRol?"`, ``],
  ["a generated pattern becomes all but one of its names", `s3:GetObject*`, `s3:GetObjectAcl`],
  ["a generated pattern goes on for a character more", `s3:GetObject*`, `s3:GetObjectA*`],
  ["a star becomes a question mark", `s3:GetObject*`, `s3:GetObject?`],
  ["a letter becomes one that only Unicode folds to it", `s3:GetBucketPolicy`, `s3:GetBuc\u212aetPolicy`],
  ["no entry is left", `"s3:GetBucketPolicy","s3:GetObject*","s3:Unheard","iam:L*Roles","iam:GetRol?"`, ``],
  ["an unused action is back by its name", `"s3:Unheard"`, `"s3:GetBucketAcl","s3:Unheard"`],
  ["an unused action that the catalog lacks is back by its name", `"s3:Unheard"`, `"s3:Retired","s3:Unheard"`],
  ["a pattern reaches an unused action that the catalog lacks", `"s3:Unheard"`, `"s3:Retire?","s3:Unheard"`],
  ["a generated pattern stops a character early, inside what stood there", `s3:GetBucketPolicy`, `s3:GetBucket*`],
  ["a replaced entry stands beside its replacements", `"s3:Unheard"`, `"s3:Get*","s3:Unheard"`],
  ["the entries are as they were", `"s3:GetBucketPolicy","s3:GetObject*"`, `"s3:Get*","s3:Retired"`],
  ["a pattern stops a character before what stood there", `s3:GetObject*`, `s3:Ge*`],
  ["a pattern stops a word before what stood there", `s3:GetObject*`, `s3:*`],
  ["a star is put in", `s3:GetBucketPolicy`, `s3:*GetBucketPolicy`],
  ["a star is put behind the end", `s3:Unheard`, `s3:Unheard*`],
  ["a question mark becomes a star", `iam:GetRol?`, `iam:GetRol*`],
  ["a letter becomes a question mark", `s3:Unheard`, `s3:Unhear?`],
  ["what a pattern requires after its star is gone", `iam:L*Roles`, `iam:L*`],
  ["the service becomes a wildcard", `s3:GetObject*`, `s?:GetObject*`],
  ["an entry for names that no catalog has", `"s3:Unheard"`, `"unheard-of:Get","s3:Unheard"`],
  ["an action that was not granted", `"s3:Unheard"`, `"s3:PutObject","s3:Unheard"`],
  ["everything", `"s3:Unheard"`, `"*","s3:Unheard"`],
  ["a kept entry that the catalog lacks is lost", `"s3:Unheard",`, ``],
  ["a kept entry is respelled in another case", `s3:Unheard`, `s3:unheard`],
  ["a kept pattern becomes the names that it grants", `iam:L*Roles`, `iam:ListRoles`],
  ["two kept entries change places", `"s3:Unheard","iam:L*Roles"`, `"iam:L*Roles","s3:Unheard"`],
  ["a kept entry stands there once more", `"s3:Unheard"`, `"s3:Unheard","s3:Unheard"`],
  ["a kept entry stands there once more in another case", `"iam:L*Roles"`, `"iam:L*Roles","IAM:l*ROLES"`],
  ["a generated entry stands there twice", `"s3:GetObject*"`, `"s3:GetObject*","s3:GetObject*"`],
  ["a generated entry stands there twice in two cases", `"s3:GetObject*"`, `"s3:GetObject*","S3:gETobject*"`],
  ["an Allow becomes a Deny", `Allow`, `Deny`],
  ["Effect of an Allow is in another case", `Allow`, `allow`],
  ["an entry is null", `"s3:Unheard"`, `null`],
  ["an entry is a number", `"s3:Unheard"`, `7`],
  ["an entry is an object", `"s3:Unheard"`, `{"entry":"s3:Unheard"}`],
  ["an entry is a list", `"s3:Unheard"`, `["s3:Unheard"]`],
  ["a list with a name in it beside the entries", `"s3:Unheard"`, `"s3:Unheard",["s3:GetObject\u00f6"]`],
];

const REST: readonly Row[] = [
  ["NotAction excepts a used action more", `"sqs:*"`, `"sqs:*","s3:PutObject"`],
  ["an appended entry of NotAction stops a character early", `sns:Publish`, `sns:*`],
  ["NotAction is as it was", `,"sns:Publish","sqs:*"`, ``],
  ["an appended entry of NotAction is lost", `,"sqs:*"`, ``],
  ["an appended pattern of NotAction becomes all but one of its names", `sqs:*`, `sqs:SendMessage`],
  ["an entry that NotAction had is lost", `"s3:G*",`, ``],
  ["an entry that NotAction had is narrowed", `s3:G*`, `s3:GetB*`],
  [
    "an entry that NotAction had becomes the names it excepts",
    `"s3:G*"`,
    `"s3:GetBucketAcl","s3:GetBucketPolicy","s3:GetObject","s3:GetObjectAcl"`,
  ],
  ["NotAction excepts nothing", `"iam:*","s3:G*","sns:Publish","sqs:*"`, ``],
  ["an entry that NotAction had is respelled in another case", `s3:G*`, `s3:g*`],
  ["two entries that NotAction had change places", `"iam:*","s3:G*"`, `"s3:G*","iam:*"`],
  [
    "NotAction begins with what is to be appended",
    `"iam:*","s3:G*","sns:Publish","sqs:*"`,
    `"sns:Publish","sqs:*","iam:*","s3:G*"`,
  ],
  ["NotAction excepts what no catalog has beside what is unused", `"sqs:*"`, `"sqs:*","unheard-of:*"`],
  ["an entry is appended to NotAction twice", `"sqs:*"`, `"sqs:*","sqs:*"`],
  ["an entry that NotAction had is appended again", `"sqs:*"`, `"sqs:*","iam:*"`],
];

const GUARDING: readonly Row[] = [
  ["a Deny becomes an Allow", `Deny`, `Allow`],
  ["an entry of a Deny is lost", `"s3:Get*",`, ``],
  ["a Deny denies more", `"s3:PutObject"`, `"s3:PutObject","iam:*"`],
  ["an entry of a Deny is respelled in another case", `s3:PutObject`, `S3:PutObject`],
  ["the entries of a Deny change places", `"s3:Get*","s3:PutObject"`, `"s3:PutObject","s3:Get*"`],
  ["an entry of a Deny stands there twice", `"s3:PutObject"`, `"s3:PutObject","s3:PutObject"`],
  [
    "a pattern of a Deny becomes the names that it matches",
    `"s3:Get*"`,
    `"s3:GetBucketAcl","s3:GetBucketPolicy","s3:GetObject","s3:GetObjectAcl"`,
  ],
  ["an entry of a Deny stops a character early", `s3:Get*`, `s3:Ge*`],
  ["a Deny is refined like an Allow", `s3:Get*`, `s3:GetObject*`],
];

/** Done to Read and to Guard. */
const ELEMENTS: readonly Row[] = [
  ["Sid is dropped", `"Sid":"SID",`, ``],
  ["Sid is renamed", `"Sid":"SID"`, `"Sid":"SID2"`],
  ["Sid is in another case", `"Sid":"SID"`, `"Sid":"sID"`],
  ["Resource becomes everything", `"arn:aws:s3:::reports"`, `"*"`],
  ["Resource is narrowed", `reports/*`, `reports/only`],
  ["Resource ends in a star", `"arn:aws:s3:::reports"`, `"arn:aws:s3:::reports*"`],
  ["a resource is lost", `"arn:aws:s3:::reports",`, ``],
  ["a resource is added", `"arn:aws:s3:::reports"`, `"arn:aws:s3:::reports","arn:aws:s3:::audit"`],
  [
    "the resources change places",
    `"arn:aws:s3:::reports","arn:aws:s3:::reports/*"`,
    `"arn:aws:s3:::reports/*","arn:aws:s3:::reports"`,
  ],
  [
    "one resource as a list or a string, the other than it was",
    `["arn:aws:s3:::reports","arn:aws:s3:::reports/*"]`,
    `"arn:aws:s3:::reports"`,
  ],
  ["Resource becomes NotResource", `"Resource"`, `"NotResource"`],
  ["Action becomes NotAction, or NotAction Action", `"Action"`, `"NotAction"`],
  ["Resource is dropped", `"Resource":["arn:aws:s3:::reports","arn:aws:s3:::reports/*"],`, ``],
  ["Principal is dropped", `"Principal":{"AWS":"111122223333"},`, ``],
  ["Principal becomes everybody", `"Principal":{"AWS":"111122223333"}`, `"Principal":"*"`],
  [
    "Condition is dropped",
    `"Condition":{"StringLike":{"aws:PrincipalTag/team":["reports","audit"],"aws:userid":"A*"},"Bool":{"aws:SecureTransport":"true"}},`,
    ``,
  ],
  [
    "Condition is emptied",
    `{"StringLike":{"aws:PrincipalTag/team":["reports","audit"],"aws:userid":"A*"},"Bool":{"aws:SecureTransport":"true"}}`,
    `{}`,
  ],
  ["a condition operator is lost", `,"Bool":{"aws:SecureTransport":"true"}`, ``],
  ["a condition operator is another", `StringLike`, `StringLikeIfExists`],
  [
    "the condition operators change places",
    `"StringLike":{"aws:PrincipalTag/team":["reports","audit"],"aws:userid":"A*"},"Bool":{"aws:SecureTransport":"true"}`,
    `"Bool":{"aws:SecureTransport":"true"},"StringLike":{"aws:PrincipalTag/team":["reports","audit"],"aws:userid":"A*"}`,
  ],
  ["a condition operator is added", `"Bool"`, `"Null":{"aws:userid":"true"},"Bool"`],
  ["a condition key is another", `aws:PrincipalTag/team`, `aws:PrincipalTag/teams`],
  ["a condition key is in another case", `aws:PrincipalTag/team`, `aws:principalTag/team`],
  ["a condition key is lost", `,"aws:userid":"A*"`, ``],
  [
    "the condition keys change places",
    `"aws:PrincipalTag/team":["reports","audit"],"aws:userid":"A*"`,
    `"aws:userid":"A*","aws:PrincipalTag/team":["reports","audit"]`,
  ],
  ["a condition value is another", `"audit"`, `"audit*"`],
  ["the condition values change places", `"reports","audit"`, `"audit","reports"`],
  ["a condition value as a list or a string, the other than it was", `"A*"`, `["A*"]`],
  ["an unknown element is added", `"Note"`, `"Comment":"refined","Note"`],
  ["an unknown element is dropped", `,"Note":"by hand"`, ``],
  ["an unknown element is touched", `"by hand"`, `null`],
  [
    "the elements change places",
    `"Principal":{"AWS":"111122223333"},"Resource":["arn:aws:s3:::reports","arn:aws:s3:::reports/*"]`,
    `"Resource":["arn:aws:s3:::reports","arn:aws:s3:::reports/*"],"Principal":{"AWS":"111122223333"}`,
  ],
];

/** What Read and Guard have already, done to statements that lack it: ROLES and FENCE. */
const LACKED: readonly Row[] = [
  ["Sid is added", `{"Effect"`, `{"Sid":"Refined","Effect"`],
  ["Principal is added", `{"Effect"`, `{"Principal":"*","Effect"`],
  ["Condition is added", `{"Effect"`, `{"Condition":{},"Effect"`],
];

const ROLES_ONLY: readonly Row[] = [
  [
    "a statement of which nothing is unused says something twice in other words",
    `"iam:Get*"`,
    `"iam:Get*","iam:GetRole"`,
  ],
  ["one entry as a string where it was a list", `["iam:Get*"]`, `"iam:Get*"`],
  ["a statement is null", ROLES, `null`],
  ["a statement is a string", ROLES, `"Allow"`],
  ["a statement is a number", ROLES, `1`],
  ["a statement is a list", ROLES, `[${ROLES}]`],
  ["a statement is empty", ROLES, `{}`],
  ["the entries are null", `["iam:Get*"]`, `null`],
  ["the entries are a number", `["iam:Get*"]`, `7`],
  ["the entries are true", `["iam:Get*"]`, `true`],
  ["the entries are an object that reads like the list", `["iam:Get*"]`, `{"0":"iam:Get*"}`],
  ["the entries are a list in a list", `["iam:Get*"]`, `[["iam:Get*"]]`],
  ["a statement stands there twice", ROLES, `${ROLES},${ROLES}`],
  ["an Allow is lost", `${ROLES},`, ``],
  ["an Allow is added", ROLES, `${ROLES},{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`],
  ["an Allow of nothing is added", ROLES, `${ROLES},{"Effect":"Allow","Action":[],"Resource":"*"}`],
  ["a Deny is added", ROLES, `${ROLES},{"Effect":"Deny","Action":"*","Resource":"*"}`],
];

const IN_REPORTS: readonly Row[] = [
  ["NotAction of which nothing is unused excepts what no catalog has", `"iam:Pass*"`, `"iam:Pass*","unheard-of:*"`],
  ["one entry as a list where it was a string", `"sns:Subscribe"`, `["sns:Subscribe"]`],
  ["NotResource becomes Resource in an Allow", `"NotResource":"arn:aws:sns`, `"Resource":"arn:aws:sns`],
  ["NotResource becomes Resource in a Deny", `"NotResource":"arn:aws:s3`, `"Resource":"arn:aws:s3`],
  [
    "entries of a Deny as a list or a string, the other than it was",
    `"Action":"s3:PutObject"`,
    `"Action":["s3:PutObject"]`,
  ],
  ["Version is another", `2012-10-17`, `2008-10-17`],
  ["Version is dropped", `"Version":"2012-10-17",`, ``],
  ["Id is another", `"Id":"reports"`, `"Id":"reports-refined"`],
  ["Id is dropped", `"Id":"reports",`, ``],
  [
    "an unknown element of the document is added",
    `"Note":"by hand","Statement"`,
    `"Note":"by hand","Comment":"refined","Statement"`,
  ],
  ["an unknown element of the document is touched", `"Note":"by hand","Statement"`, `"Note":[],"Statement"`],
  ["an unknown element of the document is dropped", `"Note":"by hand","Statement"`, `"Statement"`],
  [
    "the elements of the document change places",
    `"Version":"2012-10-17","Id":"reports"`,
    `"Id":"reports","Version":"2012-10-17"`,
  ],
  ["a Deny is lost", `${GUARD},`, ``],
  ["a Deny moves to the end", `${GUARD},${BEHIND_GUARD}`, `${BEHIND_GUARD},${GUARD}`],
  ["one statement becomes two", OTHERS, `${OTHERS.replace(`,"iam:Pass*"`, "")},${OTHERS.replace(`"s*",`, "")}`],
  [
    "two statements become one",
    `${ROLES},${OTHERS}`,
    `{"Effect":"Allow","Action":["iam:Get*","s*","iam:Pass*"],"Resource":"*"}`,
  ],
  ["two statements change places", `${ROLES},${OTHERS}`, `${OTHERS},${ROLES}`],
  [
    "a statement that is to go is as it was",
    `${GUARD},`,
    `${GUARD},{"Sid":"Queues","Effect":"Allow","Action":["sqs:*"],"Resource":"*"},`,
  ],
  [
    "a statement that is to go is left without entries",
    `${GUARD},`,
    `${GUARD},{"Sid":"Queues","Effect":"Allow","Action":[],"Resource":"*"},`,
  ],
  [
    "a statement that is to go becomes a Deny",
    `${GUARD},`,
    `${GUARD},{"Sid":"Queues","Effect":"Deny","Action":["sqs:*"],"Resource":"*"},`,
  ],
];

const NOT_S3 = UNUSED.filter(({ service }) => service !== "s3");
const ONE_MORE: Unused = [{ service: "s3", whole: false, names: ["getbucketacl", "putobject", "retired"] }, ...NOT_S3];
const WHOLE_MORE: Unused = [{ service: "s3", whole: true, names: [] }, ...NOT_S3];
const ONE_LESS: Unused = UNUSED.filter(({ service }) => service !== "sns");

const same = { from: "", to: "" } as const;

export const EXAMPLES: readonly Example[] = [
  ...rows(READ, `"Sid":"Read"`),
  ...rows(REST, `"Sid":"Rest"`),
  ...rows(GUARDING, `"Sid":"Guard"`),
  ...rows(named(ELEMENTS, "Read", "an Allow"), `"Sid":"Read"`),
  ...rows(named(ELEMENTS, "Guard", "a Deny"), `"Sid":"Guard"`),
  ...rows(named(LACKED, "", "an Allow"), ROLES),
  ...rows(named(LACKED, "", "a Deny"), FENCE),
  ...rows(ROLES_ONLY, ROLES),
  ...rows(IN_REPORTS),

  { operator: "Version is added", document: "single", from: `{"Statement"`, to: `{"Version":"2012-10-17","Statement"` },
  { operator: "Id is added", document: "single", from: `{"Statement"`, to: `{"Id":"refined","Statement"` },
  {
    operator: "a single statement as a list",
    document: "single",
    from: `{"Effect":"Allow","Action":"sns:Subscribe","Resource":"*"}`,
    to: `[{"Effect":"Allow","Action":"sns:Subscribe","Resource":"*"}]`,
  },
  {
    operator: "a list of one statement as a single one",
    document: "listOfOne",
    from: `[{"Effect":"Allow","Action":["sns:Subscribe"],"Resource":"*"}]`,
    to: `{"Effect":"Allow","Action":["sns:Subscribe"],"Resource":"*"}`,
  },
  { operator: "NONE, with the changed document", document: "single", ...same, recommendedAction: "NONE" },
  {
    operator: "NONE, with the document as it was, where something is to change",
    document: "single",
    from: `sns:Subscribe`,
    to: `sns:*`,
    recommendedAction: "NONE",
  },
  {
    operator: "NONE, with another document where nothing is to change",
    document: "used",
    from: `{"Statement"`,
    to: `{"Comment":"refined","Statement"`,
    recommendedAction: "NONE",
  },
  { operator: "CREATE_POLICY where nothing changes", document: "used", ...same, recommendedAction: "CREATE_POLICY" },
  { operator: "CREATE_POLICY without a document", document: "unused", ...same, recommendedAction: "CREATE_POLICY" },
  { operator: "NONE without a document", document: "unused", ...same, recommendedAction: "NONE" },
  { operator: "DETACH_POLICY with a document", document: "single", ...same, recommendedAction: "DETACH_POLICY" },
  {
    operator: "DETACH_POLICY of what still grants something used",
    document: "single",
    from: DOCUMENTS.single.after[0],
    to: `null`,
    recommendedAction: "DETACH_POLICY",
  },
  {
    operator: "DETACH_POLICY of what still denies",
    document: "denying",
    from: DOCUMENTS.denying.after[0],
    to: `null`,
    recommendedAction: "DETACH_POLICY",
  },
  {
    operator: "DETACH_POLICY of what never had a statement",
    document: "empty",
    from: DOCUMENTS.empty.after[0],
    to: `null`,
    recommendedAction: "DETACH_POLICY",
  },
  {
    operator: "a policy without statements instead of DETACH_POLICY",
    document: "unused",
    from: `null`,
    to: `{"Statement":[]}`,
    recommendedAction: "CREATE_POLICY",
  },
  { operator: "claimed for a U with a used action more", document: "reports", ...same, unused: ONE_MORE },
  { operator: "claimed for a U with a whole service more", document: "reports", ...same, unused: WHOLE_MORE },
  { operator: "claimed for a U with a removed action less", document: "single", ...same, unused: ONE_LESS },
  { operator: "claimed for a U that holds nothing", document: "single", ...same, unused: [] },
  { operator: "Statement is null", document: "single", from: DOCUMENTS.single.after[0], to: `{"Statement":null}` },
  {
    operator: "Statement is a string",
    document: "single",
    from: DOCUMENTS.single.after[0],
    to: `{"Statement":"Allow"}`,
  },
  { operator: "Statement is missing", document: "single", from: DOCUMENTS.single.after[0], to: `{}` },
  { operator: "the document is a list", document: "single", from: DOCUMENTS.single.after[0], to: `[]` },
  { operator: "the document is a string", document: "single", from: DOCUMENTS.single.after[0], to: `"{}"` },
  { operator: "the document is empty", document: "single", from: DOCUMENTS.single.after[0], to: `{}` },
  ...KEPT.map(([operator, from, to]): Example => ({ operator, document: "kept", from, to })),
  ...FITTED.map(([operator, from, to]): Example => ({ operator, document: "fitted", from, to })),
  { operator: "a star stands for a word of a generated name", document: "single", from: `sns:Subscribe`, to: `sns:*` },
  {
    operator: "a pattern stands for a single action",
    document: "inner",
    from: `s3:GetBucketPolicy`,
    to: `s3:*BucketPolicy`,
  },
  { operator: "claimed to be word prefixes", document: "inner", ...same, fit: null },
  { operator: "claimed to be inner patterns", document: "fitted", ...same, fit: { form: "inner" } },
  {
    operator: "claimed to have no prefix of so few characters",
    document: "fitted",
    ...same,
    fit: { form: "characters", shortest: 100 },
  },
  { operator: "claimed with a Sid more to be kept", document: "kept", ...same, keptSids: ["Keep", "Topics"] },
  { operator: "claimed with no Sid to be kept", document: "kept", ...same, keptSids: [] },
];

function rows(list: readonly Row[], line?: string): Example[] {
  return list.map(([operator, from, to]) => {
    return { operator, document: "reports", from, to, ...(line === undefined ? {} : { line }) };
  });
}

/** For an Allow or a Deny, with its Sid in the place of SID. */
function named(list: readonly Row[], sid: string, effect: "an Allow" | "a Deny"): Row[] {
  return list.map(([name, from, to]) => [`${name} in ${effect}`, from.replace("SID", sid), to.replace("SID", sid)]);
}
