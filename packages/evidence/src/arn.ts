import type { PrincipalKind } from "@leastwise/core";

export interface PrincipalArn {
  readonly accountId: string;
  readonly kind: PrincipalKind;
  readonly path: string;
  readonly name: string;
}

const PRINCIPAL = /^arn:[\w-]+:iam::(\d{12}):(role|user|group)(\/(?:[!-~]+\/)?)([\w+=,.@-]+)$/;

/** The parts of a role's, user's or group's ARN, or undefined for any other text. Source: IAM User Guide, "IAM ARNs". */
export function parsePrincipalArn(arn: string): PrincipalArn | undefined {
  const [, accountId, kind, path, name] = PRINCIPAL.exec(arn) ?? [];
  if (accountId === undefined || kind === undefined || path === undefined || name === undefined) return undefined;
  return { accountId, kind: kind as PrincipalKind, path, name }; // the expression allows just these kinds
}

const MANAGED_POLICY = /^arn:[\w-]+:iam::(\d{12}|aws):policy\/(?:[!-~]+\/)?([\w+=,.@-]+)$/;

/** The account and name of a managed policy's ARN; the account is null for AWS managed ones. */
export function parsePolicyArn(arn: string): { readonly accountId: string | null; readonly name: string } | undefined {
  const [, account, name] = MANAGED_POLICY.exec(arn) ?? [];
  if (account === undefined || name === undefined) return undefined;
  return { accountId: account === "aws" ? null : account, name };
}
