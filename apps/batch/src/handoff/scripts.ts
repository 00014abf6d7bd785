import { readFileSync } from "node:fs";
import { VERSION } from "../version.ts";
import type { Account, AccountWriter } from "./account-writer.ts";
import type { Change } from "./change.ts";
import { shellQuote } from "./shell-quote.ts";

/** Where scripts and documents go: a folder on disk, or texts for a page. */
export interface ScriptFolder {
  readonly write: (path: string, text: string) => void;
  readonly begin: (path: string, mode: number) => GrowingScript;
}

interface GrowingScript {
  readonly write: (text: string) => void;
  readonly finish: () => void;
}

/** `ACCOUNT/apply.sh` and `ACCOUNT/rollback.sh`: the functions, then the account's changes, a line each. */
export function scriptsOf(folder: ScriptFolder, account: Account): AccountWriter {
  const apply = begin(folder, account, "apply");
  const rollback = begin(folder, account, "rollback");
  let changes = 0;
  return {
    add: (group) => {
      for (const { documents } of group) {
        for (const { path, text } of documents) folder.write(`${account.accountId}/${path}`, text);
      }
      for (const change of group) apply.write(`  ${callOf(change)}\n`);
      for (const change of [...group].reverse()) rollback.write(`  ${callOf(change)}\n`);
      changes += group.length;
    },
    finish: (notApplied) => {
      for (const file of [apply, rollback]) {
        file.write(`}\n\nchanges=${changes}\nnot_applied=${notApplied}\nbegin "$@"\nlist\nfinish\n`);
        file.finish();
      }
    },
  };
}

/** All changes stand in a function that is called at the very end, so that bash has read the whole file before it does anything. */
function begin(folder: ScriptFolder, { partition, accountId }: Account, name: "apply" | "rollback"): GrowingScript {
  const file = folder.begin(`${accountId}/${name}.sh`, 0o755);
  file.write(
    `#!/usr/bin/env bash
# Made by Leastwise ${VERSION} for account ${accountId}. --help says how to use it; the changes stand at the end.
set -euo pipefail
account=${accountId}
partition=${partition}

${functionsOf("common")}
${functionsOf(name)}
# shellcheck disable=SC2016 # what is quoted is a name, whatever it looks like
list() {
`,
  );
  return file;
}

function callOf(change: Change): string {
  return wordsOf(change)
    .map((word, i) => (i === 0 ? word : shellQuote(word)))
    .join(" ");
}

function wordsOf(change: Change): readonly string[] {
  switch (change.type) {
    case "inline":
      return ["put_inline", change.id, change.holder.kind, change.holder.name, change.policyName];
    case "version":
      return ["new_version", change.id, change.policyArn];
    case "swap": {
      const { id, stem, holder, how, old, copies } = change;
      return ["swap", id, stem, holder.kind, holder.name, how, old, ...copies];
    }
  }
}

/** Bash functions that scripts are made of; the same place from `src` and from `dist`. */
function functionsOf(name: "common" | "apply" | "rollback"): string {
  const text = readFileSync(new URL(`../../shell/${name}.sh`, import.meta.url), "utf8");
  return text.replace("# shellcheck shell=bash\n", "");
}
