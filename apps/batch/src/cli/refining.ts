import { type Command, Option } from "commander";
import type { MergeOptions } from "../commands/merge.ts";
import type { QueueOptions } from "../commands/queue.ts";
import type { RefineOptions } from "../commands/refine.ts";
import type { WorkerOptions } from "../commands/worker.ts";
import { MOST_DAYS } from "../config/values.ts";
import type { Caller } from "./caller.ts";
import {
  actionPattern,
  catalogFile,
  database,
  date,
  examples,
  granularity,
  percent,
  queue,
  queuePrefix,
  serviceReference,
  share,
  taskSeconds,
  threads,
  wholeNumber,
  workerMemory,
} from "./options.ts";

/** The commands that refine a run: alone, through a queue, or in shares that are put together. */

export function addRefine(root: Command, { terminal, done }: Caller): void {
  root
    .command("refine")
    .summary("refine every policy of the exported accounts")
    .description(
      "Reads AWS's exports, refines every attached policy, proves each result and stores it. The same command goes on where an interrupted one stopped.",
    )
    .argument("<path...>", "files, folders or quoted globs with AWS's exports, plain or gzipped")
    .addOption(database("the database to write; made where there is none").makeOptionMandatory())
    .addOption(threads())
    .addOption(workerMemory("by the largest input, from 128"))
    .addOption(taskSeconds())
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
}

export function addWorker(root: Command, { terminal, done }: Caller): void {
  root
    .command("worker")
    .summary("refine for others, through a queue")
    .description(
      "Takes shards of any run that `leastwise refine --queue` has put into the queue, refines and verifies them, and sends the outcomes back. Reads no files and keeps nothing. A signal ends it: in 5 seconds what it holds is finished, or given back.",
    )
    .addOption(queue("Redis: redis://HOST:PORT, or rediss:// for TLS"))
    .addOption(queuePrefix())
    .addOption(threads())
    .addOption(workerMemory("256"))
    .addOption(taskSeconds())
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
}

export function addQueue(root: Command, { terminal, done }: Caller): void {
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
}

export function addMerge(root: Command, { terminal, done }: Caller): void {
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
    .addOption(threads())
    .addOption(workerMemory("128"))
    .addOption(taskSeconds())
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
}
