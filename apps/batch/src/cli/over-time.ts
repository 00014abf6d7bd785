import { type Command, Option } from "commander";
import type { CatalogOptions } from "../commands/catalog.ts";
import type { CatalogDiffOptions } from "../commands/catalog-diff.ts";
import type { DiffRunsOptions } from "../commands/diff-runs.ts";
import type { DriftOptions } from "../commands/drift.ts";
import type { RunsOptions } from "../commands/runs.ts";
import type { Caller } from "./caller.ts";
import { FAIL_ON, FAIL_ON_CHANGE } from "./choices.ts";
import { catalogFile, database, examples, oneRun, serviceReference } from "./options.ts";

/** The commands for what time changes: runs of a database, catalogs, and what policies let through. */

export function addDiffRuns(root: Command, { terminal, done }: Caller): void {
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
}

export function addDrift(root: Command, { terminal, done }: Caller): void {
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
}

export function addRuns(root: Command, { terminal, done }: Caller): void {
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
}

export function addCatalog(root: Command, { terminal, done }: Caller): void {
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
}
