import { isTrail, isTrailDigest, readTrail, readTrailDigest } from "./cloudtrail/cloudtrail.ts";
import { isObject, quoted } from "./fields.ts";
import { isAccountDetails, readAccountDetails } from "./forms/account-details.ts";
import { isAwsRecommendation, readAwsRecommendation } from "./forms/aws-recommendation.ts";
import { isFinding, readFinding } from "./forms/finding.ts";
import { isLastAccessed, readLastAccessed } from "./forms/last-accessed.ts";
import { unusableList, unusableObject } from "./forms/unusable.ts";
import { isBoundUnusedList, isUnusedList, readBoundUnusedList } from "./forms/unused-list.ts";
import type { Draft } from "./draft.ts";
import type { Located } from "./json.ts";

/** Whether a list is one form rather than a list of forms. */
export function isListForm(value: readonly unknown[]): boolean {
  return isUnusedList(value) || unusableList(value) !== undefined;
}

/** Reads a value by what it contains, whatever its file is called. What cannot be used is refused with a reason. */
export function recognise(draft: Draft, { value, pointer }: Located): void {
  if (isTrail(value)) return readTrail(draft, value, pointer);
  if (isTrailDigest(value)) return readTrailDigest(draft);
  if (isAccountDetails(value)) return readAccountDetails(draft, value, pointer);
  if (isFinding(value)) return readFinding(draft, value, pointer);
  if (isLastAccessed(value)) return readLastAccessed(draft, value, pointer);
  if (isAwsRecommendation(value)) return readAwsRecommendation(draft, value, pointer);
  if (isBoundUnusedList(value)) return readBoundUnusedList(draft, value, pointer);
  if (isUnusedList(value)) {
    const hint = 'wrap it: { "arn": "arn:aws:iam::…", "unused": […] }';
    return draft.refuse("unbound-unused-list", pointer, "a list of unused actions that names no principal", hint);
  }
  const known = Array.isArray(value) ? unusableList(value) : isObject(value) ? unusableObject(value) : undefined;
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
