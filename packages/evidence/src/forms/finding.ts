import type { UnusedReport } from "@leastwise/core";
import { z } from "zod";
import { parsePrincipalArn } from "../arn.ts";
import type { Draft } from "../draft.ts";
import { dateOrNull, isObject, quoted } from "../fields.ts";
import { firstIssue } from "../zod-issue.ts";
import { reportLines } from "./unused-names.ts";

/** `aws accessanalyzer get-finding-v2`. Source: botocore model accessanalyzer 2019-11-01. */
const KIND = "Access Analyzer finding";

const permission = z.looseObject({
  serviceNamespace: z.string(),
  actions: z.array(z.looseObject({ action: z.string() })).nullish(),
});

const finding = z.looseObject({
  id: z.string().min(1),
  resource: z.string(),
  status: z.enum(["ACTIVE", "ARCHIVED", "RESOLVED"]),
  updatedAt: z.union([z.string(), z.number()]).nullish(),
  findingDetails: z.array(z.looseObject({ unusedPermissionDetails: permission.nullish() })),
});

export function isFinding(value: unknown): value is Record<string, unknown> {
  return isObject(value) && typeof value["findingType"] === "string" && "findingDetails" in value;
}

/** Reads one finding, or one page of it. Findings of other types are noted: they say nothing of single actions. */
export function readFinding(draft: Draft, value: Record<string, unknown>, pointer: string): void {
  draft.recognised(KIND);
  if (value["findingType"] !== "UnusedPermission") {
    const message = `a finding of type ${quoted(String(value["findingType"]))} says nothing of single actions`;
    draft.note("finding-type-ignored", pointer, message, "");
    return;
  }
  const checked = finding.safeParse(value);
  if (!checked.success) {
    const issue = firstIssue(checked.error);
    draft.refuse("wrong-shape", pointer + issue.pointer, issue.message, "get the finding again with get-finding-v2");
    return;
  }
  const { id, resource, status, updatedAt, findingDetails } = checked.data;
  if (parsePrincipalArn(resource) === undefined) {
    draft.refuse("wrong-shape", `${pointer}/resource`, `${quoted(resource)} is no ARN of a role or user`, "");
    return;
  }
  const unused: UnusedReport[] = [];
  for (const [index, { unusedPermissionDetails: details }] of findingDetails.entries()) {
    if (details === null || details === undefined) continue;
    const lines = reportLines(
      details.serviceNamespace,
      details.actions?.map(({ action }) => action),
    );
    if ("message" in lines) {
      const place = `${pointer}/findingDetails/${index}`;
      draft.refuse(
        "bad-action-name",
        place,
        lines.message,
        "the whole finding is left out, so that nothing is removed by mistake",
      );
      return;
    }
    for (const line of lines) unused.push(line);
  }
  const active = status === "ACTIVE";
  if (!active) draft.note("finding-not-active", pointer, `the finding is ${status}, so it removes nothing`, "");
  draft.usage.push({
    principalArn: resource,
    source: "access-analyzer",
    reportId: id,
    active,
    updatedAt: dateOrNull(updatedAt),
    unused: active ? unused : [],
  });
}
