import type { PrincipalKind } from "@leastwise/core";

/** A principal, by names that IAM allows (`legal-names.ts`). */
export interface Holder {
  readonly kind: PrincipalKind;
  readonly name: string;
  readonly arn: string;
}

/** A file of the hand-over: a path below the account's folder, of safe names, and what is in it. */
export interface Document {
  readonly path: string;
  readonly text: string;
}

interface Common {
  /** Unique in the account, made of safe names and slashes: what logs and `--only` call the change. */
  readonly id: string;
  /** What has to lie beside for it, where no earlier change has brought it. */
  readonly documents: readonly Document[];
}

/** Another document for an inline policy: `policies/ID.before.json` becomes `policies/ID.after.json`. */
export interface InlineChange extends Common {
  readonly type: "inline";
  readonly holder: Holder;
  readonly policyName: string;
}

/** Another document for a customer managed policy, for all that have it; `policies/ID.holders.txt` lists them. */
export interface VersionChange extends Common {
  readonly type: "version";
  readonly policyArn: string;
}

/** Customer managed copies are attached, then the old policy is detached (inline: deleted); without copies it only goes. */
export interface SwapChange extends Common {
  readonly type: "swap";
  readonly holder: Holder;
  /** `policies/STEM.before.json` and, of the copies in their order, `policies/STEM.after-1.json` and so on. */
  readonly stem: string;
  readonly how: "inline" | "managed";
  /** The name of an inline policy, the ARN of a managed one. */
  readonly old: string;
  /** Names of the copies. Their path is `/leastwise/`. */
  readonly copies: readonly string[];
}

/** One step that can be made, found made, and taken back on its own. */
export type Change = InlineChange | VersionChange | SwapChange;

/** A recommendation that nobody carries out by program, and why. */
export interface NotApplied {
  readonly arn: string;
  readonly policyName: string;
  readonly reason: string;
  /** Both documents, where a person may want them for doing it by hand. */
  readonly documents: readonly Document[];
  /** Whether a name in it is none that IAM allows, so that the input is wrong. */
  readonly isRefused: boolean;
}

/** The changes of one principal or one shared policy, and what is left out of them. */
export interface Plan {
  readonly changes: readonly Change[];
  readonly notApplied: readonly NotApplied[];
}

/** Where a copy is: all of them have one path, so that they can be told from what people made. */
export function copyArn(partition: string, accountId: string, name: string): string {
  return `arn:${partition}:iam::${accountId}:policy/leastwise/${name}`;
}
