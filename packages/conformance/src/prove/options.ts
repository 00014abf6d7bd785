import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";

export interface Options {
  readonly seed: number;
  /** Milliseconds for generated cases; Infinity where only `cases` ends it. */
  readonly time: number;
  /** As many generated cases at most. */
  readonly cases: number;
  /** As many real documents, each with every kind of U. */
  readonly documents: number;
  readonly threads: number;
}

export const USAGE = `npm run prove -- [options]

Puts the engine and the reference to every law of docs/semantics.md section 5 and to each other on policies made up
afresh, and before that the engine to laws 2, 4 and 6 and to the reference on every version of every policy that AWS
manages. What breaks is shrunk, shown and kept in test-data/counterexamples. Ends with 1 where anything broke, with 2
where it could not start.

  --minutes N     how long to make up cases (default: 5, or until --cases are done)
  --cases N       how many cases at most; the real documents come on top
  --documents N   only the first N real documents (default: all)
  --seed N        the same cases again (default: a fresh seed, printed)
  --threads N     worker threads, 256 at most (default: the processors there are)
  --help          this text
`;

const MOST_THREADS = 256;

const NUMBERS = ["minutes", "cases", "documents", "seed", "threads"] as const;

/** The options, or `help`, or what is wrong with them in a line. */
export function readOptions(args: readonly string[], freshSeed: number): Options | string {
  const text = { type: "string" } as const;
  let values: Partial<Record<(typeof NUMBERS)[number], string>> & { help?: boolean };
  try {
    values = parseArgs({
      args: [...args],
      options: { minutes: text, cases: text, documents: text, seed: text, threads: text, help: { type: "boolean" } },
    }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error); // parseArgs throws what it wants to be shown
  }
  if (values.help === true) return "help";
  for (const name of NUMBERS) {
    const given = values[name];
    if (given === undefined) continue;
    const isNumber = name === "minutes" ? /^\d{1,6}(\.\d{1,6})?$/.test(given) : /^\d{1,9}$/.test(given);
    if (!isNumber || (name === "threads" && (Number(given) === 0 || Number(given) > MOST_THREADS)))
      return `\`--${name} ${given}\` is no number that fits`;
  }
  const { minutes, cases, documents, seed, threads } = values;
  const otherwise = cases === undefined ? 5 : Infinity;
  return {
    seed: seed === undefined ? freshSeed : Number(seed),
    time: (minutes === undefined ? otherwise : Number(minutes)) * 60_000,
    cases: cases === undefined ? Infinity : Number(cases),
    documents: documents === undefined ? Infinity : Number(documents),
    threads: threads === undefined ? availableParallelism() : Number(threads),
  };
}
