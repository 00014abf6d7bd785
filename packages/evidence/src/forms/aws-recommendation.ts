import type { AwsStep, DocumentRecord } from "@leastwise/core";
import { z } from "zod";
import { parsePrincipalArn } from "../arn.ts";
import type { Draft } from "../draft.ts";
import { dateOrNull, isObject, oneLine, quoted } from "../fields.ts";
import { readDocument } from "../policy-document.ts";
import { awsDate } from "../zod-date.ts";
import { firstIssue } from "../zod-issue.ts";

/**
 * What AWS itself recommends, to be compared with ours: `aws accessanalyzer get-finding-recommendation` (botocore model
 * accessanalyzer 2019-11-01) and `aws securityhub get-recommended-policy-v2` (securityhub 2018-10-26), which has the same fields in
 * PascalCase and the existing policy's text. Our own `leastwise export --format access-analyzer` is the former.
 */
const KIND = "recommendation by AWS";

const text = z.string().nullish();
const upper = z.string().transform((word) => word.toUpperCase());
const status = upper.pipe(z.enum(["SUCCEEDED", "FAILED", "IN_PROGRESS"]));
const action = upper.pipe(z.enum(["CREATE_POLICY", "DETACH_POLICY"]));
/** AWS documents `UnusedPermissionRecommendation` and prints `UNUSED_PERMISSION_RECOMMENDATION`. */
const UNUSED_PERMISSION = /^unused_?permission_?recommendation$/i;

const analyzerStep = z.looseObject({
  recommendedAction: action,
  existingPolicyId: z.string().min(1),
  policyUpdatedAt: awsDate,
  recommendedPolicy: text,
});
const analyzer = z.looseObject({
  recommendationType: text,
  resourceArn: z.string(),
  status,
  completedAt: awsDate,
  error: z.looseObject({ code: text, message: text }).nullish(),
  recommendedSteps: z.array(z.looseObject({ unusedPermissionsRecommendedStep: analyzerStep })).nullish(),
});
const hubStep = z.looseObject({
  RecommendedAction: action,
  ExistingPolicyId: z.string().min(1),
  PolicyUpdatedAt: awsDate,
  ExistingPolicy: text,
  RecommendedPolicy: text,
});
const hub = z.looseObject({
  RecommendationType: text,
  ResourceArn: z.string(),
  Status: status,
  Error: z.looseObject({ Code: text, Message: text }).nullish(),
  RecommendationSteps: z.array(z.looseObject({ UnusedPermissions: hubStep })).nullish(),
});

/** Either shape in the words of the former, and what its fields are called. */
interface Recommendation {
  readonly source: "access-analyzer" | "security-hub";
  readonly type: { readonly value: string | null | undefined; readonly pointer: string };
  readonly resource: { readonly value: string; readonly pointer: string };
  readonly status: z.infer<typeof status>;
  readonly completedAt: string | null;
  readonly error: readonly (string | null | undefined)[];
  readonly steps: readonly Step[];
}

interface Step {
  readonly recommendedAction: z.infer<typeof action>;
  readonly policyId: string;
  readonly policyUpdatedAt: string | null;
  readonly recommended: Field;
  readonly existing: Field;
}

interface Field {
  readonly value: string | null | undefined;
  readonly pointer: string;
}

export function isAwsRecommendation(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  return ["recommendationType", "recommendedSteps", "RecommendationType", "RecommendationSteps"].some(
    (key) => key in value,
  );
}

/** Reads one recommendation, or one page of its steps. One bad document leaves all of it out: half of it is no answer. */
export function readAwsRecommendation(draft: Draft, value: Record<string, unknown>, pointer: string): void {
  draft.recognised(KIND);
  const isHub = "RecommendationType" in value || "RecommendationSteps" in value;
  const checked = isHub ? hub.transform(ofHub).safeParse(value) : analyzer.transform(ofAnalyzer).safeParse(value);
  if (!checked.success) {
    const issue = firstIssue(checked.error);
    draft.refuse("wrong-shape", pointer + issue.pointer, issue.message, "get the recommendation again");
    return;
  }
  const { source, type, resource, error, completedAt, ...rest } = checked.data;
  if (typeof type.value === "string" && !UNUSED_PERMISSION.test(type.value)) {
    const message = `a recommendation of type ${quoted(type.value)} names no policies`;
    draft.refuse("unsupported-input", pointer + type.pointer, message, "leave it out; the rest counts");
    return;
  }
  if (parsePrincipalArn(resource.value) === undefined) {
    const message = `${quoted(resource.value)} is no ARN of a role or user`;
    draft.refuse("wrong-shape", pointer + resource.pointer, message, "get the recommendation again");
    return;
  }
  const documents: DocumentRecord[] = [];
  const steps: AwsStep[] = [];
  for (const step of rest.steps) {
    const { recommendedAction, policyId, policyUpdatedAt } = step;
    const isCreated = recommendedAction === "CREATE_POLICY";
    const recommended = isCreated ? documentOf(step.recommended) : NO_DOCUMENT;
    const existing = isBlank(step.existing.value) ? NO_DOCUMENT : documentOf(step.existing);
    for (const result of [recommended, existing]) {
      if ("message" in result) {
        const hint = "the whole recommendation is left out; get it again";
        draft.refuse("invalid-policy", pointer + result.pointer, result.message, hint);
        return;
      }
      documents.push(...result.documents);
    }
    const [recommendedSha256, existingSha256] = [hashOf(recommended), hashOf(existing)];
    steps.push({ recommendedAction, policyId, policyUpdatedAt, recommendedSha256, existingSha256 });
  }
  for (const document of documents) draft.addDocument(document);
  draft.awsRecommendations.push({
    principalArn: resource.value,
    source,
    status: rest.status,
    error: oneLine(error.filter((part) => !isBlank(part)).join(": ")),
    completedAt,
    steps,
  });
}

type Documents = { readonly documents: readonly DocumentRecord[] };
type Problem = { readonly pointer: string; readonly message: string };

const NO_DOCUMENT: Documents = { documents: [] };

function documentOf({ value, pointer }: Field): Documents | Problem {
  if (isBlank(value)) return { pointer, message: "the policy to create is missing" };
  const result = readDocument(value);
  return "record" in result
    ? { documents: [result.record] }
    : { pointer: pointer + result.pointer, message: result.message };
}

function hashOf(result: Documents | Problem): string | null {
  return "documents" in result ? (result.documents[0]?.sha256 ?? null) : null;
}

function isBlank(value: string | null | undefined): boolean {
  return value === null || value === undefined || value.trim() === "";
}

function ofAnalyzer(value: z.infer<typeof analyzer>): Recommendation {
  return {
    source: "access-analyzer",
    type: { value: value.recommendationType, pointer: "/recommendationType" },
    resource: { value: value.resourceArn, pointer: "/resourceArn" },
    status: value.status,
    completedAt: dateOrNull(value.completedAt),
    error: [value.error?.code, value.error?.message],
    steps: (value.recommendedSteps ?? []).map(({ unusedPermissionsRecommendedStep: step }, index) => {
      const place = `/recommendedSteps/${index}/unusedPermissionsRecommendedStep`;
      return {
        recommendedAction: step.recommendedAction,
        policyId: step.existingPolicyId,
        policyUpdatedAt: dateOrNull(step.policyUpdatedAt),
        recommended: { value: step.recommendedPolicy, pointer: `${place}/recommendedPolicy` },
        existing: { value: null, pointer: place },
      };
    }),
  };
}

function ofHub(value: z.infer<typeof hub>): Recommendation {
  return {
    source: "security-hub",
    type: { value: value.RecommendationType, pointer: "/RecommendationType" },
    resource: { value: value.ResourceArn, pointer: "/ResourceArn" },
    status: value.Status,
    completedAt: null, // Security Hub does not say
    error: [value.Error?.Code, value.Error?.Message],
    steps: (value.RecommendationSteps ?? []).map(({ UnusedPermissions: step }, index) => {
      const place = `/RecommendationSteps/${index}/UnusedPermissions`;
      return {
        recommendedAction: step.RecommendedAction,
        policyId: step.ExistingPolicyId,
        policyUpdatedAt: dateOrNull(step.PolicyUpdatedAt),
        recommended: { value: step.RecommendedPolicy, pointer: `${place}/RecommendedPolicy` },
        existing: { value: step.ExistingPolicy, pointer: `${place}/ExistingPolicy` },
      };
    }),
  };
}
