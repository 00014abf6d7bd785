import type { UsageLine } from "@leastwise/core";
import { z } from "zod";
import { parsePolicyArn, parsePrincipalArn } from "../arn.ts";
import type { Draft } from "../draft.ts";
import { dateOrNull, isObject, oneLine, quoted } from "../fields.ts";
import { principalOfPath } from "../principal-of-path.ts";
import { certainDate } from "../zod-date.ts";
import { firstIssue } from "../zod-issue.ts";
import { isActionName, isServicePrefix } from "./unused-names.ts";

/**
 * `aws iam get-service-last-accessed-details`, alone or wrapped with its principal. Source: botocore model iam 2010-05-08; for what
 * an absent date or list means, IAM User Guide, "Refine permissions using last accessed information".
 */
const KIND = "service last accessed details";

// Not loose, as it is faster to leave what AWS adds than to copy it and a large organization has very many of these.
const tracked = z.object({ ActionName: z.string(), LastAccessedTime: certainDate });
const service = z.object({
  ServiceNamespace: z.string(),
  LastAuthenticated: certainDate,
  TrackedActionsLastAccessed: z.array(tracked).nullish(),
});
const job = z.object({
  JobStatus: z.enum(["IN_PROGRESS", "COMPLETED", "FAILED"]),
  Error: z.looseObject({ Code: z.string().nullish(), Message: z.string().nullish() }).nullish(),
});
const completed = z.object({
  JobType: z.enum(["ACTION_LEVEL", "SERVICE_LEVEL"]).nullish(),
  JobCreationDate: certainDate,
  JobCompletionDate: certainDate,
  ServicesLastAccessed: z.array(service),
});
/** Our own form, so nothing else may stand in it. */
const wrapper = z.strictObject({ arn: z.string(), details: z.unknown() });

const GENERATE = "run `aws iam generate-service-last-accessed-details --arn ARN --granularity ACTION_LEVEL`";

export function isLastAccessed(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  if (!("details" in value)) return isReply(value);
  const { details } = value;
  return isReply(details) || ("arn" in value && Array.isArray(details) && details.some(isReply));
}

/** The reply of the job; reports with entities and of Organizations have a status too, and other lists. */
function isReply(value: unknown): boolean {
  if (!isObject(value)) return false;
  if ("ServicesLastAccessed" in value) return true;
  return "JobStatus" in value && !("EntityDetailsList" in value) && !("AccessDetails" in value);
}

/** Reads a reply, or one page of it. One bad name, date or field leaves all of it out. */
export function readLastAccessed(draft: Draft, value: Record<string, unknown>, pointer: string): void {
  draft.recognised(KIND);
  if (!("details" in value)) return readUnwrapped(draft, value, pointer);
  const checked = wrapper.safeParse(value);
  if (!checked.success) {
    const issue = firstIssue(checked.error);
    const hint = 'the form is { "arn": "arn:aws:iam::…", "details": … }';
    draft.refuse("wrong-shape", pointer + issue.pointer, issue.message, hint);
    return;
  }
  const { arn, details } = checked.data;
  if (!isPrincipal(draft, arn, `${pointer}/arn`)) return;
  const pages: readonly unknown[] = Array.isArray(details) ? details : [details];
  pages.forEach((page, index) => {
    readReply(draft, arn, page, Array.isArray(details) ? `${pointer}/details/${index}` : `${pointer}/details`);
  });
}

function readUnwrapped(draft: Draft, value: Record<string, unknown>, pointer: string): void {
  const principal = principalOfPath(draft.path);
  if (principal === undefined) {
    const hint =
      'wrap it: { "arn": "arn:aws:iam::…", "details": … }, or name the file by it: `123456789012/role/NAME.json`';
    draft.refuse("unbound-last-accessed", pointer, "service last accessed details that name no principal", hint);
    return;
  }
  if (isPrincipal(draft, principal, pointer)) readReply(draft, principal, value, pointer);
}

/** `ACCOUNT:kind/name`, as the path of a file may give it. */
const REFERENCE = /^\d{12}:(?:role|user|group)\//;

function isPrincipal(draft: Draft, principal: string, place: string): boolean {
  if (REFERENCE.test(principal) || parsePrincipalArn(principal) !== undefined) return true;
  if (parsePolicyArn(principal) !== undefined) {
    const message = `a report on the managed policy ${quoted(principal)} says nothing of a single principal`;
    draft.refuse("unsupported-input", place, message, `${GENERATE} with the ARN of each role, user or group`);
  } else {
    const message = `${quoted(principal)} is no ARN of a role, user or group`;
    draft.refuse("wrong-shape", place, message, "give the ARN that the report was generated with");
  }
  return false;
}

function readReply(draft: Draft, principalArn: string, value: unknown, pointer: string): void {
  const status = checkedBy(draft, job, value, pointer);
  if (status === undefined) return;
  if (status.JobStatus === "IN_PROGRESS") {
    const hint = "run `aws iam get-service-last-accessed-details --job-id JOB` again in a minute";
    draft.refuse("unfinished-report", pointer, "the report was not ready when it was asked for", hint);
    return;
  }
  if (status.JobStatus === "FAILED") {
    const { Code, Message } = status.Error ?? {};
    const reason = [Code, Message].filter((text) => typeof text === "string" && text !== "").join(", ");
    const message = `AWS could not make the report${reason === "" ? "" : `: ${oneLine(reason).replace(/\.$/, "")}`}`;
    draft.refuse("unfinished-report", pointer, message, `${GENERATE} again`);
    return;
  }
  const report = checkedBy(draft, completed, value, pointer);
  if (report === undefined) return;
  const hasTracked = report.ServicesLastAccessed.some((line) => (line.TrackedActionsLastAccessed ?? []).length > 0);
  const level = report.JobType ?? (hasTracked ? "ACTION_LEVEL" : "SERVICE_LEVEL");
  const updatedAt = dateOrNull(report.JobCreationDate) ?? dateOrNull(report.JobCompletionDate);
  const said = { principalArn, source: "last-accessed", reportId: level, updatedAt } as const;
  const lines: UsageLine[] = [];
  for (const [index, raw] of report.ServicesLastAccessed.entries()) {
    const line = lineOf(raw, level === "ACTION_LEVEL");
    if ("message" in line) {
      const place = `${pointer}/ServicesLastAccessed/${index}${line.pointer}`;
      const hint = "the whole report is left out, so that nothing is removed by mistake";
      draft.refuse("bad-action-name", place, line.message, hint);
      draft.usage.push({ ...said, active: false, lines: [] }); // takes its other pages back as well
      return;
    }
    lines.push(line);
  }
  draft.usage.push({ ...said, active: true, lines });
}

function lineOf(
  raw: z.infer<typeof service>,
  withActions: boolean,
): UsageLine | { readonly pointer: string; readonly message: string } {
  const { ServiceNamespace: namespace, LastAuthenticated, TrackedActionsLastAccessed } = raw;
  if (!isServicePrefix(namespace))
    return { pointer: "/ServiceNamespace", message: `${quoted(namespace)} is no service prefix` };
  const lastAccessed = dateOrNull(LastAuthenticated);
  const actions: string[] = [];
  const accessed: [string, string][] = [];
  for (const [index, { ActionName, LastAccessedTime }] of (TrackedActionsLastAccessed ?? []).entries()) {
    const name = bareName(namespace, ActionName);
    if (!isActionName(name)) {
      const pointer = `/TrackedActionsLastAccessed/${index}/ActionName`;
      return { pointer, message: `${quoted(ActionName)} is no action name of ${quoted(namespace)}` };
    }
    actions.push(name);
    const date = dateOrNull(LastAccessedTime);
    if (date !== null) accessed.push([name, date]);
  }
  if (!withActions || actions.length === 0) return { service: namespace, lastAccessed, actions: null, accessed: [] };
  return { service: namespace, lastAccessed, actions, accessed };
}

/** AWS gives bare names here; the service in front of one is taken off. */
function bareName(namespace: string, name: string): string {
  const prefix = `${namespace}:`;
  return name.toLowerCase().startsWith(prefix.toLowerCase()) ? name.slice(prefix.length) : name;
}

function checkedBy<T extends z.ZodType>(
  draft: Draft,
  schema: T,
  value: unknown,
  pointer: string,
): z.infer<T> | undefined {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const issue = firstIssue(checked.error);
  const hint = "export it again with `aws iam get-service-last-accessed-details --job-id JOB`";
  draft.refuse("wrong-shape", pointer + issue.pointer, issue.message, hint);
  return undefined;
}
