import { builtInCatalog } from "@leastwise/catalog";
import { DEFAULT_OPTIONS } from "@leastwise/core";
import * as fc from "fast-check";
import { disagreement } from "../differential.ts";
import { type ManagedDocument, managedDocuments } from "../documents/managed.ts";
import { UNUSED_KINDS, unusedSetOf } from "../documents/unused-sets.ts";
import { engine, trieOf } from "../engine.ts";
import { type Case, cases, fittedCases } from "../generate/cases.ts";
import { FEATURES, featuresOf } from "../generate/features.ts";
import { type Breach, LAWS, type Law, firstBreach } from "../laws/laws.ts";
import { reference } from "../reference/refine.ts";
import type { Refiner } from "../refiner.ts";
import { type Finding, judge, minimised } from "../search.ts";

/** A piece of work for a thread. */
export type Task = CasesTask | DocumentsTask;

interface CasesTask {
  readonly kind: "cases";
  readonly seed: number;
  readonly count: number;
}

interface DocumentsTask {
  readonly kind: "documents";
  readonly seed: number;
  /** Places in the list of all documents. */
  readonly from: number;
  readonly to: number;
}

export interface TaskResult {
  /** Generated cases, or documents. */
  readonly asked: number;
  /** Cases in forms that fit (SEMANTICS 9), beside these. */
  readonly fitted: number;
  /** Questions compared: one a case, one a document and kind of U. */
  readonly compared: number;
  /** Laws decided, each for one refiner. */
  readonly laws: number;
  /** How often each feature was hit, by its place; all 0 for documents. */
  readonly hits: readonly number[];
  /** How many questions broke something. */
  readonly broken: number;
  /** The first few of them, minimised. */
  readonly findings: readonly Finding[];
}

/** What one thread keeps between tasks. */
export interface Bench {
  readonly refiners: readonly Refiner[];
  readonly real: readonly string[];
  readonly documents: readonly ManagedDocument[];
  /** Findings left to be minimised for each law: where something is broken throughout, a few of each tell. */
  readonly left: Map<string, number>;
}

const MOST_FINDINGS = 3;
/** One case in a form that fits for so many others: the reference takes some thirty times as long for it. */
const FITTED_SHARE = 10;

/** Laws that a real document over the whole catalog can be asked: brute force over all of AWS would take seconds each. */
const DOCUMENT_LAWS: readonly Law[] = LAWS.filter(({ number }) => [2, 4, 6].includes(number));

/** Reads the built-in catalog and all documents. @param refiners all of them are put to every law, and compared with the reference */
export function openBench(refiners: readonly Refiner[] = [engine, reference]): Bench {
  const { trie } = builtInCatalog();
  const real = Array.from({ length: trie.actionCount }, (_, id) => trie.name(id));
  return { refiners, real, documents: managedDocuments(), left: new Map() };
}

/** Changes nothing but the bench's count of findings left. */
export function runTask(bench: Bench, task: Task): TaskResult {
  return task.kind === "cases" ? runCases(bench, task) : runDocuments(bench, task);
}

function runCases(bench: Bench, { seed, count }: CasesTask): TaskResult {
  const hits = FEATURES.map(() => 0);
  const findings: Finding[] = [];
  let broken = 0;
  const fitted = Math.ceil(count / FITTED_SHARE);
  const made = fc.sample(cases(bench.real), { seed, numRuns: count });
  for (const asked of made) for (const feature of featuresOf(asked)) hits[feature]!++; // a place in FEATURES
  for (const asked of [...made, ...fc.sample(fittedCases(bench.real), { seed, numRuns: fitted })]) {
    const breach = firstOf(bench, (refiner) => judge(refiner, asked));
    if (breach === null) continue;
    broken++;
    keep(bench, findings, asked, breach);
  }
  const compared = count + fitted;
  const laws = bench.refiners.length * LAWS.length * compared;
  return { asked: count, fitted, compared, laws, hits, broken, findings };
}

function runDocuments(bench: Bench, { seed, from, to }: DocumentsTask): TaskResult {
  const trie = trieOf(bench.real);
  const findings: Finding[] = [];
  let broken = 0;
  const documents = bench.documents.slice(from, to);
  documents.forEach(({ policy }, place) => {
    for (const kind of UNUSED_KINDS) {
      const unused = unusedSetOf(kind, seed + from + place, trie, policy);
      const asked: Case = { catalog: bench.real, policy, unused, more: [], options: DEFAULT_OPTIONS };
      const breach = firstOf(bench, (refiner) => {
        if (refiner === reference) return null; // it is what the others are compared with here, and takes a hundred times as long
        return disagreement(refiner, asked) ?? firstBreach(refiner, asked, DOCUMENT_LAWS);
      });
      if (breach === null) continue;
      broken++;
      keep(bench, findings, asked, breach);
    }
  });
  const compared = documents.length * UNUSED_KINDS.length;
  const laws = bench.refiners.filter((refiner) => refiner !== reference).length * DOCUMENT_LAWS.length * compared;
  return { asked: documents.length, fitted: 0, compared, laws, hits: [], broken, findings };
}

function firstOf({ refiners }: Bench, check: (refiner: Refiner) => Breach | null): Breach | null {
  for (const refiner of refiners) {
    const breach = check(refiner);
    if (breach !== null) return breach;
  }
  return null;
}

/** Minimised by asking only for what was broken, of the refiner that broke it. */
function keep({ refiners, left }: Bench, findings: Finding[], asked: Case, { law, refiner: name }: Breach): void {
  const most = left.get(law) ?? MOST_FINDINGS;
  if (most === 0) return;
  left.set(law, most - 1);
  const refiner = refiners.find((candidate) => candidate.name === name)!; // it broke the law
  const laws = LAWS.filter((one) => one.name === law);
  findings.push(
    minimised(asked, (candidate) => {
      if (law === "differential") return disagreement(refiner, candidate);
      return laws.length > 0 ? firstBreach(refiner, candidate, laws) : throwing(refiner, candidate);
    }),
  );
}

/** Where a refiner or a law threw: only that counts. */
function throwing(refiner: Refiner, asked: Case): Breach | null {
  const breach = disagreement(refiner, asked);
  return breach?.law === "answers" ? breach : firstBreach(refiner, asked);
}
