import type { PolicyDocument, RefinementOptions, Unused } from "@leastwise/core";
import { engine } from "./engine.ts";
import { reportOf } from "./minimise/report.ts";
import { reference } from "./reference/refine.ts";
import type { Answer, Question, Refiner } from "./refiner.ts";
import type { Finding } from "./search.ts";

/** Shows at most this much of a catalog; a counterexample that is minimised has far less. */
const MOST_ACTIONS = 40;

/**
 * A finding as something to read: the law first, then policy, U and catalog as people write them, then what each refiner says.
 *
 * @param refiners the ones to quote; by default the engine and the reference
 * @param again the command that asks the same again
 */
export function describeFinding(
  { breach, asked }: Finding,
  again: string,
  refiners: readonly Refiner[] = [engine, reference],
): string {
  const { catalog, policy, unused, more, options } = asked;
  const actions = catalog.slice(0, MOST_ACTIONS);
  if (catalog.length > actions.length) actions.push(`… and ${catalog.length - actions.length} more`);
  const parts: [string, string][] = [
    ["broken", `${breach.law}, by \`${breach.refiner}\`: ${breach.what}`],
    ["policy", policyText(policy)],
    ["unused", unusedLines(unused)],
    ...(more.length === 0 ? [] : [["reported besides, for law 7", unusedLines(more)] satisfies [string, string]]),
    ["catalog", actions.join("\n")],
    ["options", optionLines(options)],
    ...refiners.map((refiner): [string, string] => [`\`${refiner.name}\` says`, saidBy(refiner, asked)]),
    ["again", again],
  ];
  return parts.map(([title, text]) => `${title}:\n${text.replace(/^/gm, "  ")}`).join("\n");
}

function unusedLines(unused: Unused): string {
  if (unused.length === 0) return "nothing";
  const wholes = new Set(unused.filter(({ whole }) => whole).map(({ service }) => service));
  const line = (service: string, name: string | null): string =>
    name === null ? `${service}:* (the whole service)` : `${wholes.has(service) ? "but not " : ""}${service}:${name}`;
  return reportOf(unused)
    .map(({ service, name }) => line(service, name))
    .join("\n");
}

function optionLines({ granularity, services, keptSids, fit }: RefinementOptions): string {
  const lines = [
    `granularity ${granularity}`,
    ...services.map(([service, of]) => `granularity ${of} for ${service}`),
    ...keptSids.map((start) => `statements kept whose Sid starts with \`${start}\``),
    ...(fit === undefined ? [] : [`form ${JSON.stringify(fit)}`]),
  ];
  return lines.join("\n");
}

function saidBy(refiner: Refiner, question: Question): string {
  try {
    return answerText(refiner.refine(question));
  } catch (error) {
    return String(error); // what is described may be that it throws
  }
}

function answerText({ recommendedAction, policy }: Answer): string {
  return recommendedAction === "CREATE_POLICY" ? policyText(policy) : recommendedAction;
}

/** As people write policies: indented, short lists of strings on one line. */
function policyText(policy: PolicyDocument | null): string {
  return JSON.stringify(policy, null, 2).replace(/\[\n\s+("[^[\]{}]*")\s+\]/g, (list, items: string) => {
    const line = `[${items.replace(/\n\s+/g, " ")}]`;
    return line.length <= 100 ? line : list;
  });
}
