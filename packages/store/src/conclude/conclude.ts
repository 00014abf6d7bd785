import type { CatalogTrie } from "@leastwise/core";
import type { Connection } from "../database.ts";
import type { Run } from "../runs.ts";
import { compareWithAws } from "./aws-comparisons.ts";
import { nameBlockers } from "./blockers.ts";

/** What can be said only once every unit has its answer. One transaction, which may be repeated. */
export function conclude(db: Connection, run: Run, trie: CatalogTrie): void {
  db.transaction(() => {
    nameBlockers(db, run);
    compareWithAws(db, run, trie);
  })();
}
