import { fold } from "../../pattern/fold.ts";
import { matches, parsePattern } from "../../pattern/pattern.ts";
import { cheapestCover } from "../cover/cheapest-cover.ts";
import type { Fit } from "../options.ts";
import { addCharacterPrefixes } from "./character-prefixes.ts";
import { findInnerPatterns } from "./inner-patterns.ts";
import { type Candidate, Candidates, type Name, type ServiceQuery, isBefore } from "./service-query.ts";

/** What is written for a service in a form, in no order, and whether nothing of this form is shorter for certain. */
export interface ServiceEntries {
  readonly entries: readonly string[];
  readonly isProven: boolean;
}

/** What an entry costs beside its characters: two quotes and a comma. */
const AROUND = 3;
/** Beginnings of patterns: with every second action unused no service of AWS has more than 16,384 (ec2), no name more than 4,096. */
const MOST_OF_A_SERVICE = 200_000;
const MOST_OF_A_NAME = 20_000;

/**
 * The fewest characters that cover a service's names (SEMANTICS 9), in each form up to the one asked for: inner patterns, characters.
 * `prefixes` is what the form of word prefixes writes for the service, some of which may cover nothing that is wanted; no form takes
 * more than the one before it.
 */
export function fitService(query: ServiceQuery, fit: Fit, prefixes: readonly string[]): readonly ServiceEntries[] {
  const candidates = new Candidates();
  const given = prefixes.flatMap((text): Candidate[] => {
    const pattern = parsePattern(text);
    const covers = elementsOf(query.names.filter(({ folded }) => matches(pattern, folded)));
    return covers.length === 0 ? [] : [{ text, covers }];
  });
  for (const { text, covers } of given) candidates.add(fold(text), covers, text);
  for (const { element, folded, spelled } of query.names) {
    if (element >= 0) candidates.add(folded, [element], spelled);
  }
  const worth = { mostBeginnings: MOST_OF_A_SERVICE, least: 2, isShortEnough: () => true };
  const isWhole = findInnerPatterns(query, worth, (folded, covers, text) => candidates.add(folded, covers, text));
  const inner = cheapest(query, candidates, isWhole, given);
  if (fit.form === "inner") return [entriesOf(inner)];
  addCharacterPrefixes(query, fit.shortest, candidates);
  const isAll = addShortestPatterns(query, candidates);
  return [inner, cheapest(query, candidates, isWhole && isAll, inner.chosen)].map(entriesOf);
}

interface Chosen {
  readonly chosen: readonly Candidate[];
  readonly isProven: boolean;
}

function entriesOf({ chosen, isProven }: Chosen): ServiceEntries {
  return { entries: chosen.map(({ text }) => text), isProven };
}

/** The cheapest of the candidates, or what another form has chosen where that costs no more. */
function cheapest(
  { names }: ServiceQuery,
  candidates: Candidates,
  isComplete: boolean,
  other: readonly Candidate[],
): Chosen {
  const list = candidates.list();
  const cover = cheapestCover({
    elements: elementsOf(names),
    choices: list.map(({ text, covers }, id) => ({ id, cost: text.length + AROUND, covers })),
  });
  const isProven = isComplete && cover.isProven;
  const otherCost = other.reduce((sum, { text }) => sum + text.length + AROUND, 0);
  if (otherCost <= cover.cost) return { chosen: other, isProven };
  return { chosen: cover.chosen.map(({ id }) => list[id]!), isProven }; // ids are places in the list
}

/**
 * For each name the shortest pattern that covers it, since in the form of characters one action is enough; of what covers more than
 * one, `findInnerPatterns` has told. Whether none was missed.
 */
function addShortestPatterns(query: ServiceQuery, candidates: Candidates): boolean {
  let isAll = true;
  for (const name of query.names) {
    if (name.element < 0) continue;
    let best = { folded: name.folded, text: name.spelled };
    const alone = { ...query, names: [name] };
    const worth = {
      mostBeginnings: MOST_OF_A_NAME,
      least: 1,
      isShortEnough: (length: number) => length <= best.folded.length,
    };
    const isWhole = findInnerPatterns(alone, worth, (folded, _, text) => {
      if (isBefore(folded, best.folded)) best = { folded, text };
    });
    isAll &&= isWhole;
    const pattern = parsePattern(best.text);
    const covers = elementsOf(query.names.filter(({ folded }: Name) => matches(pattern, folded)));
    candidates.add(best.folded, covers, best.text);
  }
  return isAll;
}

function elementsOf(names: readonly Name[]): readonly number[] {
  return names.flatMap(({ element }) => (element < 0 ? [] : [element]));
}
