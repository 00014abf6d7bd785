import type { Share } from "@leastwise/store";
import { InvalidArgumentError, Option } from "commander";
import { LEAST_MEMORY_MB } from "../asking/limits.ts";
import { instantOf, isActionPattern } from "../config/values.ts";
import { USUAL_PREFIX, isPrefix } from "../queue/names.ts";
import { LEAST_WORKER_MB } from "../workers/worker-limits.ts";

/** More would do little but read the same inputs. */
const MOST_SHARES = 1000;

/** The options that several commands have, and what checks the text of an option. A parser throws InvalidArgumentError. */

export function database(description: string): Option {
  return new Option("--db <file>", description);
}

export function oneRun(): Option {
  return new Option("--run <run>", "the run to look at: a number, `latest` or `previous` (default: the newest)");
}

export function catalogFile(): Option {
  return new Option(
    "--catalog <path>",
    'a catalog of your own: {"service": ["Action", …]}, or service reference files',
  );
}

export function serviceReference(): Option {
  return new Option(
    "--service-reference <path>",
    "a file or folder of AWS's service reference that extends the catalog",
  );
}

export function granularity(): Option {
  return new Option("--granularity <level>", "shortest safe word prefixes (word), or exact names").choices([
    "word",
    "exact",
  ]);
}

export function threads(): Option {
  return new Option("--threads <n>", "worker threads (default: one for each core)").argParser(wholeNumber(1, 256));
}

/** @param usual what there is without it, in words */
export function workerMemory(usual: string): Option {
  return new Option("--worker-memory <mb>", `memory of a thread for one task (default: ${usual})`).argParser(
    wholeNumber(LEAST_WORKER_MB, 1 << 20),
  );
}

export function taskSeconds(): Option {
  return new Option("--task-seconds <seconds>", "time of a thread for one task, 0 for any (default: 300)").argParser(
    wholeNumber(0, 86_400),
  );
}

/** The examples under a command's help. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}

/** Not checked here: what is wrong with it is said without repeating it, since a password may stand in it. */
export function queue(description: string): Option {
  return new Option("--queue <url>", description).env("LEASTWISE_QUEUE");
}

export function queuePrefix(): Option {
  return new Option("--queue-prefix <name>", "what all keys in Redis begin with")
    .argParser(prefix)
    .default(USUAL_PREFIX);
}

function prefix(text: string): string {
  if (isPrefix(text)) return text;
  throw new InvalidArgumentError("Give letters, digits, `_`, `.` and `-`, 64 at the most.");
}

/** In hundredths; 100 is all. */
export function percent(text: string): number {
  const value = Number(text);
  if (/^\d+(?:\.\d+)?$/.test(text) && value <= 100) return value;
  throw new InvalidArgumentError("Give a number from 0 to 100.");
}

/** ISO 8601 in UTC. */
export function date(text: string): string {
  const instant = instantOf(text);
  if (instant !== undefined) return instant;
  throw new InvalidArgumentError("Give a date such as 2026-11-21, or a time with its offset.");
}

/** May be given several times. */
export function actionPattern(text: string, before: readonly string[] = []): readonly string[] {
  if (isActionPattern(text)) return [...before, text];
  throw new InvalidArgumentError("Give a pattern over service:Name such as iam:* or *:Delete*, or *.");
}

/** `2/4`: one of so many shares. */
export function share(text: string): Share {
  const [, number, of] = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(text) ?? [];
  const found = { number: Number(number), of: Number(of) };
  if (found.number <= found.of && found.of <= MOST_SHARES) return found; // NaN where it does not match
  throw new InvalidArgumentError(`Give I/N, I from 1 to N, N up to ${MOST_SHARES}, such as 2/4.`);
}

/** Megabytes; 0 is no limit. */
export function memoryMb(text: string): number {
  const value = wholeNumber(0, 1 << 20)(text);
  if (value === 0 || value >= LEAST_MEMORY_MB) return value;
  throw new InvalidArgumentError(`Give ${LEAST_MEMORY_MB} or more, or 0.`);
}

/** A parser for an option's text. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}
