import type { UsageLine } from "@leastwise/core";
import { z } from "zod";
import { parsePrincipalArn } from "../arn.ts";
import type { Draft } from "../draft.ts";
import { dateOrNull, isObject, quoted } from "../fields.ts";
import { isDateOrNone, isListOrNone, isObjectOrNone, isText } from "../quick-checks.ts";
import { awsDate } from "../zod-date.ts";
import { firstIssue } from "../zod-issue.ts";
import { reportLines } from "./unused-names.ts";

/** `aws accessanalyzer get-finding-v2`. Source: botocore model accessanalyzer 2019-11-01. */
const KIND = "Access Analyzer finding";

const common = {
  id: z.string().min(1),
  resource: z.string(),
  status: z.enum(["ACTIVE", "ARCHIVED", "RESOLVED"]),
  updatedAt: awsDate,
};

interface Common {
  readonly id: string;
  readonly resource: string;
  readonly status: "ACTIVE" | "ARCHIVED" | "RESOLVED";
  readonly updatedAt?: MaybeDate;
}

type MaybeDate = string | number | null | undefined;

interface PermissionFinding extends Common {
  readonly findingDetails: readonly { readonly unusedPermissionDetails?: UnusedPermission | null | undefined }[];
}

interface UnusedPermission {
  readonly serviceNamespace: string;
  readonly lastAccessed?: MaybeDate;
  readonly actions?: readonly { readonly action: string; readonly lastAccessed?: MaybeDate }[] | null | undefined;
}

const permission = z.looseObject({
  serviceNamespace: z.string(),
  lastAccessed: awsDate,
  actions: z.array(z.looseObject({ action: z.string(), lastAccessed: awsDate })).nullish(),
});
export const permissionFinding: z.ZodType<PermissionFinding> = z.looseObject({
  ...common,
  findingDetails: z.array(z.looseObject({ unusedPermissionDetails: permission.nullish() })),
});

/** As `permissionFinding`, which says what is wrong with anything else; see `quick-checks.ts`. */
export function isPermissionFinding(value: unknown): value is PermissionFinding {
  if (!isObject(value)) return false;
  const { id, resource, status, updatedAt, findingDetails } = value;
  return (
    isText(id) &&
    id !== "" &&
    isText(resource) &&
    (status === "ACTIVE" || status === "ARCHIVED" || status === "RESOLVED") &&
    isDateOrNone(updatedAt) &&
    Array.isArray(findingDetails) &&
    findingDetails.every(
      (detail) => isObject(detail) && isObjectOrNone(detail["unusedPermissionDetails"], isUnusedPermission),
    )
  );
}

function isUnusedPermission({ serviceNamespace, lastAccessed, actions }: Record<string, unknown>): boolean {
  return isText(serviceNamespace) && isDateOrNone(lastAccessed) && isListOrNone(actions, isUnusedAction);
}

function isUnusedAction(value: unknown): boolean {
  return isObject(value) && isText(value["action"]) && isDateOrNone(value["lastAccessed"]);
}

const unusedRole = z.looseObject({ lastAccessed: awsDate });
const roleFinding = z.looseObject({
  ...common,
  findingDetails: z.array(z.looseObject({ unusedIamRoleDetails: unusedRole.nullish() })),
});

export function isFinding(value: unknown): value is Record<string, unknown> {
  return isObject(value) && typeof value["findingType"] === "string" && "findingDetails" in value;
}

/** Reads one finding, or one page of it. Findings of other types are noted: they say nothing of permissions. */
export function readFinding(draft: Draft, value: Record<string, unknown>, pointer: string): void {
  draft.recognised(KIND);
  if (value["findingType"] === "UnusedPermission") return readUnusedPermission(draft, value, pointer);
  if (value["findingType"] === "UnusedIAMRole") return readUnusedRole(draft, value, pointer);
  const message = `a finding of type ${quoted(String(value["findingType"]))} says nothing of single actions`;
  draft.note("finding-type-ignored", pointer, message, "");
}

function readUnusedPermission(draft: Draft, value: Record<string, unknown>, pointer: string): void {
  const checked = isPermissionFinding(value) ? value : checkedFinding(draft, permissionFinding, value, pointer);
  if (checked === undefined) return;
  const { id, resource, status, updatedAt, findingDetails } = checked;
  if (parsePrincipalArn(resource) === undefined) {
    draft.refuse("wrong-shape", `${pointer}/resource`, `${quoted(resource)} is no ARN of a role or user`, "");
    return;
  }
  const said = {
    principalArn: resource,
    source: "access-analyzer",
    reportId: id,
    updatedAt: dateOrNull(updatedAt),
  } as const;
  if (status !== "ACTIVE") {
    draft.note("finding-not-active", pointer, `the finding is ${status}, so it removes nothing`, "");
    draft.usage.push({ ...said, active: false, lines: [] });
    return;
  }
  const lines: UsageLine[] = [];
  for (const [index, { unusedPermissionDetails: details }] of findingDetails.entries()) {
    if (details === null || details === undefined) continue;
    const result = reportLines(details.serviceNamespace, dateOrNull(details.lastAccessed), details.actions);
    if ("message" in result) {
      const place = `${pointer}/findingDetails/${index}`;
      draft.refuse(
        "bad-action-name",
        place,
        result.message,
        "the whole finding is left out, so that nothing is removed by mistake",
      );
      draft.usage.push({ ...said, active: false, lines: [] }); // takes its other pages back as well
      return;
    }
    for (const line of result) lines.push(line);
  }
  draft.usage.push({ ...said, active: true, lines });
}

/** A role that was not used at all for as long as the analyzer looks back. */
function readUnusedRole(draft: Draft, value: Record<string, unknown>, pointer: string): void {
  const checked = checkedFinding(draft, roleFinding, value, pointer);
  if (checked === undefined) return;
  const { id, resource, status, updatedAt, findingDetails } = checked;
  if (parsePrincipalArn(resource)?.kind !== "role") {
    draft.refuse("wrong-shape", `${pointer}/resource`, `${quoted(resource)} is no ARN of a role`, "");
    return;
  }
  const active = status === "ACTIVE";
  if (!active)
    draft.note("finding-not-active", pointer, `the finding is ${status}, so the role does not count as unused`, "");
  const details = findingDetails.find(({ unusedIamRoleDetails }) => isObject(unusedIamRoleDetails));
  draft.unusedPrincipals.push({
    principalArn: resource,
    reportId: id,
    active,
    updatedAt: dateOrNull(updatedAt),
    lastAccessed: dateOrNull(details?.unusedIamRoleDetails?.lastAccessed),
  });
}

function checkedFinding<T extends z.ZodType>(
  draft: Draft,
  schema: T,
  value: Record<string, unknown>,
  pointer: string,
): z.infer<T> | undefined {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const issue = firstIssue(checked.error);
  draft.refuse("wrong-shape", pointer + issue.pointer, issue.message, "get the finding again with get-finding-v2");
  return undefined;
}
