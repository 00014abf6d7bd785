import { hasWildcard } from "../pattern/pattern.ts";
import { type PolicyDocument, entriesOf, statementsOf } from "./document.ts";

/**
 * The entries with a wildcard in a document's Allow statements, each once, in the order in which they first stand: the element, a space, and
 * the entry as it is spelled.
 */
export function wildcardsOf(document: PolicyDocument): readonly string[] {
  const found = new Set<string>();
  for (const statement of statementsOf(document)) {
    if (statement.Effect !== "Allow") continue;
    for (const element of ["Action", "NotAction"] as const)
      for (const entry of entriesOf(statement[element])) if (hasWildcard(entry)) found.add(`${element} ${entry}`);
  }
  return [...found];
}
