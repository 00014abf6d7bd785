import { handoffFacts, holdSnapshot, openForReading } from "@leastwise/store";
import type { FolderFormat } from "../cli/choices.ts";
import { EXIT, type ExitCode, Failure } from "../exit-code.ts";
import { tellUnfinished } from "../given/tell-unfinished.ts";
import type { WriterOf } from "../handoff/account-writer.ts";
import { OutputFolder } from "../handoff/output-folder.ts";
import { writePatches } from "../handoff/patches.ts";
import type { SharedBy } from "../handoff/plan-principal.ts";
import { SCRIPTS_README, TERRAFORM_README } from "../handoff/readme-text.ts";
import { scriptsOf } from "../handoff/scripts.ts";
import { terraformOf } from "../handoff/terraform.ts";
import { type HandedOver, writeHandoff } from "../handoff/write-handoff.ts";
import { count } from "../progress.ts";
import type { Terminal } from "../terminal.ts";

export interface HandoffOptions {
  readonly db: string;
  readonly run?: string;
  readonly format: FolderFormat;
  readonly out?: string;
  readonly shared?: SharedBy;
}

/** `leastwise export --format aws-cli|terraform|patches`: a folder of things to apply, by account. */
export function handoffCommand({ db: path, run, format, out, shared }: HandoffOptions, terminal: Terminal): ExitCode {
  if (out === undefined) {
    throw new Failure(EXIT.usage, `\`--format ${format}\` needs --out DIR`, "name a folder that is not there yet");
  }
  if (shared !== undefined && format === "patches") {
    throw new Failure(EXIT.usage, "--shared does not go with patches", "they have a file for either way; apply one");
  }
  const db = openForReading(path, run);
  try {
    holdSnapshot(db);
    tellUnfinished(db, terminal);
    const folder = new OutputFolder(out);
    if (format === "patches") {
      const accounts = writePatches(db, folder);
      terminal.err.write(`patches of ${plural(accounts, "account")} in ${out}\n`);
      return EXIT.done;
    }
    const facts = handoffFacts(db);
    const writerOf: WriterOf = (account) =>
      format === "aws-cli" ? scriptsOf(folder, account) : terraformOf(folder, facts, account);
    const handed = writeHandoff(db, facts, folder, writerOf, shared ?? "in-place");
    folder.write("README.txt", format === "aws-cli" ? SCRIPTS_README : TERRAFORM_README);
    terminal.err.write(summaryOf(handed, out));
    return handed.refused > 0 ? EXIT.refused : EXIT.done;
  } finally {
    db.close();
  }
}

function summaryOf({ accounts, changes, notApplied, refused }: HandedOver, out: string): string {
  const lines = [
    `${plural(changes, "change")} in ${plural(accounts, "account")}; README.txt in ${out} says how to go on`,
  ];
  if (notApplied > 0)
    lines.push(`${plural(notApplied, "recommendation")} left out: not-applied.txt of the account says why`);
  if (refused > 0) lines.push(`of these ${count(refused)} with names that IAM does not allow`);
  return lines.map((line) => `${line}\n`).join("");
}

function plural(number: number, word: string): string {
  return `${count(number)} ${word}${number === 1 ? "" : "s"}`;
}
