import type { HandoffFacts, PolicyRecommendationRow } from "@leastwise/store";
import { safeName } from "../format/diff.ts";
import { answerOf } from "./answer.ts";
import type { Change, Holder, Plan } from "./change.ts";
import { isLegalName, isLegalPolicyArn } from "./legal-names.ts";
import { changeId, document, holdersDocument, nameOf } from "./plan-principal.ts";

const HOLDER = /^arn:[\w-]+:iam::\d{12}:(role|user|group)\//;

/**
 * What is to be done in place to a customer managed policy that several principals have: a new version for all; or, where it goes, one
 * change for each of them. In place nothing is split (SEMANTICS 9.4). `isBlocked`: whether somebody keeps more in it than others use.
 */
export function planShared(
  row: PolicyRecommendationRow,
  holderArns: readonly string[],
  isBlocked: boolean,
  facts: HandoffFacts,
): Plan {
  const leave = (reason: string, isRefused = false): Plan => ({
    changes: [],
    notApplied: [{ arn: row.policy_key, policyName: row.policy_name, reason, documents: [], isRefused }],
  });
  if (row.left_because !== null) return leave(`left alone: ${row.left_because}`);
  const answer = answerOf(row);
  if (answer.type === "keep") {
    return isBlocked
      ? leave("it is shared, and nothing goes from it for all that have it; see --shared copies")
      : { changes: [], notApplied: [] };
  }
  if (answer.type === "unfit") return leave(answer.reason);
  const holders = holderArns.map(holderOf);
  if (!isLegalPolicyArn(row.policy_key) || !holders.every(({ name }) => isLegalName(name)))
    return leave("IAM allows no such name, so the export is not genuine", true);
  const stem = `policy/${safeName(row.policy_name)}`;
  const before = document(stem, "before", row.existing_policy);
  if (answer.type === "documents") {
    const after = answer.texts.map((text) => document(stem, "after", text));
    const documents = [before, ...after, holdersDocument(stem, holders)];
    return { changes: [{ type: "version", id: stem, policyArn: row.policy_key, documents }], notApplied: [] };
  }
  const foreign = holderArns.find((arn) => facts.markOf(arn) !== null);
  if (foreign !== undefined) return leave(`${foreign} has it too, to which nobody but AWS attaches policies`);
  const changes = holders.map((holder, i): Change => ({
    type: "swap",
    id: changeId(holder.kind, holder.name, "customer", row.policy_name),
    stem,
    holder,
    how: "managed",
    old: row.policy_key,
    copies: [],
    documents: i === 0 ? [before] : [],
  }));
  return { changes, notApplied: [] };
}

function holderOf(arn: string): Holder {
  const kind = HOLDER.exec(arn)?.[1] as Holder["kind"] | undefined; // the pattern names just these
  return { kind: kind ?? "role", name: kind === undefined ? "" : nameOf(arn), arn }; // no legal name: refused by who asks
}
