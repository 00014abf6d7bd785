import type { WordTree } from "@leastwise/api";
import { type PolicyDocument, entriesOf, resolveUnused, statementsOf } from "@leastwise/core";
import { wordTree } from "@leastwise/pictures";
import { PageError, type PageAsked } from "@leastwise/store";
import type { PageCatalogs } from "./catalogs.ts";
import { askedPolicy } from "./policy-page.ts";
import type { ShownRun } from "./shown-database.ts";

/** The words behind one entry of a policy. @throws PageError `not-found` where the statement's Action has no such entry */
export function entryTree(shown: ShownRun, asked: PageAsked, catalogs: PageCatalogs): WordTree {
  const facts = askedPolicy(shown, asked);
  const { statement: place = "", entry = "" } = asked;
  const document = JSON.parse(facts.before) as PolicyDocument; // the edge has checked it
  const statement = /^\d{1,6}$/.test(place) ? statementsOf(document)[Number(place)] : undefined;
  if (statement === undefined || !entriesOf(statement.Action).includes(entry))
    throw new PageError("not-found", `statement ${place} has no entry \`${entry}\``, "`policy` lists them");
  const change = facts.changes.find((one) => one.statement === Number(place) && one.entry === entry);
  const { trie } = catalogs.of(shown.db, shown.catalogId);
  const replacedBy = facts.recommendedAction === "DETACH_POLICY" ? [] : (change?.replacedBy ?? [entry]);
  return wordTree(trie, resolveUnused(trie, facts.unused), entry, replacedBy);
}
