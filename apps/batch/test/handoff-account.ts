import type { HandoffFacts, PolicyRecommendationRow, RecommendationRow } from "@leastwise/store";
import type { Change } from "../src/handoff/change.ts";
import { OutputFolder } from "../src/handoff/output-folder.ts";
import { type SharedBy, planPrincipal } from "../src/handoff/plan-principal.ts";
import { planShared } from "../src/handoff/plan-shared.ts";
import { scriptsOf } from "../src/handoff/scripts.ts";
import { terraformOf } from "../src/handoff/terraform.ts";
import { type PolicyDocument, allowing } from "./leastwise.ts";
import { StubIam } from "./stub-aws/stub-iam.ts";

export const ACCOUNT = "123456789012";

/** A policy in AWS and what is recommended in its place: other documents, or none. */
export interface Case {
  readonly before: PolicyDocument;
  readonly after: readonly PolicyDocument[];
}

/** An account as it is in AWS, and as it was analysed: tests change the one behind the other's back. */
export class HandoffAccount {
  readonly iam = new StubIam();
  readonly #rows = new Map<string, RecommendationRow[]>();
  readonly #shared: { readonly row: PolicyRecommendationRow; readonly holders: readonly string[] }[] = [];
  readonly #holders = new Map<string, string[]>();
  readonly #marks = new Map<string, string>();
  readonly partition: string;

  constructor(partition = "aws") {
    this.partition = partition;
    this.iam.partition = partition;
    this.iam.account = ACCOUNT;
  }

  arn(key: string): string {
    return `arn:${this.partition}:iam::${ACCOUNT}:${key}`;
  }

  mark(key: string, mark: string): void {
    this.#marks.set(this.arn(key), mark);
  }

  inline(key: string, name: string, { before, after }: Case): void {
    this.iam.principal(key).inline.set(name, JSON.stringify(before));
    this.#add(key, row(this.arn(key), "inline", `${this.arn(key)}#${name}`, name, before, after));
  }

  /** A managed policy of one principal. `older`: documents of its earlier versions. */
  managed(key: string, policyArn: string, { before, after }: Case, older: readonly PolicyDocument[] = []): void {
    if (!this.iam.policies.has(policyArn)) this.iam.managed(policyArn, ...older, before);
    this.iam.principal(key).attached.add(policyArn);
    this.#holders.set(policyArn, [...(this.#holders.get(policyArn) ?? []), this.arn(key)]);
    const kind = policyArn.includes(":iam::aws:") ? "aws" : "customer";
    this.#add(key, row(this.arn(key), kind, policyArn, policyArn.slice(policyArn.lastIndexOf("/") + 1), before, after));
  }

  /** A customer managed policy of several principals, and what is recommended in place. */
  shared(keys: readonly string[], policyArn: string, { before, after }: Case): void {
    for (const key of keys) this.managed(key, policyArn, { before, after });
    const {
      principal_arn: _arn,
      principal_kind: _kind,
      policy_kind: _policyKind,
      ...rest
    } = row(
      this.arn(keys[0] ?? ""),
      "customer",
      policyArn,
      policyArn.slice(policyArn.lastIndexOf("/") + 1),
      before,
      after,
    );
    this.#shared.push({
      row: { ...rest, principals: keys.length, parts: null, fit: "fits" },
      holders: keys.map((key) => this.arn(key)),
    });
  }

  facts(): HandoffFacts {
    return {
      markOf: (arn) => this.#marks.get(arn) ?? null,
      standingOf: (arn) => ({ holders: this.#holders.get(arn)?.length ?? 0, attachmentCount: null, isBoundary: false }),
      isNameTaken: (_account, name) => [...this.iam.policies.keys()].some((arn) => arn.endsWith(`/${name}`)),
      attachedTo: (arn) =>
        (this.#rows.get(arn) ?? []).map(({ policy_key: key, policy_kind: kind, policy_name: name }) => ({
          key,
          kind,
          name,
        })),
    };
  }

  plan(shared: SharedBy = "in-place"): readonly (readonly Change[])[] {
    const facts = this.facts();
    const inPlace = shared === "in-place" ? this.#shared : [];
    return [
      ...inPlace.map(({ row: policy, holders }) => planShared(policy, holders, false, facts).changes),
      ...[...this.#rows.values()].map((rows) => planPrincipal(rows, facts, shared).changes),
    ].filter((changes) => changes.length > 0);
  }

  /** Writes the Terraform configuration and gives its folder. */
  writeTerraform(folder: string): string {
    const account = { partition: this.partition, accountId: ACCOUNT };
    const writer = terraformOf(new OutputFolder(folder), this.facts(), account);
    for (const changes of this.plan()) writer.add(changes);
    writer.finish(0);
    return `${folder}/${ACCOUNT}`;
  }

  /** Writes the scripts and gives their folder. */
  write(folder: string, shared: SharedBy = "in-place"): string {
    const writer = scriptsOf(new OutputFolder(folder), { partition: this.partition, accountId: ACCOUNT });
    for (const changes of this.plan(shared)) writer.add(changes);
    writer.finish(0);
    return `${folder}/${ACCOUNT}`;
  }

  #add(key: string, added: RecommendationRow): void {
    const arn = this.arn(key);
    this.#rows.set(arn, [...(this.#rows.get(arn) ?? []), added]);
  }
}

/** A recommendation as the database gives it; several documents are a split one. */
export function row(
  principalArn: string,
  policyKind: RecommendationRow["policy_kind"],
  policyKey: string,
  policyName: string,
  before: PolicyDocument,
  after: readonly PolicyDocument[],
): RecommendationRow {
  const existing = JSON.stringify(before);
  const texts = after.map((document) => JSON.stringify(document));
  const [, kind = "role"] = /:(role|user|group)\//.exec(principalArn) ?? [];
  return {
    account_id: ACCOUNT,
    principal_arn: principalArn,
    principal_kind: kind as RecommendationRow["principal_kind"], // the pattern names just these
    policy_key: policyKey,
    policy_kind: policyKind,
    policy_name: policyName,
    policy_updated_at: null,
    unit_id: 1,
    left_because: null,
    recommended_action: texts[0] === undefined ? "DETACH_POLICY" : texts[0] === existing ? "NONE" : "CREATE_POLICY",
    actions_before: 2,
    actions_after: 1,
    characters_before: existing.length,
    characters_after: texts[0]?.length ?? 0,
    existing_policy: existing,
    recommended_policy: texts[0] ?? null,
    catalog_sha256: "",
    started_at: "",
    finished_at: null,
    size_before: existing.length,
    size_after: Math.max(0, ...texts.map((text) => text.length)),
    size_limit: 6144,
    form: "prefixes",
    fit: texts.length > 1 ? "split" : "fits",
    parts: texts.length > 1 ? JSON.stringify(texts) : null,
  };
}

/** One of each way in which a policy may change; names that a careless script would trip over. */
export const CASES: Readonly<Record<string, (account: HandoffAccount) => void>> = {
  "an inline policy gets smaller": (account) => {
    account.inline("role/-checkout", "read,orders=@+.", {
      before: allowing("s3:*", "sqs:*"),
      after: [allowing("s3:Get*")],
    });
    account.inline("user/ops", "ops", { before: allowing("ec2:*"), after: [allowing("ec2:Describe*")] });
    account.inline("group/team", "team", { before: allowing("sns:*"), after: [allowing("sns:Publish")] });
  },
  "an inline policy goes": (account) => {
    account.inline("role/checkout", "old", { before: allowing("s3:*"), after: [] });
    account.inline("role/checkout", "other", { before: allowing("sqs:*"), after: [allowing("sqs:*")] });
  },
  "an inline policy is split": (account) => {
    account.inline("role/checkout", "wide", {
      before: allowing("s3:*", "sqs:*"),
      after: [allowing("s3:Get*"), allowing("sqs:Send*")],
    });
  },
  "a customer managed policy of one principal": (account) => {
    account.managed("role/checkout", account.arn("policy/team`$(id)'\"x/Own"), {
      before: allowing("s3:*"),
      after: [allowing("s3:Get*")],
    });
  },
  "a customer managed policy with five versions": (account) => {
    const older = ["s3:GetA", "s3:GetB`'$(id)\"", "s3:GetC", "s3:GetD"].map((action) => allowing(action));
    account.managed(
      "user/ops",
      account.arn("policy/Own"),
      { before: allowing("s3:*"), after: [allowing("s3:Get*")] },
      older,
    );
  },
  "a customer managed policy is split": (account) => {
    account.managed("role/checkout", account.arn("policy/Own"), {
      before: allowing("s3:*", "sqs:*"),
      after: [allowing("s3:Get*"), allowing("sqs:Send*")],
    });
  },
  "a customer managed policy is detached": (account) => {
    account.managed("group/team", account.arn("policy/a/b/Own"), { before: allowing("s3:*"), after: [] });
  },
  "an AWS managed policy gets a copy": (account) => {
    account.managed("role/checkout", `arn:${account.partition}:iam::aws:policy/service-role/S3All`, {
      before: allowing("s3:*"),
      after: [allowing("s3:Get*")],
    });
  },
  "an AWS managed policy is detached": (account) => {
    account.managed("user/ops", `arn:${account.partition}:iam::aws:policy/S3All`, {
      before: allowing("s3:*"),
      after: [],
    });
  },
  "a shared policy in place": (account) => {
    account.shared(["role/a", "user/b", "group/c"], account.arn("policy/Shared"), {
      before: allowing("s3:*"),
      after: [allowing("s3:Get*")],
    });
  },
  "a shared policy that goes": (account) => {
    account.shared(["role/a", "user/b"], account.arn("policy/Shared"), { before: allowing("s3:*"), after: [] });
  },
};
