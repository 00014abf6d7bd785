import { type Random, pick, randomFrom } from "../random.ts";
import { type AccountSize, isChanged } from "./account-sizes.ts";
import type { ManagedPolicy } from "./managed-policies.ts";
import type { OrganizationShape } from "./shape.ts";
import { type ServiceUsage, usageOf } from "./usage.ts";

/** IAM's limit for a customer managed policy, in characters without white space; AWS's own may be larger. */
const LARGEST_OWN = 6144;
/** Customer managed policies that the roles of an account share. */
const SHARED = 8;
/** Keeps the choice of evidence apart from what policies and usage are drawn from. */
const STREAM = 0x2c1b_3c6d;

export interface Account {
  readonly accountId: string;
  readonly roles: readonly Role[];
  /** Policies that stand in the export: those that a role holds, and the shared ones. */
  readonly policies: readonly ManagedPolicy[];
}

export interface Role {
  readonly n: number;
  readonly accountId: string;
  readonly arn: string;
  readonly isBaseline: boolean;
  readonly wasUsed: boolean;
  readonly attached: readonly ManagedPolicy[];
  readonly inline: ManagedPolicy;
  readonly usage: readonly ServiceUsage[];
  readonly hasFinding: boolean;
  readonly hasLastAccessed: boolean;
}

/** Policies to draw from: any for what AWS manages, within IAM's limits for what customers write. */
export interface PolicyStock {
  readonly all: readonly ManagedPolicy[];
  readonly own: readonly ManagedPolicy[];
}

export function stockOf(all: readonly ManagedPolicy[]): PolicyStock {
  return { all, own: all.filter(({ document }) => JSON.stringify(document).length <= LARGEST_OWN) };
}

/** One account. It depends on the shape, its index and its number of roles, and on no other account. O(roles). */
export function accountOf(shape: OrganizationShape, { index, roles: count }: AccountSize, stock: PolicyStock): Account {
  const { seed, changed, baselineShare, findings, lastAccessed, lastUsed } = shape;
  const accountId = String(100_000_000_000 + index);
  const random = randomFrom((isChanged(shape, index) ? (changed?.seed ?? seed) : seed) + 7919 * index);
  const shared = Array.from({ length: SHARED }, (_, n) => customerPolicy(accountId, n, pick(random, stock.own)));
  const used = new Map<string, ManagedPolicy>();
  const roles = Array.from({ length: count }, (_, n): Role => {
    const isBaseline = n < baselineShare * count;
    const own = isBaseline ? randomFrom(seed + n) : random;
    const managed = [pick(own, stock.all), pick(own, stock.all)];
    const customer = isBaseline ? customerPolicy(accountId, n + SHARED, pick(own, stock.own)) : pick(own, shared);
    const inline = pick(own, stock.own);
    const attached = [...managed, customer];
    for (const policy of isBaseline ? [customer, ...managed] : managed) used.set(policy.arn, policy);
    const evidence = evidenceOf(isBaseline ? seed + n : seed + 7919 * index + 104_729 * n);
    return {
      n,
      accountId,
      arn: `arn:aws:iam::${accountId}:role/app/role-${n}`,
      isBaseline,
      wasUsed: lastUsed,
      attached,
      inline,
      usage: usageOf(own, [...attached, inline]),
      hasFinding: evidence() < findings,
      hasLastAccessed: evidence() < lastAccessed,
    };
  });
  return { accountId, roles, policies: [...used.values(), ...shared] };
}

function evidenceOf(seed: number): Random {
  return randomFrom(seed ^ STREAM);
}

function customerPolicy(accountId: string, n: number, { document, granted }: ManagedPolicy): ManagedPolicy {
  return { name: `shared-${n}`, arn: `arn:aws:iam::${accountId}:policy/shared-${n}`, document, granted };
}
