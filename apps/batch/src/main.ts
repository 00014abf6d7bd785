#!/usr/bin/env node
import { isMainThread } from "node:worker_threads";
import type { CatalogError } from "@leastwise/catalog";
import type { StoreError } from "@leastwise/store";
import { CommanderError } from "commander";
import { program } from "./cli/program.ts";
import { EXIT, type ExitCode, Failure } from "./exit-code.ts";
import { printable, printableLines } from "./format/printable.ts";
import { runInThread } from "./in-thread.ts";
import { reasonOf } from "./reason.ts";
import { terminal } from "./terminal.ts";

const screen = terminal();
/** Whether this is the main thread of a command that works in another one, so that a signal is heard while SQLite is at work. */
const worksInThread = isMainThread && ["refine", "merge"].includes(process.argv[2] ?? "");
for (const stream of [screen.out, screen.err]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" && stream === screen.err) return; // nobody hears what is said; the exit code tells
    if (error.code === "EPIPE" && worksInThread) return; // what it does is not for the output alone
    if (error.code === "EPIPE") process.exit(EXIT.done); // the reader has seen enough, as `head` does
    if (stream === screen.out) say(`the output cannot be written: ${reasonOf(error)}`, "check the disk", EXIT.io);
    process.exit(EXIT.io);
  });
}
if (worksInThread) runInThread(screen, report);
else {
  try {
    await program(screen, (code) => (process.exitCode = code)).parseAsync();
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** Says what went wrong in one line and a hint; a stack is only for bugs. */
function report(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage; // it has said it already
  if (error instanceof Failure) return say(error.message, error.hint, error.exitCode);
  if (isOurs<CatalogError>(error, "CatalogError"))
    return say(`${error.code}: ${error.message}`, error.hint, catalogExit(error));
  if (isOurs<StoreError>(error, "StoreError"))
    return say(`${error.code}: ${error.message}`, error.hint, storeExit(error));
  if (isSqlite(error)) return say(`the database cannot be used: ${error.message}`, sqliteHint(error), EXIT.io);
  if ((error as { readonly code?: unknown }).code === "ERR_WORKER_OUT_OF_MEMORY") {
    const hint =
      "give Node more with NODE_OPTIONS=--max-old-space-size=MB; the same command goes on where this one stopped";
    return say("there is not enough memory", hint, EXIT.io);
  }
  if (error instanceof Error && error.name === "ReplyError")
    return say(
      `Redis refuses what the queue needs: ${error.message}`,
      "docs/scale.md says which rights and settings it needs",
      EXIT.io,
    );
  if (error instanceof Error && error.name === "TaskFault") {
    return say(
      `a thread cannot even begin: ${error.message}`,
      "allow more with --worker-memory or --task-seconds; the same command goes on where this one stopped",
      EXIT.io,
    );
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return say(`this is a bug: ${stack}`, "please report it with the lines above", EXIT.bug);
}

/** Known by its name, so that what throws it is loaded only by the commands that need it. */
function isOurs<E extends CatalogError | StoreError>(error: unknown, name: E["name"]): error is E {
  return error instanceof Error && error.name === name;
}

function catalogExit({ code }: CatalogError): ExitCode {
  return code === "catalog-unreadable" ? EXIT.io : EXIT.usage;
}

function storeExit({ code }: StoreError): ExitCode {
  const isUsage =
    code === "refused-sql" ||
    code === "bad-sql" ||
    code === "no-database" ||
    code === "no-run" ||
    code === "other-share" ||
    code === "no-part";
  return isUsage ? EXIT.usage : EXIT.io;
}

function isSqlite(error: unknown): error is Error {
  const { code } = error as { readonly code?: unknown };
  return error instanceof Error && typeof code === "string" && code.startsWith("SQLITE_");
}

function sqliteHint({ code }: Error & { readonly code?: unknown }): string {
  if (typeof code === "string" && code.startsWith("SQLITE_CORRUPT"))
    return "the file is damaged: take a copy of it from before, or begin with another file";
  return "check the disk; what was committed is kept, and the same command goes on from there";
}

function say(message: string, hint: string, code: ExitCode): ExitCode {
  screen.err.write(`${screen.errColours.red("leastwise:")} ${printableLines(message)}\n`);
  if (hint !== "") screen.err.write(`${screen.errColours.dim(printable(hint))}\n`);
  return code;
}
