import { printable } from "../format/printable.ts";
import type { Change, NotApplied } from "./change.ts";

/** What writes one account's part of a hand-over. */
export interface AccountWriter {
  /** The changes of one principal or one shared policy, in the order in which they are to be made. Never none. */
  readonly add: (changes: readonly Change[]) => void;
  /** After the last of the account. `notApplied`: how many recommendations are left out. */
  readonly finish: (notApplied: number) => void;
}

export interface Account {
  readonly partition: string;
  readonly accountId: string;
}

export type WriterOf = (account: Account) => AccountWriter;

/** A recommendation that is not carried out, as a line for people. */
export function notAppliedLine({ arn, policyName, reason }: NotApplied): string {
  return `${[arn, policyName, reason].map(printable).join("\t")}\n`;
}
