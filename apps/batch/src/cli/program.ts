import { Command } from "commander";
import type { ExitCode } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";
import { VERSION } from "../version.ts";
import { addExport, addReport, addServe } from "./handing-on.ts";
import { addPolicy, addTrie } from "./one-policy.ts";
import { addCatalog, addDiffRuns, addDrift, addRuns } from "./over-time.ts";
import { addMerge, addQueue, addRefine, addWorker } from "./refining.ts";
import { addCompare, addExplain, addQuery, addShow, addVerify } from "./stored-results.ts";

/** All commands, as --help shows them. */
const COMMANDS = [
  addRefine,
  addWorker,
  addQueue,
  addMerge,
  addPolicy,
  addTrie,
  addQuery,
  addShow,
  addExplain,
  addCompare,
  addVerify,
  addExport,
  addDiffRuns,
  addDrift,
  addServe,
  addReport,
  addRuns,
  addCatalog,
];

/**
 * The command line: options are checked here, once; behind it they are plain values. `done` gets the exit code.
 *
 * What a command is made of is loaded when it is called, so that none waits for what others need: of the commands' files only types
 * are imported in this folder.
 */
export function program(terminal: Terminal, done: (code: ExitCode) => void): Command {
  const root = new Command("leastwise")
    .description(
      "Finds the AWS permissions that nobody uses and writes the least-privilege policies that replace them, for a whole organization at once. Needs no network and no credentials.",
    )
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
      outputError: (text, writeError) => writeError(text.replace(/^error: /, "leastwise: ")),
    })
    .showHelpAfterError("(--help shows the options)")
    .addHelpText(
      "after",
      `
Examples:
  leastwise refine exports/ --db org.db      refine everything, results in org.db
  leastwise query --list                     the questions it answers
  leastwise show arn:aws:iam::123456789012:role/MyRole --db org.db
  leastwise policy policy.json --unused unused.json

Exit codes: 0 done, 1 a check found something, 2 wrong usage, 3 some inputs were
refused (the rest is done), 4 I/O or disk, 5 a bug, 130 interrupted.`,
    );
  for (const add of COMMANDS) add(root, { terminal, done });
  return root;
}
