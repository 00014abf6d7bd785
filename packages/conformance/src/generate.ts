import type { Granularity, PolicyDocument, Statement, Unused, UnusedService } from "@leastwise/core";
import { fold } from "./glob.ts";
import { type Random, below, chance, listOfLength, mulberry32, pick, pickSome, recased, shuffled } from "./random.ts";

/** One input of the refiner, made up. The policy is plain JSON; `unused` is canonical: folded, sorted, each once, none empty. */
export interface GeneratedCase {
  readonly catalog: string[];
  readonly policy: PolicyDocument;
  readonly unused: Unused;
  readonly granularity: Granularity;
}

/** Services that are one another's prefixes, with digits and signs. */
const SERVICES = ["s", "s3", "s3-o", "a", "ab", "a-b", "iam", "x2"] as const;

/** Words that are one another's prefixes, alone and joined, in several cases. */
const WORDS = "Get Put List Tag Tags Tagging tag Object Obj Ob DB Db DBs CORS Cors V2 2 2a A a aA B - _ X".split(" ");

const GLOBS = ["*", "*", "*", "?", "**", "*?", "?*", "*?*", "??"] as const;

/** Letters that a wrong case folding takes for ASCII ones, a pair of surrogates, and what `.` does not match. */
const ODD = ["\u212a", "\u017f", "\u0130", "\u{1f600}", "\n", "\u2028"] as const;

/** The same seed gives the same case, on every machine. */
export function generateCase(seed: number): GeneratedCase {
  const random = mulberry32(seed);
  const catalog = generateCatalog(random);
  const statements = listOfLength(chance(random, 0.02) ? 0 : 1 + below(random, 3), () =>
    generateStatement(random, catalog),
  );
  const unused = generateUnused(random, catalog);
  const policy = generatePolicy(random, statements);
  return { catalog: shuffled(random, catalog), policy, unused, granularity: chance(random, 0.15) ? "exact" : "word" };
}

// Catalog --------------------------------------------------------------------------------------------------------------------

function generateCatalog(random: Random): string[] {
  const byFoldedName = new Map<string, string>();
  const words = listOfLength(2 + below(random, 4), () => pick(random, WORDS));
  for (const service of pickSome(random, SERVICES, 1 + below(random, 3))) {
    const names: string[] = [];
    const grid = chance(random, 0.5);
    for (let left = 2 + below(random, 18); left > 0; left--) {
      const name = grid ? gridName(random, words) : generateName(random, words, names);
      const action = `${service}:${name}`;
      if (name === "" || byFoldedName.has(fold(action))) continue;
      names.push(name);
      byFoldedName.set(fold(action), action);
    }
  }
  return [...byFoldedName.values()];
}

/** Verb, noun, ending: with few words to draw from, many names share what they start with and what they end with. */
function gridName(random: Random, words: readonly string[]): string {
  const verb = pick(random, ["Get", "Put", "List"]);
  return (
    verb +
    pick(random, words) +
    pick(random, ["", ...words]) +
    pick(random, ["", "Tag", "Tagging", pick(random, words)])
  );
}

/** A new name, or one that shares characters with another: longer, shorter, in another case, with another ending. */
function generateName(random: Random, words: readonly string[], others: readonly string[]): string {
  const fresh = (): string => listOfLength(1 + below(random, 3), () => pick(random, words)).join("");
  if (others.length === 0 || chance(random, 0.3)) return fresh();
  const other = pick(random, others);
  const cut = below(random, other.length + 1);
  const make = pick(random, [
    () => other + pick(random, words),
    () => other + pick(random, ["s", "S", "x", "2"]),
    () => other.slice(0, cut),
    () => other.slice(0, cut) + fresh(),
    () => recased(random, other) + pick(random, words),
    () => fresh() + other,
  ]);
  return make();
}

// Policy ---------------------------------------------------------------------------------------------------------------------

function generatePolicy(random: Random, statements: readonly Statement[]): PolicyDocument {
  const [only] = statements;
  const Statement = statements.length === 1 && only !== undefined && chance(random, 0.4) ? only : statements;
  const elements: [string, unknown][] = [["Statement", Statement]];
  if (chance(random, 0.8)) elements.push(["Version", pick(random, ["2012-10-17", "2012-10-17", "2008-10-17"])]);
  if (chance(random, 0.1)) elements.push(["Id", "made-up"]);
  return Object.fromEntries(shuffled(random, elements)) as PolicyDocument; // has a Statement
}

function generateStatement(random: Random, catalog: readonly string[]): Statement {
  const entries = generateEntries(random, catalog);
  const [only] = entries;
  const list = entries.length === 1 && only !== undefined && chance(random, 0.5) ? only : entries;
  const elements: [string, unknown][] = [
    ["Effect", chance(random, 0.12) ? "Deny" : "Allow"],
    [chance(random, 0.15) ? "NotAction" : "Action", list],
    chance(random, 0.1) ? ["NotResource", ["arn:aws:s3:::made-up"]] : ["Resource", "*"],
  ];
  if (chance(random, 0.2)) elements.push(["Sid", pick(random, ["One", "Two", ""])]);
  if (chance(random, 0.15))
    elements.push(["Condition", { StringEquals: { "aws:PrincipalTag/Action": ["s3:*", "*"] } }]);
  return Object.fromEntries(chance(random, 0.2) ? shuffled(random, elements) : elements) as unknown as Statement; // has Effect and one of Action and NotAction
}

function generateEntries(random: Random, catalog: readonly string[]): string[] {
  if (chance(random, 0.03)) return [];
  const entries: string[] = [];
  for (let left = 1 + below(random, 4); left > 0; left--) {
    const repeated = entries.length > 0 && chance(random, 0.12);
    const entry = repeated ? pick(random, entries) : generateEntry(random, catalog);
    entries.push(chance(random, 0.2) ? recased(random, entry) : entry);
  }
  return entries;
}

function generateEntry(random: Random, catalog: readonly string[]): string {
  const action = pick(random, catalog);
  const name = action.indexOf(":") + 1;
  const within = (): number => name + below(random, action.length - name + 1);
  const [from, to] = [within(), within()].sort((a, b) => a - b) as [number, number]; // two went in
  const service = action.slice(0, name);
  const ending = action.slice(Math.max(name, action.length - 1 - below(random, 7)));
  const middle = action.slice(from, from + 1 + below(random, 4));
  const make = pick(random, [
    () => action,
    () => mutated(random, action),
    () => `${action.slice(0, from)}*`,
    () => `${service}*`,
    () => `${service}*${ending}`,
    () => `${service}*${ending}`,
    () => `${service}*${middle}*`,
    () => `${service}*${middle}*`,
    () => `${service}?*${middle}*`,
    () => `${service}${"?".repeat(from - name)}*${ending}`,
    () => `${service}*${middle}*${ending}`,
    () => `${service}*${action.slice(from)}*${action.slice(to)}`,
    () => `${action.slice(0, from)}*${middle}*`,
    () => `${action.slice(0, from)}*${ending}`,
    () => `${action.slice(0, from)}${pick(random, GLOBS)}${action.slice(to)}`,
    () => withGlobs(random, action, name),
    () => withGlobs(random, action, 0),
    () => `${action.slice(0, from)}*${suffix(random, pick(random, catalog))}`,
    () => `*${pick(random, [ending, middle + "*", suffix(random, action)])}`,
    () => `*:${pick(random, ["*" + ending, "*" + middle + "*", action.slice(name, from) + "*"])}`,
    () => `${action.slice(0, below(random, name))}*${pick(random, ["", ":*"])}${ending}`,
    () => pick(random, ["*", "**", "*:*", "*?", "?*", "????*"]),
  ]);
  const entry = make();
  return chance(random, 0.03) ? replaced(random, entry, 0, pick(random, ODD)) : entry;
}

/** One to three slices at or after `start` become wildcards. */
function withGlobs(random: Random, text: string, start: number): string {
  let entry = text;
  for (let left = 1 + below(random, 3); left > 0; left--) entry = replaced(random, entry, start, pick(random, GLOBS));
  return entry;
}

/** A slice of up to three characters at or after `start`, often an empty one, becomes `by`. */
function replaced(random: Random, text: string, start: number, by: string): string {
  const from = start + below(random, text.length - start + 1);
  return text.slice(0, from) + by + text.slice(from + below(random, 4));
}

function suffix(random: Random, text: string): string {
  return text.slice(below(random, text.length + 1));
}

/** An action that the catalog most likely lacks, close to one that it has. */
function mutated(random: Random, action: string): string {
  const name = action.indexOf(":") + 1;
  const make = pick(random, [
    () => action + pick(random, WORDS),
    () => action.slice(0, name + 1 + below(random, action.length - name)),
    () => replaced(random, action, name, pick(random, WORDS)),
    () => `${pick(random, SERVICES)}:${action.slice(name)}`,
  ]);
  return make();
}

// Unused ---------------------------------------------------------------------------------------------------------------------

/**
 * Unused actions are drawn from the catalog at one rate, or are those that have a few characters in common. Both leave most
 * entries that grant several actions with something lost and something kept.
 */
function generateUnused(random: Random, catalog: readonly string[]): Unused {
  const rate = pick(random, [0.03, 0.06, 0.12, 0.25, 0.5, 0.9]);
  const start = below(random, 8);
  const common = pick(random, catalog).slice(start, start + 3 + below(random, 6));
  const alike = common !== "" && chance(random, 0.4);
  const reported = catalog.filter((action) => (alike ? action.includes(common) : chance(random, rate)));
  while (chance(random, 0.25)) reported.push(mutated(random, pick(random, catalog)));
  if (chance(random, 0.02)) reported.push(replaced(random, pick(random, catalog), 5, pick(random, ODD)));

  const names = new Map<string, Set<string>>();
  for (const action of reported.map(fold)) {
    const colon = action.indexOf(":");
    const service = action.slice(0, colon);
    names.set(service, (names.get(service) ?? new Set()).add(action.slice(colon + 1)));
  }
  const whole = new Set<string>();
  while (chance(random, 0.1)) {
    const service = chance(random, 0.8) ? fold(pick(random, catalog)).replace(/:.*/, "") : pick(random, SERVICES);
    whole.add(service);
    if (chance(random, 0.5)) names.delete(service);
  }
  return [...new Set([...names.keys(), ...whole])].sort().map((service): UnusedService => {
    return { service, whole: whole.has(service), names: [...(names.get(service) ?? [])].sort() };
  });
}
