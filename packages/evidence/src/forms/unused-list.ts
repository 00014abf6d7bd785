import type { Unused, UsageLine } from "@leastwise/core";
import { unusedOf } from "@leastwise/core";
import { z } from "zod";
import { parsePrincipalArn } from "../arn.ts";
import type { Draft } from "../draft.ts";
import { dateOrNull, isObject, quoted } from "../fields.ts";
import { awsDate, isoDate } from "../zod-date.ts";
import { firstIssue } from "../zod-issue.ts";
import { reportLines } from "./unused-names.ts";

/** The article's form, `[{"serviceNamespace": "s3", "actions": ["GetBucketAcl"]}]`, alone or bound to a principal. */
const KIND = "list of unused actions";

/** Strict, because a misspelt `actions` would read as the whole service; `lastAccessed` is what Access Analyzer has there. */
const line = z.strictObject({
  serviceNamespace: z.string(),
  actions: z.array(z.string()).nullish(),
  lastAccessed: awsDate,
});
const lines = z.array(line);
const bound = z.strictObject({ arn: z.string(), date: isoDate.nullish(), unused: lines });

export function isUnusedList(value: unknown): value is readonly unknown[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((item) => isObject(item) && "serviceNamespace" in item)
  );
}

export function isBoundUnusedList(value: unknown): value is Record<string, unknown> {
  return isObject(value) && "arn" in value && "unused" in value;
}

/** Whether a value is what `readUnusedAlone` takes: a list of lines, perhaps empty, bound to a principal or not. */
export function isUnusedAlone(value: unknown): boolean {
  return isUnusedList(value) || isBoundUnusedList(value) || (Array.isArray(value) && value.length === 0);
}

export function readBoundUnusedList(draft: Draft, value: Record<string, unknown>, pointer: string): void {
  draft.recognised(KIND);
  const checked = bound.safeParse(value);
  if (!checked.success) {
    const issue = firstIssue(checked.error);
    draft.refuse(
      "wrong-shape",
      pointer + issue.pointer,
      issue.message,
      'the form is { "arn": …, "date": …, "unused": [{ "serviceNamespace": …, "actions": […] }] }',
    );
    return;
  }
  const { arn, date, unused } = checked.data;
  if (parsePrincipalArn(arn) === undefined) {
    draft.refuse("wrong-shape", `${pointer}/arn`, `${quoted(arn)} is no ARN of a role, user or group`, "");
    return;
  }
  const report = reportOf(unused);
  if ("message" in report) {
    draft.refuse(
      "bad-action-name",
      `${pointer}/unused${report.pointer}`,
      report.message,
      "the whole list is left out, so that nothing is removed by mistake",
    );
    return;
  }
  draft.usage.push({
    principalArn: arn,
    source: "plain-list",
    reportId: "",
    active: true,
    updatedAt: dateOrNull(date),
    lines: report,
  });
}

/** U of a list given beside one policy: bound or not, or a finding's details. What is wrong with it otherwise. */
export function readUnusedAlone(
  value: unknown,
): { readonly unused: Unused } | { readonly pointer: string; readonly message: string } {
  const prefix = isBoundUnusedList(value) ? "/unused" : "";
  const checked = lines.safeParse(isBoundUnusedList(value) ? value["unused"] : value);
  if (!checked.success) {
    const issue = firstIssue(checked.error);
    return { pointer: prefix + issue.pointer, message: issue.message };
  }
  const report = reportOf(checked.data);
  if ("message" in report) return { pointer: prefix + report.pointer, message: report.message };
  return { unused: unusedOf(report) };
}

function reportOf(
  list: z.infer<typeof lines>,
): readonly UsageLine[] | { readonly pointer: string; readonly message: string } {
  const report: UsageLine[] = [];
  for (const [index, { serviceNamespace, actions, lastAccessed }] of list.entries()) {
    const named = actions?.map((action) => ({ action }));
    const result = reportLines(serviceNamespace, dateOrNull(lastAccessed), named);
    if ("message" in result) return { pointer: `/${index}`, message: result.message };
    for (const service of result) report.push(service);
  }
  return report;
}
