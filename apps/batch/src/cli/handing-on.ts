import { type Command, Option } from "commander";
import type { ExportOptions } from "../commands/export.ts";
import type { ReportOptions } from "../commands/report.ts";
import type { ServeOptions } from "../commands/serve.ts";
import type { Caller } from "./caller.ts";
import { FOLDER_FORMATS, STREAM_FORMATS } from "./choices.ts";
import { database, examples, oneRun, wholeNumber } from "./options.ts";

/** The commands that hand results on: as changes to apply, in a browser, as one file. */

export function addExport(root: Command, { terminal, done }: Caller): void {
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
}

export function addServe(root: Command, { terminal, done }: Caller): void {
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
}

export function addReport(root: Command, { terminal, done }: Caller): void {
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
}
