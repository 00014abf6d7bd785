import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DEFAULT_OPTIONS, type Granularity, type PolicyDocument, type RefinementOptions } from "@leastwise/core";
import type { Case } from "./generate/cases.ts";
import type { Finding } from "./search.ts";

/** A file of `test-data/counterexamples`: all that is needed to ask again, and what was wrong. */
export interface Counterexample extends Case {
  /** What the case is about, in a sentence. */
  readonly about: string;
  /** The law that was broken, or `differential`, or `answers`. */
  readonly law: string;
  /** The day it was found, as YYYY-MM-DD. */
  readonly found: string;
  /** The seed of the run that found it; null for one written by hand. */
  readonly seed: number | null;
  /** The right answer, where somebody has decided it: the document, or null where the policy is to be detached. */
  readonly expected?: PolicyDocument | null;
}

/** A file as it stands there: those from before there were options name a granularity alone. */
interface CounterexampleFile extends Omit<Counterexample, "options"> {
  readonly granularity?: Granularity;
  readonly options?: RefinementOptions;
}

/** Where counterexamples are kept for good. */
export const COUNTEREXAMPLES: string = fileURLToPath(new URL("../../../test-data/counterexamples/", import.meta.url));

/** Writes a finding to the folder and gives the file's path: `<law>-<hash of the case>.json`, so that equal findings are one file. */
export function writeCounterexample(folder: string, { breach, asked }: Finding, seed: number, found: string): string {
  const { catalog, policy, unused, more, options } = asked;
  const about = `the ${breach.refiner}: ${breach.what}`;
  const file: Counterexample = { about, law: breach.law, found, seed, options, policy, unused, more, catalog };
  const hash = createHash("sha256")
    .update(JSON.stringify([catalog, policy, unused, more, options]))
    .digest("hex");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${breach.law}-${hash.slice(0, 8)}.json`);
  writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`);
  return path;
}

/** All of a folder, by file name. */
export function readCounterexamples(
  folder: string,
): readonly { readonly name: string; readonly kept: Counterexample }[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return names.sort().map((name) => {
    const file = JSON.parse(readFileSync(join(folder, name), "utf8")) as CounterexampleFile; // our own files
    const { granularity = DEFAULT_OPTIONS.granularity, options = { ...DEFAULT_OPTIONS, granularity }, ...rest } = file;
    return { name, kept: { ...rest, options } };
  });
}
