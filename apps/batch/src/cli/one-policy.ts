import { type Command, Option } from "commander";
import type { PolicyOptions } from "../commands/policy.ts";
import type { TrieOptions } from "../commands/trie.ts";
import type { Caller } from "./caller.ts";
import { catalogFile, database, examples, granularity, oneRun, serviceReference } from "./options.ts";

/** The commands for one policy, which store nothing. */

export function addPolicy(root: Command, { terminal, done }: Caller): void {
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
}

export function addTrie(root: Command, { terminal, done }: Caller): void {
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
}
