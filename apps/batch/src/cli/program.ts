import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { MOST_DAYS, instantOf, isActionPattern } from "../config/values.ts";
import type { ExitCode } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";
import { VERSION } from "../version.ts";
import { type CatalogOptions, catalogInfoCommand } from "./catalog.ts";
import { type CompareOptions, compareCommand } from "./compare.ts";
import { type ExplainOptions, explainCommand } from "./explain.ts";
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
    .addOption(serviceReference())
    .option("--config <file>", "settings as JSON (default: leastwise.config.json of this folder, where there is one)")
    .addOption(granularity())
    .option("--window <days>", "how far back use counts, for all sources", wholeNumber(1, MOST_DAYS.window))
    .option("--max-age <days>", "evidence older than this removes nothing", wholeNumber(0, MOST_DAYS.age))
    .option("--min-age <days>", "what is younger than this is left alone", wholeNumber(0, MOST_DAYS.age))
    .option(
      "--as-of <date>",
      "the day that ages are counted to (default: the newest date of the inputs; with --max-age, today)",
      date,
    )
    .option("--protect <pattern...>", "actions that are never removed, such as iam:*", actionPattern)
    .option("--json", "print the summary as JSON")
    .option("--quiet", "no progress")
    .addHelpText(
      "after",
      examples(
        "leastwise refine exports/ --db org.db",
        "leastwise refine 'exports/**/*.json.gz' findings.jsonl --db org.db --threads 8",
        "leastwise refine exports/ --db org.db --window 180 --protect 'kms:*' '*:Delete*'",
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
    .addOption(serviceReference())
    .addOption(granularity().default("word"))
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
    .summary("one principal, or a shared policy: what goes and why")
    .argument("<arn>", "a role, user or group, or a customer managed policy that several of them share")
    .addOption(database("the database to read").makeOptionMandatory())
    .addHelpText("after", examples("leastwise show arn:aws:iam::123456789012:role/MyRole --db org.db"))
    .action(async (arn: string, options: { db: string }) => done(await showCommand(arn, options, terminal)));

  root
    .command("explain")
    .summary("one action of one principal: why it goes or stays")
    .description(
      "Shows which statements allow an action to a principal, what every source says of its use, what happens to it and why.",
    )
    .argument("<arn>", "a role, user or group")
    .argument("<action>", "an action, such as s3:GetObject")
    .addOption(database("the database to read").makeOptionMandatory())
    .option("--json", "print the explanation as JSON")
    .addHelpText("after", examples("leastwise explain arn:aws:iam::123456789012:role/MyRole s3:GetObject --db org.db"))
    .action(async (arn: string, action: string, options: ExplainOptions) =>
      done(await explainCommand(arn, action, options, terminal)),
    );

  root
    .command("compare")
    .summary("the recommendations beside AWS's own")
    .description(
      "Says policy by policy how the recommendations differ from those of IAM Access Analyzer and Security Hub that were among the inputs: same, tighter, looser, different in form, with the difference in actions.",
    )
    .addOption(database("the database to read").makeOptionMandatory())
    .option("--all", "show the equal ones too")
    .option("--json", "print each as a line of JSON")
    .addHelpText(
      "after",
      examples("leastwise compare --db org.db", "leastwise compare --db org.db --json > differences.jsonl"),
    )
    .action(async (options: CompareOptions) => done(await compareCommand(options, terminal)));

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
      new Option("--format <form>", "JSON lines, AWS's own shape (which has no shared policies in place), or patches")
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
    .addOption(catalogFile().conflicts("db"))
    .addOption(serviceReference().conflicts("db"))
    .addHelpText(
      "after",
      examples(
        "leastwise catalog info",
        "leastwise catalog info --service-reference servicereference/",
        "leastwise catalog info --db org.db",
      ),
    )
    .action(async (_what: string, options: CatalogOptions) => done(await catalogInfoCommand(options, terminal)));

  return root;
}

function database(description: string): Option {
  return new Option("--db <file>", description);
}

function catalogFile(): Option {
  return new Option(
    "--catalog <path>",
    'a catalog of your own: {"service": ["Action", …]}, or service reference files',
  );
}

function serviceReference(): Option {
  return new Option(
    "--service-reference <path>",
    "a file or folder of AWS's service reference that extends the catalog",
  );
}

function granularity(): Option {
  return new Option("--granularity <level>", "shortest safe word prefixes (word), or exact names").choices([
    "word",
    "exact",
  ]);
}

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}

function date(text: string): string {
  const instant = instantOf(text);
  if (instant !== undefined) return instant;
  throw new InvalidArgumentError("Give a date such as 2026-11-21, or a time with its offset.");
}

function actionPattern(text: string, before: readonly string[] = []): readonly string[] {
  if (isActionPattern(text)) return [...before, text];
  throw new InvalidArgumentError("Give a pattern over service:Name such as iam:* or *:Delete*, or *.");
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}
