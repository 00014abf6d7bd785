import { hash } from "node:crypto";
import type { OutcomeRows, Shard } from "@leastwise/core";

/**
 * Why an outcome cannot be one of the shard's, whatever it says; null where that takes a verifier. Every outcome is looked at in this way:
 * what it writes are the shard's own units, and texts under their own hashes. O(characters).
 */
export function structureProblem({ units, documents }: Shard, outcome: OutcomeRows): string | null {
  if (outcome.units.length !== units.length || outcome.units.some(({ unitId }, i) => unitId !== units[i]?.unitId))
    return "the answers are not to the shard's questions in their order";
  const told = new Set(outcome.grants.map(({ document }) => document));
  if (told.size < outcome.grants.length || [...told].some((place) => documents[place]?.wantsGrants !== true))
    return "it says what a document grants that nobody asked about, or says it twice";
  for (const unit of outcome.units) {
    if (!unit.ok) continue;
    const { created, recommendedAction } = unit;
    if ((created === null) === (recommendedAction === "CREATE_POLICY"))
      return `${recommendedAction} goes ${created === null ? "without" : "with"} a new document`;
    if (created !== null && hash("sha256", created.text) !== created.sha256)
      return "a recommended document has another SHA-256";
  }
  const asked = new Set(outcome.units.flatMap(({ ok }, i) => (ok ? [units[i]?.document] : [])));
  if (documents.some(({ wantsGrants }, place) => wantsGrants && asked.has(place) && !told.has(place)))
    return "it does not say what an existing document grants";
  return null;
}
