import { type Statement, canonicalOptions } from "@leastwise/core";
import type { Case } from "../generate/cases.ts";
import { elementOf, entriesOf, fold, statementsOf, withEntries } from "../laws/plainly.ts";
import { reportOf, unusedOfReport } from "./report.ts";

/** The words of the catalog's names and services, the longest first: what can be renamed. */
export function wordsOf({ catalog }: Case): readonly string[] {
  const words = catalog.flatMap((action) => action.split(/:|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/));
  return [...new Set(words)].filter((word) => word.length > 1).sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

/** The case with a word replaced wherever it stands, case ignored; null where two actions would become one or one nameless. */
export function rename(asked: Case, word: string, by: string): Case | null {
  const pattern = new RegExp(word.replace(/[^A-Za-z0-9]/g, "\\$&"), "gi");
  const renamed = (text: string): string => text.replace(pattern, by);
  const catalog = asked.catalog.map(renamed);
  if (new Set(catalog.map(fold)).size < catalog.length || catalog.some((action) => !/^[^:]+:./s.test(action)))
    return null;
  const report = (unused: Case["unused"]): Case["unused"] =>
    unusedOfReport(
      reportOf(unused)
        .map(({ service, name }) => ({
          service: fold(renamed(service)),
          name: name === null ? null : fold(renamed(name)),
        }))
        .filter(({ service, name }) => service !== "" && name !== ""),
    );
  const statements = statementsOf(asked.policy).map((statement): Statement => {
    const entries = statement[elementOf(statement)];
    return withEntries(statement, typeof entries === "string" ? renamed(entries) : entriesOf(entries).map(renamed));
  });
  const policy = { ...asked.policy, Statement: Array.isArray(asked.policy.Statement) ? statements : statements[0]! }; // a single one
  const services = asked.options.services
    .map(([service, of]) => [renamed(service), of] as const)
    .filter(([service]) => service !== "");
  const options = canonicalOptions({ ...asked.options, services });
  return { ...asked, catalog, policy, unused: report(asked.unused), more: report(asked.more), options };
}
