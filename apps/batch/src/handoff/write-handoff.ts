import {
  type Connection,
  type HandoffFacts,
  readBlockersOf,
  readHoldersOf,
  readPolicyRecommendations,
  readRecommendations,
} from "@leastwise/store";
import { byPrincipal } from "../format/by-principal.ts";
import { type Account, type AccountWriter, type WriterOf, notAppliedLine } from "./account-writer.ts";
import { type AccountPart, byAccount } from "./by-account.ts";
import type { NotApplied, Plan } from "./change.ts";
import type { GrowingFile, OutputFolder } from "./output-folder.ts";
import { type SharedBy, nameOf, planPrincipal } from "./plan-principal.ts";
import { planShared } from "./plan-shared.ts";

/** What a hand-over came to. */
export interface HandedOver {
  readonly accounts: number;
  readonly changes: number;
  readonly notApplied: number;
  /** Of those, the ones with names that IAM does not allow. */
  readonly refused: number;
}

/**
 * Plans the current run's recommendations, account by account, and gives the changes to a writer of each account that has any.
 * What is left out is listed in `ACCOUNT/not-applied.txt`. Memory does not grow with the organization: the rows of one principal
 * are held at a time.
 */
export function writeHandoff(
  db: Connection,
  facts: HandoffFacts,
  folder: OutputFolder,
  writerOf: WriterOf,
  shared: SharedBy,
): HandedOver {
  const total = { accounts: 0, changes: 0, notApplied: 0, refused: 0 };
  let open: OpenAccount | undefined;
  const policies = shared === "in-place" ? readPolicyRecommendations(db) : [];
  for (const part of byAccount(policies, byPrincipal(readRecommendations(db)))) {
    let plan = planOf(part);
    if (plan.changes.length === 0 && plan.notApplied.length === 0) continue;
    if (open?.accountId !== part.accountId) {
      open?.finish();
      open = new OpenAccount(folder, part, writerOf);
      total.accounts++;
    }
    if (!open.isNew(part)) plan = refused(part);
    open.add(plan);
    total.changes += plan.changes.length;
    total.notApplied += plan.notApplied.length;
    total.refused += plan.notApplied.filter(({ isRefused }) => isRefused).length;
  }
  open?.finish();
  return total;

  function planOf(part: AccountPart): Plan {
    if ("rows" in part) return planPrincipal(part.rows, facts, shared);
    const key = part.shared.policy_key;
    return planShared(part.shared, readHoldersOf(db, key), readBlockersOf(db, key).length > 0, facts);
  }
}

/** A second one of a name that IAM gives but once: from a forged export, or an old one with what was made anew under another path. */
function refused(part: AccountPart): Plan {
  const reason = "another one of the account has its name, so one of them is gone or not genuine";
  const leave = (arn: string, policyName: string): NotApplied => ({
    arn,
    policyName,
    reason,
    documents: [],
    isRefused: true,
  });
  if ("shared" in part) return { changes: [], notApplied: [leave(part.shared.policy_key, part.shared.policy_name)] };
  const changed = part.rows.filter((row) => row.recommended_action !== "NONE");
  return { changes: [], notApplied: changed.map((row) => leave(row.principal_arn, row.policy_name)) };
}

function nameIn(part: AccountPart): string {
  if ("shared" in part) return `policy/${part.shared.policy_name}`;
  const row = part.rows[0]!; // a principal's rows are never none
  return `${row.principal_kind}/${nameOf(row.principal_arn)}`;
}

/** The account that is being written. Its files are made when there is something to put in. */
class OpenAccount {
  readonly accountId: string;
  readonly #folder: OutputFolder;
  readonly #account: Account;
  readonly #writerOf: WriterOf;
  #writer: AccountWriter | undefined;
  #list: GrowingFile | undefined;
  #notApplied = 0;
  /** Principals and shared policies that there were already, by kind and name: IAM tells names apart without their case or path. */
  readonly #names = new Set<string>();

  constructor(folder: OutputFolder, { partition, accountId }: Account, writerOf: WriterOf) {
    this.accountId = accountId;
    this.#folder = folder;
    this.#account = { partition, accountId };
    this.#writerOf = writerOf;
  }

  /** Whether nothing of its kind and name was there before, and it is of the same partition. */
  isNew(part: AccountPart): boolean {
    const key = nameIn(part).toLowerCase();
    if (part.partition !== this.#account.partition || this.#names.has(key)) return false;
    this.#names.add(key);
    return true;
  }

  add({ changes, notApplied }: Plan): void {
    if (changes.length > 0) {
      this.#writer ??= this.#writerOf(this.#account);
      this.#writer.add(changes);
    }
    for (const left of notApplied) this.#leave(left);
  }

  finish(): void {
    this.#writer?.finish(this.#notApplied);
    this.#list?.finish();
    this.#folder.forget();
  }

  #leave(left: NotApplied): void {
    this.#list ??= this.#folder.begin(`${this.accountId}/not-applied.txt`);
    this.#list.write(notAppliedLine(left));
    for (const { path, text } of left.documents) this.#folder.write(`${this.accountId}/${path}`, text);
    this.#notApplied++;
  }
}
