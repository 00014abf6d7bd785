import { type Command, Option } from "commander";
import type { CompareOptions } from "../commands/compare.ts";
import type { ExplainOptions } from "../commands/explain.ts";
import type { QueryOptions } from "../commands/query.ts";
import type { ShowOptions } from "../commands/show.ts";
import type { VerifyOptions } from "../commands/verify.ts";
import type { Caller } from "./caller.ts";
import { QUERY_FORMATS } from "./choices.ts";
import { database, examples, memoryMb, oneRun, wholeNumber } from "./options.ts";

/** The commands that look at what a run has come to: ask, show, explain, compare, check. */

export function addQuery(root: Command, { terminal, done }: Caller): void {
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
}

export function addShow(root: Command, { terminal, done }: Caller): void {
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
}

export function addExplain(root: Command, { terminal, done }: Caller): void {
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
}

export function addCompare(root: Command, { terminal, done }: Caller): void {
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
}

export function addVerify(root: Command, { terminal, done }: Caller): void {
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
}
