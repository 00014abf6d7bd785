import { builtInCatalog } from "@leastwise/catalog";
import {
  CatalogTrie,
  type Claim,
  DEFAULT_OPTIONS,
  type Engine,
  type PolicyDocument,
  type Unused,
  Verifier,
  entriesOf,
  matchedBy,
  parsePattern,
  refinePolicy,
  refineShard,
  resolveUnused,
  statementsOf,
} from "@leastwise/core";
import type { BenchCase } from "../measure/runner.ts";
import { percentile } from "../measure/spread.ts";
import { type Taken, stopwatch } from "../measure/stopwatch.ts";
import { type UnitTexts, managedUnits, organizationUnits } from "./core-units.ts";
import type { Suite } from "./suite.ts";

/** Something that is timed on its own. */
type Step = () => unknown;

const OPENINGS = 50;

export const CORE_SUITE: Suite = {
  name: "core",
  title: "The core alone, one thread, warm",
  columns: ["perSecond", "p50Micros", "p99Micros", "cpuMicros", "ratio", "cpuRatio"],
  rounds: { quick: 5, full: 15 },
  cases: ({ seed }) => {
    const { trie } = builtInCatalog();
    const engine: Engine = { trie, verifier: verifierOf(trie) };
    const sets: readonly (readonly [string, readonly UnitTexts[]])[] = [
      ["AWS managed", managedUnits(seed)],
      ["an account", organizationUnits(seed)],
    ];
    return [
      ...sets.flatMap(([name, units]) => [
        coreCase(`${name}: text in, verified text out`, units, () => units.map((unit) => answer(engine, unit))),
        coreCase(`${name}: refine`, units, () => units.map((unit) => refine(trie, unit))),
        coreCase(`${name}: verify`, units, () => units.map((unit) => verify(engine, unit))),
      ]),
      coreCase("an entry matched, on all of AWS", null, () => matchings(trie, sets[0]![1])), // the sets above
      coreCase("the catalog's image opened", null, () => openings(() => new CatalogTrie(trie.buffer))),
      coreCase("the verifier's index of it made", null, () => openings(() => verifierOf(trie))),
    ];
  },
};

/** @param steps makes what is timed, anew for each round: what somebody has looked at before is quicker to look at */
function coreCase(name: string, floorOf: readonly UnitTexts[] | null, steps: () => readonly Step[]): BenchCase {
  return {
    name,
    parameters: floorOf === null ? {} : { units: floorOf.length },
    warmUp: 2,
    round: () => {
      const { micros, seconds, cpuSeconds } = timed(steps());
      const figures = {
        seconds,
        cpuSeconds,
        perSecond: micros.length / seconds,
        cpuMicros: (cpuSeconds * 1e6) / micros.length,
        p50Micros: percentile(micros, 0.5),
        p99Micros: percentile(micros, 0.99),
      };
      if (floorOf === null) return { figures };
      const floor = timed(floorOf.map((unit) => () => parsedAndWritten(unit)));
      return {
        figures: {
          ...figures,
          floorSeconds: floor.seconds,
          floorCpuSeconds: floor.cpuSeconds,
          ratio: seconds / floor.seconds,
          cpuRatio: cpuSeconds / floor.cpuSeconds,
        },
      };
    },
  };
}

/** The floor: no program could answer without reading policy and report, and writing a policy. */
function parsedAndWritten({ document, unused }: UnitTexts): number {
  return JSON.stringify(JSON.parse(document)).length + JSON.stringify(JSON.parse(unused)).length;
}

/** As a worker does it, a shard for each unit. */
function answer(engine: Engine, { document, unused }: UnitTexts): Step {
  const shard = {
    catalog: engine.trie.contentHash,
    options: DEFAULT_OPTIONS,
    origin: { engineVersion: 1, catalogSource: "", catalogDate: "" },
    documents: [{ text: document, wantsGrants: true }],
    unused: [unused],
    units: [{ unitId: 0, document: 0, unused: 0 }],
  };
  return () => {
    const unit = refineShard(engine, shard).units[0]!; // one for the one unit
    if (!unit.ok) throw new Error(unit.message);
  };
}

/** The answer without its verification, from what has just been parsed. */
function refine(trie: CatalogTrie, { document, unused }: UnitTexts): Step {
  const [policy, set] = parsed(document, unused);
  return () => refinePolicy(trie, resolveUnused(trie, set), DEFAULT_OPTIONS, policy);
}

/** The verification alone, of documents that have just been parsed. */
function verify({ trie, verifier }: Engine, { document, unused }: UnitTexts): Step {
  const [policy, set] = parsed(document, unused);
  const refinement = refinePolicy(trie, resolveUnused(trie, set), DEFAULT_OPTIONS, policy);
  const { recommendedAction, changes } = refinement;
  const after = recommendedAction === "DETACH_POLICY" ? null : JSON.stringify(refinement.policy);
  const [before, given] = parsed(document, unused);
  const claim: Claim = {
    before,
    after: after === null ? null : (JSON.parse(after) as PolicyDocument), // just written
    recommendedAction,
    unused: given,
    changes,
  };
  return () => {
    if (verifier.verify(claim).violations.length > 0) throw new Error("a result does not hold");
  };
}

function parsed(document: string, unused: string): readonly [PolicyDocument, Unused] {
  return [JSON.parse(document) as PolicyDocument, JSON.parse(unused) as Unused]; // written by core-units.ts
}

function matchings(trie: CatalogTrie, units: readonly UnitTexts[]): readonly Step[] {
  const documents = units.map(({ document }) => JSON.parse(document) as PolicyDocument); // as above
  const entries = documents.flatMap((document) => statementsOf(document).flatMap(({ Action }) => entriesOf(Action)));
  return entries.map((entry) => () => matchedBy(trie, parsePattern(entry)));
}

function openings(open: Step): readonly Step[] {
  return Array.from({ length: OPENINGS }, () => open);
}

function verifierOf(trie: CatalogTrie): Verifier {
  return new Verifier(trie.toSource().actions.map(({ action }) => action));
}

function timed(steps: readonly Step[]): Taken & { readonly micros: Float64Array } {
  const micros = new Float64Array(steps.length);
  const time = stopwatch();
  for (let i = 0; i < steps.length; i++) {
    const start = performance.now();
    steps[i]!(); // i is inside
    micros[i] = (performance.now() - start) * 1000;
  }
  return { ...time(), micros };
}
