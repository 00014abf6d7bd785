import { Command, Option } from "commander";
import { MOST_DAYS } from "../config/values.ts";
import type { ExitCode } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";
import { VERSION } from "../version.ts";
import type { CatalogOptions } from "../commands/catalog.ts";
import type { CatalogDiffOptions } from "../commands/catalog-diff.ts";
import { FAIL_ON, FAIL_ON_CHANGE, FOLDER_FORMATS, QUERY_FORMATS, STREAM_FORMATS } from "./choices.ts";
import type { CompareOptions } from "../commands/compare.ts";
import type { DiffRunsOptions } from "../commands/diff-runs.ts";
import type { DriftOptions } from "../commands/drift.ts";
import type { ExplainOptions } from "../commands/explain.ts";
import type { ExportOptions } from "../commands/export.ts";
import {
  actionPattern,
  catalogFile,
  database,
  date,
  examples,
  granularity,
  memoryMb,
  oneRun,
  percent,
  queue,
  queuePrefix,
  serviceReference,
  share,
  wholeNumber,
} from "./options.ts";
import type { MergeOptions } from "../commands/merge.ts";
import type { PolicyOptions } from "../commands/policy.ts";
import type { QueryOptions } from "../commands/query.ts";
import type { QueueOptions } from "../commands/queue.ts";
import type { RefineOptions } from "../commands/refine.ts";
import type { ReportOptions } from "../commands/report.ts";
import type { RunsOptions } from "../commands/runs.ts";
import type { ServeOptions } from "../commands/serve.ts";
import type { ShowOptions } from "../commands/show.ts";
import type { TrieOptions } from "../commands/trie.ts";
import type { VerifyOptions } from "../commands/verify.ts";
import type { WorkerOptions } from "../commands/worker.ts";
import { LEAST_WORKER_MB } from "../workers/worker-limits.ts";

/**
 * The command line: options are checked here, once; behind it they are plain values. `done` gets the exit code.
 *
 * What a command is made of is loaded when it is called, so that none waits for what others need: of the commands' files only types
 * are imported here.
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

  root
    .command("refine")
    .summary("refine every policy of the exported accounts")
    .description(
      "Reads AWS's exports, refines every attached policy, proves each result and stores it. The same command goes on where an interrupted one stopped.",
    )
    .argument("<path...>", "files, folders or quoted globs with AWS's exports, plain or gzipped")
    .addOption(database("the database to write; made where there is none").makeOptionMandatory())
    .option("--threads <n>", "worker threads (default: one for each core)", wholeNumber(1, 256))
    .option(
      "--worker-memory <mb>",
      "memory of a thread for one task (default: by the largest input, from 128)",
      wholeNumber(LEAST_WORKER_MB, 1 << 20),
    )
    .option(
      "--task-seconds <seconds>",
      "time of a thread for one task, 0 for any (default: 300)",
      wholeNumber(0, 86_400),
    )
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
    .option("--fit", "make what is over IAM's size limits fit: shorter forms, then several policies")
    .option("--protect <pattern...>", "actions that are never removed, such as iam:*", actionPattern)
    .option("--full", "read every file, also those that have not changed since the run before")
    .addOption(
      queue("Redis, through which `leastwise worker` elsewhere refines: redis://HOST:PORT, or rediss:// for TLS"),
    )
    .addOption(queuePrefix())
    .option("--in-flight <n>", "shards in the queue at the most (default: 64)", wholeNumber(1, 4096))
    .option(
      "--check-outcomes <percent>",
      "how many of the workers' outcomes are verified once more here (default: 5; all once one does not hold)",
      percent,
    )
    .addOption(
      new Option("--shard <i/n>", "refine only share I of N; `leastwise merge` puts the N databases together")
        .argParser(share)
        .conflicts("queue"),
    )
    .option("--json", "print the summary as JSON")
    .option("--quiet", "no progress")
    .addHelpText(
      "after",
      examples(
        "leastwise refine exports/ --db org.db",
        "leastwise refine 'exports/**/*.json.gz' findings.jsonl --db org.db --threads 8",
        "leastwise refine exports/ --db org.db --window 180 --protect 'kms:*' '*:Delete*'",
        "leastwise refine exports/ --db org.db --queue rediss://queue.example.com:6379",
        "leastwise refine exports/ --db part-2.db --shard 2/4",
      ),
    )
    .action(async (paths: string[], options: RefineOptions) => {
      const { refineCommand } = await import("../commands/refine.ts");
      done(await refineCommand(paths, options, terminal));
    });

  root
    .command("worker")
    .summary("refine for others, through a queue")
    .description(
      "Takes shards of any run that `leastwise refine --queue` has put into the queue, refines and verifies them, and sends the outcomes back. Reads no files and keeps nothing. A signal ends it: in 5 seconds what it holds is finished, or given back.",
    )
    .addOption(queue("Redis: redis://HOST:PORT, or rediss:// for TLS"))
    .addOption(queuePrefix())
    .option("--threads <n>", "worker threads (default: one for each core)", wholeNumber(1, 256))
    .option(
      "--worker-memory <mb>",
      "memory of a thread for one task (default: 128)",
      wholeNumber(LEAST_WORKER_MB, 1 << 20),
    )
    .option(
      "--task-seconds <seconds>",
      "time of a thread for one task, 0 for any (default: 300)",
      wholeNumber(0, 86_400),
    )
    .option("--exit-when-idle <seconds>", "end when there was nothing to do for so long", wholeNumber(1, 1e6))
    .option("--quiet", "say nothing")
    .addHelpText(
      "after",
      examples(
        "leastwise worker --queue redis://queue.example.com:6379",
        "LEASTWISE_QUEUE=rediss://USER:PASSWORD@HOST leastwise worker",
      ),
    )
    .action(async (options: WorkerOptions) => {
      const { workerCommand } = await import("../commands/worker.ts");
      done(await workerCommand(options, terminal));
    });

  const queues = root.command("queue").summary("the runs that stand in a queue");
  queues
    .command("list")
    .summary("which runs there are, and how much of each is open")
    .addOption(queue("Redis: redis://HOST:PORT, or rediss:// for TLS"))
    .addOption(queuePrefix())
    .option("--json", "print each as a line of JSON")
    .addHelpText("after", examples("leastwise queue list --queue redis://queue.example.com:6379"))
    .action(async (options: QueueOptions) => {
      const { queueListCommand } = await import("../commands/queue.ts");
      done(await queueListCommand(options, terminal));
    });
  queues
    .command("remove")
    .summary("take a run out that nobody goes on with")
    .description(
      "Takes everything out of Redis that a run left there whose command was ended and is not to be started again. What is in its database stays. A run that is at work puts it there again.",
    )
    .argument("<run>", "the run's name, or its first digits, as `queue list` shows it")
    .addOption(queue("Redis: redis://HOST:PORT, or rediss:// for TLS"))
    .addOption(queuePrefix())
    .addHelpText("after", examples("leastwise queue remove 3f2a91c0 --queue redis://queue.example.com:6379"))
    .action(async (name: string, options: QueueOptions) => {
      const { queueRemoveCommand } = await import("../commands/queue.ts");
      done(await queueRemoveCommand(name, options, terminal));
    });
  queues.addHelpText("after", examples("leastwise queue list --queue redis://queue.example.com:6379"));

  root
    .command("merge")
    .summary("put the shares of a run together")
    .description(
      "Makes one database of those that `leastwise refine --shard` has made of the same files, equal to what one run would have made. Nothing in them is believed: every answer is checked again before it is taken over, unless --check-outcomes says how many. The same command goes on where an interrupted one stopped. The parts stay as they are.",
    )
    .argument("<part...>", "the databases of the shares, in any order")
    .addOption(database("the database to write, which is none of the parts").makeOptionMandatory())
    .option("--complete", "refine here what no part has answered, or not rightly")
    .option(
      "--check-outcomes <percent>",
      "how many of the parts' answers are verified once more here, drawn at random (default: 100; all of a part once one of it does not hold)",
      percent,
    )
    .option("--threads <n>", "worker threads (default: one for each core)", wholeNumber(1, 256))
    .option(
      "--worker-memory <mb>",
      "memory of a thread for one task (default: 128)",
      wholeNumber(LEAST_WORKER_MB, 1 << 20),
    )
    .option(
      "--task-seconds <seconds>",
      "time of a thread for one task, 0 for any (default: 300)",
      wholeNumber(0, 86_400),
    )
    .option("--json", "print the summary as JSON")
    .option("--quiet", "no progress")
    .addHelpText(
      "after",
      examples(
        "leastwise merge part-1.db part-2.db part-3.db part-4.db --db org.db",
        "leastwise merge parts/*.db --db org.db --complete",
        "leastwise merge parts/*.db --db org.db --check-outcomes 5",
      ),
    )
    .action(async (paths: string[], options: MergeOptions) => {
      const { mergeCommand } = await import("../commands/merge.ts");
      done(await mergeCommand(paths, options, terminal));
    });

  root
    .command("policy")
    .summary("refine one policy, store nothing")
    .description("Refines one policy document by one report of unused actions.")
    .argument("<policy>", "a policy document as JSON")
    .requiredOption("--unused <file>", "a list of unused actions, or Access Analyzer findings")
    .addOption(catalogFile())
    .addOption(serviceReference())
    .addOption(granularity().default("word"))
    .option("--fit", "make what is over IAM's limit of 6,144 characters fit: shorter forms, then several policies")
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
    .action(async (path: string, options: PolicyOptions) => {
      const { policyCommand } = await import("../commands/policy.ts");
      done(await policyCommand(path, options, terminal));
    });

  root
    .command("trie")
    .summary("the words behind a wildcard as a tree: what stays, what goes")
    .description(
      "Draws the words of the actions that an entry matches, which of them are unused, and the shortest prefixes that stand in the entry's place: as text, or as an SVG picture. What all stays or all goes is folded where there is much of it.",
    )
    .argument("<entry>", "an entry of a policy's Action, such as 's3:Get*'")
    .option("--unused <file>", "a list of unused actions, or Access Analyzer findings")
    .addOption(
      database("draw what a run has come to instead; needs --principal and --policy").conflicts([
        "unused",
        "catalog",
        "serviceReference",
        "granularity",
      ]),
    )
    .addOption(oneRun())
    .option("--principal <arn>", "the role, user or group whose policy it is")
    .option("--policy <name>", "the policy's name or ARN")
    .addOption(catalogFile())
    .addOption(serviceReference())
    .addOption(granularity())
    .option("--svg <file>", "write a picture, - for standard output")
    .option("--open <prefix...>", "prefixes to open, such as s3:GetObject")
    .option("--all", "fold nothing")
    .option("--ascii", "draw with ASCII alone")
    .addOption(new Option("--json", "print the whole tree as JSON").conflicts("svg"))
    .addHelpText(
      "after",
      examples(
        "leastwise trie 's3:Get*' --unused unused.json",
        "leastwise trie 'ec2:*' --unused unused.json --open ec2:Describe",
        "leastwise trie 's3:Get*' --unused unused.json --svg s3-get.svg",
        "leastwise trie 's3:Get*' --db org.db --policy MyPolicy \\",
        "    --principal arn:aws:iam::123456789012:role/MyRole",
      ),
    )
    .action(async (entry: string, options: TrieOptions) => {
      const { trieCommand } = await import("../commands/trie.ts");
      done(await trieCommand(entry, options, terminal));
    });

  root
    .command("query")
    .summary("ask the database")
    .description(
      "Answers a named question, or your own SQL, which only ever reads, and is stopped at a limit of time, memory or output; then the exit code is 3.",
    )
    .argument("[name]", "the question; --list shows all")
    .argument("[argument...]", "what the question asks for, such as an action")
    .addOption(database("the database to ask"))
    .addOption(oneRun())
    .option("--sql <text>", "your own question: SELECT … on the views")
    .addOption(new Option("--format <form>", "how to print").choices(QUERY_FORMATS).default("table"))
    .option(
      "--raw",
      "CSV with texts as they are: no apostrophe before formulas, control characters not shown as \\u001B",
    )
    .option(
      "--limit <n>",
      "rows at the most, 0 for all (default: 50 in a table or as records, else all)",
      wholeNumber(0, 1e9),
    )
    .option("--timeout <seconds>", "time at the most, 0 for any (default: 30 for --sql)", wholeNumber(0, 86_400))
    .option("--max-memory <mb>", "memory at the most, 0 for any (default: 512 for --sql)", memoryMb)
    .option(
      "--max-bytes <n>",
      "output at the most, 0 for any (default: 1000000000 for --sql)",
      wholeNumber(0, Number.MAX_SAFE_INTEGER),
    )
    .option("--list", "show the named questions")
    .addHelpText(
      "after",
      examples(
        "leastwise query --db org.db who-can iam:PassRole",
        "leastwise query --db org.db largest-reductions --format csv > reductions.csv",
        "leastwise query --db org.db --sql 'SELECT * FROM recommendations LIMIT 5'",
      ),
    )
    .action(async (name: string | undefined, args: string[], options: QueryOptions) => {
      const { queryCommand } = await import("../commands/query.ts");
      done(await queryCommand(name, args, options, terminal));
    });

  root
    .command("show")
    .summary("one principal, or a shared policy: what goes and why")
    .argument("<arn>", "a role, user or group, or a customer managed policy that several of them share")
    .addOption(database("the database to read").makeOptionMandatory())
    .addOption(oneRun())
    .option("--all", "show long diffs whole on a terminal too")
    .addHelpText("after", examples("leastwise show arn:aws:iam::123456789012:role/MyRole --db org.db"))
    .action(async (arn: string, options: ShowOptions) => {
      const { showCommand } = await import("../commands/show.ts");
      done(await showCommand(arn, options, terminal));
    });

  root
    .command("explain")
    .summary("one action of one principal: why it goes or stays")
    .description(
      "Shows which statements allow an action to a principal, what every source says of its use, what happens to it and why.",
    )
    .argument("<arn>", "a role, user or group")
    .argument("<action>", "an action, such as s3:GetObject")
    .addOption(database("the database to read").makeOptionMandatory())
    .addOption(oneRun())
    .option("--json", "print the explanation as JSON")
    .addHelpText("after", examples("leastwise explain arn:aws:iam::123456789012:role/MyRole s3:GetObject --db org.db"))
    .action(async (arn: string, action: string, options: ExplainOptions) => {
      const { explainCommand } = await import("../commands/explain.ts");
      done(await explainCommand(arn, action, options, terminal));
    });

  root
    .command("compare")
    .summary("the recommendations beside AWS's own")
    .description(
      "Says policy by policy how the recommendations differ from those of IAM Access Analyzer and Security Hub that were among the inputs: same, tighter, looser, different in form, with the difference in actions.",
    )
    .addOption(database("the database to read").makeOptionMandatory())
    .addOption(oneRun())
    .option("--all", "show the equal ones too")
    .option("--json", "print each as a line of JSON")
    .addHelpText(
      "after",
      examples("leastwise compare --db org.db", "leastwise compare --db org.db --json > differences.jsonl"),
    )
    .action(async (options: CompareOptions) => {
      const { compareCommand } = await import("../commands/compare.ts");
      done(await compareCommand(options, terminal));
    });

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
    .action(async (options: VerifyOptions) => {
      const { verifyCommand } = await import("../commands/verify.ts");
      done(await verifyCommand(options, terminal));
    });

  root
    .command("export")
    .summary("hand the recommendations on, or apply them")
    .description(
      "Writes the recommendations as one stream (jsonl, csv, diff, or access-analyzer: AWS's own shape, which has no shared policies in place), or as a folder with a part for each account: scripts that apply and take back (aws-cli), a configuration (terraform), patches.",
    )
    .addOption(database("the database to read").makeOptionMandatory())
    .addOption(oneRun())
    .addOption(
      new Option("--format <form>", "what to write")
        .choices([...STREAM_FORMATS, ...FOLDER_FORMATS])
        .makeOptionMandatory(),
    )
    .option("--out <path>", "the file of a stream (default: standard output), or the folder, which is new or empty")
    .addOption(
      new Option(
        "--shared <way>",
        "a customer managed policy that several principals have: changed for all of them, or replaced by a copy for each (aws-cli, terraform; default: in-place)",
      ).choices(["in-place", "copies"]),
    )
    .addHelpText(
      "after",
      examples(
        "leastwise export --db org.db --format jsonl --out recommendations.jsonl",
        "leastwise export --db org.db --format diff | less",
        "leastwise export --db org.db --format aws-cli --out changes",
      ),
    )
    .action(async (options: ExportOptions) => {
      const { exportCommand } = await import("../commands/export.ts");
      done(await exportCommand(options, terminal));
    });

  root
    .command("diff-runs")
    .summary("what changed between two runs of a database")
    .description(
      "Says who may do more, less, or the same on other terms, who came and went, which recommendations were applied, and of which policies more or less may go. Both runs are measured by the later one's catalog.",
    )
    .argument("<from>", "the earlier run: a number, `latest` or `previous`")
    .argument("<to>", "the later run")
    .addOption(database("the database to read").makeOptionMandatory())
    .addOption(new Option("--fail-on <change...>", "end with 1 where there is such a change").choices(FAIL_ON_CHANGE))
    .option("--actions", "name all actions")
    .option("--all", "show all kinds of change")
    .option("--json", "print each principal and shared policy that differs as a line of JSON")
    .addHelpText(
      "after",
      examples(
        "leastwise diff-runs previous latest --db org.db",
        "leastwise diff-runs previous latest --db org.db --fail-on worse new",
        "leastwise diff-runs 3 7 --db org.db --json --actions > changes.jsonl",
      ),
    )
    .action(async (from: string, to: string, options: DiffRunsOptions) => {
      const { diffRunsCommand } = await import("../commands/diff-runs.ts");
      done(await diffRunsCommand(from, to, options, terminal));
    });

  root
    .command("drift")
    .summary("what a newer catalog means for the policies")
    .description(
      "AWS adds actions, and wildcards let them through. Says which new actions each wildcard admits, of the policies that should be in place once the recommendations are applied or of one policy, and which actions that policies name are gone or renamed.",
    )
    .addOption(database("look at the results of this database, which have their own catalog").conflicts("policy"))
    .addOption(oneRun().conflicts("policy"))
    .option("--policy <file>", "look at one policy document instead; needs --from")
    .option("--from <catalog>", "the older catalog: a file or folder, or `built-in`")
    .option("--catalog <path>", "the newer catalog (default: the built-in one)")
    .addOption(serviceReference())
    .addOption(
      new Option("--fail-on <level>", "end with 1 where a new action of this access level gets through").choices(
        FAIL_ON,
      ),
    )
    .option("--all", "show all entries and names")
    .option("--json", "print each new or gone action of each statement as a line of JSON")
    .addHelpText(
      "after",
      examples(
        "leastwise drift --db org.db",
        "leastwise drift --db org.db --service-reference servicereference/ --fail-on write",
        "leastwise drift --policy policy.json --from test-data/catalogs/2024.json",
      ),
    )
    .action(async (options: DriftOptions) => {
      const { driftCommand } = await import("../commands/drift.ts");
      done(await driftCommand(options, terminal));
    });

  root
    .command("serve")
    .summary("look at the results in a browser")
    .description(
      "Shows a page on this machine with everything that a database holds, and answers its questions as JSON. Nothing is ever changed. On another address than a loopback one, only whoever has the token is let in.",
    )
    .addOption(database("the database to show").makeOptionMandatory())
    .addOption(
      new Option("--port <n>", "the port; 0 for any that is free").argParser(wholeNumber(0, 65_535)).default(8477),
    )
    .option("--host <name>", "the name or address to listen on", "127.0.0.1")
    .option(
      "--token-file <file>",
      "a file with the token that lets in (default: LEASTWISE_TOKEN, else a new one where it is needed)",
    )
    .option("--open", "open the page in a browser")
    .addHelpText(
      "after",
      examples("leastwise serve --db org.db --open", "leastwise serve --db org.db --host 0.0.0.0 --token-file token"),
    )
    .action(async (options: ServeOptions) => {
      const { serveCommand } = await import("../commands/serve.ts");
      done(await serveCommand(options, terminal));
    });

  root
    .command("report")
    .summary("the page as one file, to hand on")
    .description(
      "Writes the page with the answers to what it shows into one HTML file of a few megabytes, which opens without the program and without a network. It says what it leaves out.",
    )
    .addOption(database("the database to show").makeOptionMandatory())
    .addOption(oneRun())
    .option(
      "--out <file>",
      "the file to write, or - for standard output; an older report is replaced",
      "leastwise-report.html",
    )
    .option("--account <id>", "lists and policies of this account alone")
    .addOption(
      new Option("--top <n>", "so many policies with all that stands behind them, those that lose most")
        .argParser(wholeNumber(0, 10_000))
        .default(100),
    )
    .addHelpText(
      "after",
      examples(
        "leastwise report --db org.db --out report.html",
        "leastwise report --db org.db --out shop.html --account 123456789012 --top 500",
      ),
    )
    .action(async (options: ReportOptions) => {
      const { reportCommand } = await import("../commands/report.ts");
      done(await reportCommand(options, terminal));
    });

  root
    .command("runs")
    .summary("the runs of a database, and what they found")
    .description(
      "Lists all runs, the newest last: what the attached policies grant before and after (sums of actions), how many are to change, and how many answers were taken over from earlier runs.",
    )
    .addOption(database("the database to read").makeOptionMandatory())
    .option("--json", "print each as a line of JSON")
    .option("--forget <run>", "take this run out of the database first, with what no other run needs")
    .addHelpText("after", examples("leastwise runs --db org.db", "leastwise runs --db org.db --forget 3"))
    .action(async (options: RunsOptions) => {
      const { runsCommand } = await import("../commands/runs.ts");
      done(await runsCommand(options, terminal));
    });

  const catalog = root.command("catalog").summary("the set of AWS actions that results are computed with");
  catalog
    .command("info")
    .summary("a catalog's date, size and hash")
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
    .action(async (options: CatalogOptions) => {
      const { catalogInfoCommand } = await import("../commands/catalog.ts");
      done(await catalogInfoCommand(options, terminal));
    });
  catalog
    .command("diff")
    .summary("what AWS changed between two catalogs")
    .description(
      "Services and actions that were added, are gone, were renamed, or have another access level. A catalog is a file or folder, `built-in`, or, with --db, the first digits of the SHA-256 of one that the database has.",
    )
    .argument("<old>", "the older catalog")
    .argument("<new>", "the newer catalog")
    .addOption(database("a database whose catalogs may be named"))
    .option("--all", "show every action")
    .option("--json", "print each change as a line of JSON")
    .addHelpText(
      "after",
      examples(
        "leastwise catalog diff test-data/catalogs/2024.json built-in",
        "leastwise catalog diff 3bcd81a8 built-in --db org.db --json",
      ),
    )
    .action(async (older: string, newer: string, options: CatalogDiffOptions) => {
      const { catalogDiffCommand } = await import("../commands/catalog-diff.ts");
      done(await catalogDiffCommand(older, newer, options, terminal));
    });
  catalog.addHelpText(
    "after",
    examples("leastwise catalog info", "leastwise catalog diff test-data/catalogs/2024.json built-in"),
  );

  return root;
}
