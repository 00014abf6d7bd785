import { Argument, Command, InvalidArgumentError, Option } from "commander";
import type { ExitCode } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";
import { VERSION } from "../version.ts";
import { catalogInfoCommand } from "./catalog.ts";
import { type ExportOptions, exportCommand } from "./export.ts";
import { type PolicyOptions, policyCommand } from "./policy.ts";
import { type QueryOptions, queryCommand } from "./query.ts";
import { type RefineOptions, refineCommand } from "./refine.ts";
import { showCommand } from "./show.ts";
import { type VerifyOptions, verifyCommand } from "./verify.ts";

/** The command line: options are checked here, once; behind it they are plain values. `done` gets the exit code. */
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
  leastwise refine exports/ --db org.db        refine everything, results in org.db
  leastwise query --db org.db --list           the questions it answers
  leastwise show arn:aws:iam::123456789012:role/MyRole --db org.db
  leastwise policy policy.json --unused unused.json

Exit codes: 0 done, 1 a check found something, 2 wrong usage, 3 some inputs were
refused (the rest is done), 4 I/O or disk, 5 a bug, 130 interrupted.`,
    );

  root
    .command("refine")
    .summary("refine every policy of the exported accounts")
    .description(
      "Reads AWS's exports, refines every attached policy, proves each result and stores it. The same command goes on where an interrupted one stopped.",
    )
    .argument("<path...>", "files, folders or quoted globs with AWS's exports, plain or gzipped")
    .addOption(database("the database to write; made where there is none").makeOptionMandatory())
    .option("--threads <n>", "worker threads (default: one for each core)", wholeNumber(1, 256))
    .addOption(catalogFile())
    .addOption(granularity())
    .option("--json", "print the summary as JSON")
    .option("--quiet", "no progress")
    .addHelpText(
      "after",
      examples(
        "leastwise refine exports/ --db org.db",
        "leastwise refine 'exports/**/*.json.gz' findings.jsonl --db org.db --threads 8",
      ),
    )
    .action(async (paths: string[], options: RefineOptions) => done(await refineCommand(paths, options, terminal)));

  root
    .command("policy")
    .summary("refine one policy, store nothing")
    .description("Refines one policy document by one report of unused actions.")
    .argument("<policy>", "a policy document as JSON")
    .requiredOption("--unused <file>", "a list of unused actions, or Access Analyzer findings")
    .addOption(catalogFile())
    .addOption(granularity())
    .addOption(
      new Option("--format <form>", "what to print").choices(["text", "json", "diff", "policy"]).default("text"),
    )
    .addHelpText(
      "after",
      examples(
        "leastwise policy policy.json --unused unused.json",
        "leastwise policy policy.json --unused finding.json --format policy > refined.json",
      ),
    )
    .action(async (path: string, options: PolicyOptions) => done(await policyCommand(path, options, terminal)));

  root
    .command("query")
    .summary("ask the database")
    .description("Answers a named question, or your own SQL (read-only).")
    .argument("[name]", "the question; --list shows all")
    .argument("[argument...]", "what the question asks for, such as an action")
    .addOption(database("the database to ask"))
    .option("--sql <text>", "your own question: SELECT … on the views")
    .addOption(new Option("--format <form>", "how to print").choices(["table", "json", "csv"]).default("table"))
    .option("--limit <n>", "rows at the most, 0 for all (default: 50 in a table, else all)", wholeNumber(0, 1e9))
    .option("--list", "show the named questions")
    .addHelpText(
      "after",
      examples(
        "leastwise query --db org.db who-can iam:PassRole",
        "leastwise query --db org.db largest-reductions --format csv > reductions.csv",
        "leastwise query --db org.db --sql 'SELECT * FROM recommendations LIMIT 5'",
      ),
    )
    .action(async (name: string | undefined, args: string[], options: QueryOptions) =>
      done(await queryCommand(name, args, options, terminal)),
    );

  root
    .command("show")
    .summary("one principal: its policies, what goes and why")
    .argument("<arn>", "a role, user or group")
    .addOption(database("the database to read").makeOptionMandatory())
    .addHelpText("after", examples("leastwise show arn:aws:iam::123456789012:role/MyRole --db org.db"))
    .action(async (arn: string, options: { db: string }) => done(await showCommand(arn, options, terminal)));

  root
    .command("verify")
    .summary("check every stored result again")
    .description(
      "Derives each stored result again from the stored inputs, with the verifier alone, and compares hashes, counts, intervals and certificate. Names each that does not hold, and then ends with 1.",
    )
    .addOption(database("the database to check").makeOptionMandatory())
    .option("--sample <n>", "check so many results, drawn at random, and nothing else", wholeNumber(1, 1e9))
    .option("--threads <n>", "worker threads (default: one for each core, none for few results)", wholeNumber(1, 256))
    .option("--json", "print the outcome as JSON")
    .option("--quiet", "no progress")
    .addHelpText("after", examples("leastwise verify --db org.db", "leastwise verify --db org.db --sample 1000"))
    .action(async (options: VerifyOptions) => done(await verifyCommand(options, terminal)));

  root
    .command("export")
    .summary("hand the recommendations on")
    .addOption(database("the database to read").makeOptionMandatory())
    .addOption(
      new Option("--format <form>", "JSON lines, AWS's own shape, or patches")
        .choices(["jsonl", "access-analyzer", "diff"])
        .makeOptionMandatory(),
    )
    .option("--out <file>", "where to write (default: standard output)")
    .addHelpText(
      "after",
      examples(
        "leastwise export --db org.db --format jsonl --out recommendations.jsonl",
        "leastwise export --db org.db --format diff | less",
      ),
    )
    .action(async (options: ExportOptions) => done(await exportCommand(options, terminal)));

  root
    .command("catalog")
    .summary("the set of AWS actions that results are computed with")
    .addArgument(new Argument("<what>", "what to show").choices(["info"]))
    .addOption(database("show the catalogs of this database"))
    .addOption(catalogFile())
    .addHelpText("after", examples("leastwise catalog info", "leastwise catalog info --db org.db"))
    .action(async (_what: string, options: { db?: string; catalog?: string }) =>
      done(await catalogInfoCommand(options, terminal)),
    );

  return root;
}

function database(description: string): Option {
  return new Option("--db <file>", description);
}

function catalogFile(): Option {
  return new Option("--catalog <file>", 'a catalog of your own: { "service": ["Action", …] }');
}

function granularity(): Option {
  return new Option("--granularity <level>", "shortest safe word prefixes, or exact names")
    .choices(["word", "exact"])
    .default("word");
}

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}
