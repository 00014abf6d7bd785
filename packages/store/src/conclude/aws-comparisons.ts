import { type AwsStep, type CatalogTrie, type Comparison, type PolicyDocument, comparePolicies } from "@leastwise/core";
import type { Connection } from "../database.ts";
import type { Run } from "../runs.ts";

interface AwsPage {
  readonly source: string;
  readonly completed_at: string;
  readonly status: string;
  readonly error: string;
  readonly steps: string;
}

interface OursRow {
  readonly policy_id: number;
  readonly key: string;
  readonly name: string;
  readonly kind: string;
  readonly updated_at: string | null;
  readonly existing_sha256: string;
  readonly existing: string;
  readonly final: string | null;
  readonly state: string;
}

/** What AWS says of one policy: a document to put in place, or null to detach it, or nothing where it leaves it as it is. */
interface AwsAnswer {
  readonly action: "CREATE_POLICY" | "DETACH_POLICY" | "NONE";
  readonly sha256: string | null;
  readonly step: AwsStep | undefined;
}

/**
 * Puts AWS's own recommendations beside ours, policy by policy. A policy that AWS's answer for a principal does not name is one that
 * it leaves as it is. Of several answers of one source the newest counts, pages of one date together.
 */
export function compareWithAws(db: Connection, { runId }: Run, trie: CatalogTrie): void {
  db.prepare("DELETE FROM aws_comparison WHERE run_id = ?").run(runId);
  const ours = db.prepare<[number, number], OursRow>(
    `SELECT r.policy_id, po.key, po.name, po.kind, pd.updated_at, d.sha256 AS existing_sha256, d.text AS existing,
            f.text AS final, u.state
     FROM recommendation r JOIN unit u USING (unit_id) JOIN policy po USING (policy_id)
     JOIN policy_document pd ON pd.run_id = r.run_id AND pd.policy_id = r.policy_id
     JOIN document d ON d.document_id = u.document_id LEFT JOIN document f ON f.document_id = u.final_document_id
     WHERE r.run_id = ? AND r.principal_id = ? ORDER BY po.key`,
  );
  const document = db.prepare<[string], { document_id: number; text: string }>(
    "SELECT document_id, text FROM document WHERE sha256 = ?",
  );
  const insert = db.prepare(
    `INSERT INTO aws_comparison (run_id, principal_id, policy_id, source, verdict, aws_action, aws_document_id, aws_error, is_current, ours_only, aws_only)
     VALUES ($runId, $principalId, $policyId, $source, $verdict, $action, $documentId, $error, $isCurrent, $oursOnly, $awsOnly)`,
  );
  for (const { principalId, source, status, error, steps } of newestAnswers(db, runId)) {
    for (const policy of ours.all(runId, principalId)) {
      const row = { runId, principalId, policyId: policy.policy_id, source, error };
      const answer = answerFor(steps, policy);
      const theirs = answer.sha256 === null ? undefined : document.get(answer.sha256);
      if (status !== "SUCCEEDED" || policy.state !== "done") {
        insert.run({
          ...row,
          verdict: "no-answer",
          action: null,
          documentId: null,
          isCurrent: 1,
          oursOnly: "[]",
          awsOnly: "[]",
        });
        continue;
      }
      const theirText = answer.action === "NONE" ? policy.existing : (theirs?.text ?? null);
      const { verdict, firstOnly, secondOnly } = compared(trie, policy.final, theirText);
      insert.run({
        ...row,
        verdict,
        action: answer.action,
        documentId: theirs?.document_id ?? null,
        isCurrent: isCurrent(answer.step, policy) ? 1 : 0,
        oursOnly: JSON.stringify(firstOnly),
        awsOnly: JSON.stringify(secondOnly),
      });
    }
  }
}

function compared(trie: CatalogTrie, ours: string | null, theirs: string | null): Comparison {
  return comparePolicies(trie, parsed(ours), parsed(theirs));
}

function parsed(text: string | null): PolicyDocument | null {
  return text === null ? null : (JSON.parse(text) as PolicyDocument); // checked when it was read
}

/** An inline policy's id is its name, a managed one's its ARN. */
function answerFor(steps: readonly AwsStep[], { key, name, kind }: OursRow): AwsAnswer {
  const id = kind === "inline" ? name : key;
  const about = steps.filter(({ policyId }) => policyId === id);
  const create = about.find(({ recommendedAction }) => recommendedAction === "CREATE_POLICY");
  if (create !== undefined) return { action: "CREATE_POLICY", sha256: create.recommendedSha256, step: create };
  const detach = about[0];
  return { action: detach === undefined ? "NONE" : "DETACH_POLICY", sha256: null, step: detach };
}

/** Whether AWS has looked at the policy as it is in the export, as far as it says what it looked at. */
function isCurrent(step: AwsStep | undefined, { existing_sha256, updated_at }: OursRow): boolean {
  if (step?.existingSha256 !== undefined && step.existingSha256 !== null)
    return step.existingSha256 === existing_sha256;
  if (step?.policyUpdatedAt === undefined || step.policyUpdatedAt === null || updated_at === null) return true;
  return step.policyUpdatedAt.slice(0, 19) === updated_at.slice(0, 19); // to the second: one of both may have no fractions
}

interface Answer {
  readonly principalId: number;
  readonly source: string;
  readonly status: string;
  readonly error: string;
  readonly steps: readonly AwsStep[];
}

/** Why there is no answer, as far as AWS says. */
function errorOf({ status, error }: AwsPage): string {
  return error === "" && status === "IN_PROGRESS" ? "it was not finished" : error;
}

/** A principal at a time. */
function* newestAnswers(db: Connection, runId: number): Generator<Answer> {
  const principals = db
    .prepare<[number], { principal_id: number; arn: string }>(
      `SELECT DISTINCT p.principal_id, p.arn FROM aws_recommendation a JOIN principal p ON p.arn = a.principal_arn
       JOIN run_principal rp ON rp.run_id = a.run_id AND rp.principal_id = p.principal_id WHERE a.run_id = ? ORDER BY p.arn`,
    )
    .all(runId);
  const pagesOf = db.prepare<[number, string], AwsPage>(
    `SELECT source, completed_at, status, error, steps FROM aws_recommendation WHERE run_id = ? AND principal_arn = ?
     ORDER BY source, completed_at DESC, status DESC, steps`, // SUCCEEDED before what is not, of one date
  );
  for (const { principal_id: principalId, arn } of principals) {
    const answers = new Map<string, { readonly newest: AwsPage; readonly steps: AwsStep[] }>();
    for (const page of pagesOf.all(runId, arn)) {
      const steps = JSON.parse(page.steps) as AwsStep[]; // this program wrote it
      const known = answers.get(page.source);
      if (known === undefined) answers.set(page.source, { newest: page, steps });
      else if (known.newest.completed_at === page.completed_at && known.newest.status === page.status)
        for (const step of steps) known.steps.push(step);
    }
    for (const { newest, steps } of answers.values())
      yield { principalId, source: newest.source, status: newest.status, error: errorOf(newest), steps };
  }
}
