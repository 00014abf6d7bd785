import { builtInCatalog } from "@leastwise/catalog";
import { openForReading } from "@leastwise/store";
import { expect, test } from "vitest";
import { DEMO, refined, temporaryFolder } from "./leastwise.ts";

const db = openForReading(refined(temporaryFolder(), "org.db", DEMO));
const { trie } = builtInCatalog();

/** The actions that the view has in its text, as they are spelled there. */
function listed(): readonly string[] {
  const sql = db.prepare<[], string>("SELECT sql FROM sqlite_schema WHERE name = 'escalation_actions'").pluck().get();
  return Array.from((sql ?? "").matchAll(/^ *\('([^']+)', '[a-z]+', '/gm), ([, action = ""]) => action);
}

test("each action of the list is one of the built-in catalog, spelled as there, and stands in it once", () => {
  const actions = listed();
  expect(actions.length).toBeGreaterThan(150);
  expect(actions.filter((action) => trie.find(action) < 0)).toEqual([]);
  expect(actions.map((action) => trie.name(trie.find(action)))).toEqual(actions);
  expect(new Set(actions).size).toBe(actions.length);
});

test("the view shows all of them, whoever has them", () => {
  const shown = db.prepare<[], string>("SELECT action FROM escalation_actions").pluck().all();
  expect([...shown].sort()).toEqual([...listed()].sort());
});
