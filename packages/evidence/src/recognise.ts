import { isObject, quoted } from "./fields.ts";
import { isAccountDetails, readAccountDetails } from "./forms/account-details.ts";
import { isFinding, readFinding } from "./forms/finding.ts";
import { isBoundUnusedList, isUnusedList, readBoundUnusedList } from "./forms/unused-list.ts";
import type { Draft } from "./draft.ts";
import type { Located } from "./json.ts";

/** Shapes that are known and cannot be used, with what would serve instead. */
const UNUSABLE: readonly {
  readonly is: (value: Record<string, unknown>) => boolean;
  readonly what: string;
  readonly hint: string;
}[] = [
  {
    is: (value) =>
      Array.isArray(value["findings"]) || (typeof value["findingType"] === "string" && !("findingDetails" in value)),
    what: "a list of findings (list-findings-v2), which names no actions",
    hint: "run `aws accessanalyzer get-finding-v2 --analyzer-arn ARN --id ID` for each finding",
  },
  {
    is: (value) => "Statement" in value,
    what: "a policy document alone, which belongs to no principal",
    hint: "use `leastwise policy POLICY.json --unused UNUSED.json`",
  },
  {
    is: (value) =>
      "ServicesLastAccessed" in value || (isObject(value["details"]) && "ServicesLastAccessed" in value["details"]),
    what: "service last accessed details",
    hint: "this version does not read them",
  },
  {
    is: (value) => Array.isArray(value["Records"]),
    what: "CloudTrail records",
    hint: "this version does not read them",
  },
  {
    is: (value) => "recommendationType" in value || "RecommendationType" in value,
    what: "a recommendation by AWS",
    hint: "this version does not read them",
  },
  {
    is: (value) => value["detail-type"] !== undefined && value["source"] === "aws.access-analyzer",
    what: "an EventBridge event, which names no actions",
    hint: "run `aws accessanalyzer get-finding-v2` for the finding's id",
  },
  {
    is: (value) => "UserDetailList" in value || "RoleDetailList" in value || "GroupDetailList" in value,
    what: "account authorization details of a wrong shape",
    hint: "run `aws iam get-account-authorization-details` again",
  },
];

/** Whether a list is one form rather than a list of forms. */
export function isListForm(value: readonly unknown[]): boolean {
  return isUnusedList(value);
}

/** Reads a value by what it contains, whatever its file is called. What cannot be used is refused with a reason. */
export function recognise(draft: Draft, { value, pointer }: Located): void {
  if (isAccountDetails(value)) return readAccountDetails(draft, value, pointer);
  if (isFinding(value)) return readFinding(draft, value, pointer);
  if (isBoundUnusedList(value)) return readBoundUnusedList(draft, value, pointer);
  if (isUnusedList(value)) {
    const hint = 'wrap it: { "arn": "arn:aws:iam::…", "unused": […] }';
    return draft.refuse("unbound-unused-list", pointer, "a list of unused actions that names no principal", hint);
  }
  const known = isObject(value) ? UNUSABLE.find(({ is }) => is(value)) : undefined;
  if (known !== undefined) return draft.refuse("unsupported-input", pointer, `this is ${known.what}`, known.hint);
  return draft.refuse(
    "unrecognised-input",
    pointer,
    `${describe(value)} is nothing that Leastwise knows`,
    "see `docs/inputs.md` for what is read",
  );
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (!isObject(value)) return `a ${typeof value}`;
  const keys = Object.keys(value).slice(0, 4).map(quoted);
  return keys.length === 0 ? "an empty object" : `an object with ${keys.join(", ")}`;
}
