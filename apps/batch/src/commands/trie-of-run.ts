import {
  type CatalogTrie,
  type PolicyDocument,
  type Unused,
  entriesOf,
  hasWildcard,
  statementsOf,
} from "@leastwise/core";
import { type Connection, StoredResults, openForReading, readChanges, readRecommendations } from "@leastwise/store";
import { catalogOf } from "../catalogs/stored-catalog.ts";
import { EXIT, Failure } from "../exit-code.ts";
import { requiredPrincipal } from "../given/principal.ts";

/** What a tree is drawn of: an entry, what is unused, and what stands in the entry's place. */
export interface Case {
  readonly trie: CatalogTrie;
  readonly unused: Unused;
  readonly replacedBy: readonly string[];
}

interface AskedRun {
  readonly db: string;
  readonly run: string | undefined;
  /** An ARN. */
  readonly principal: string;
  /** A name, or an ARN. */
  readonly policy: string;
}

/** What a run has come to for the entry, by the run's own catalog. @throws Failure usage where there is no such entry */
export function caseOfRun(entry: string, { db: path, run, principal, policy }: AskedRun): Case {
  const db = openForReading(path, run);
  try {
    return caseOfDatabase(db, entry, principal, policy);
  } finally {
    db.close();
  }
}

function caseOfDatabase(db: Connection, entry: string, arn: string, policy: string): Case {
  const principal = requiredPrincipal(db, arn);
  const attached = [...readRecommendations(db, principal.arn)];
  const row = attached.find(({ policy_name: name, policy_key: key }) => name === policy || key === policy);
  if (row === undefined) {
    const names = some(attached.map(({ policy_name: name }) => name));
    throw new Failure(
      EXIT.usage,
      `\`${arn}\` has no answered policy \`${policy}\``,
      names === "" ? "it has none at all" : `it has ${names}`,
    );
  }
  const document = JSON.parse(row.existing_policy) as PolicyDocument; // the edge has checked it
  const allowed = statementsOf(document)
    .filter(({ Effect, Action }) => Effect === "Allow" && Action !== undefined)
    .flatMap(({ Action }) => entriesOf(Action));
  if (!allowed.includes(entry)) {
    const wildcards = some([...new Set(allowed.filter(hasWildcard))]);
    throw new Failure(
      EXIT.usage,
      `\`${policy}\` does not allow \`${entry}\` as an entry of its own`,
      wildcards === "" ? "it has no wildcards" : `its wildcards: ${wildcards}`,
    );
  }
  const stored = new StoredResults(db);
  const [result] = [...stored.results([row.unit_id])];
  const catalog = stored.catalogs().find(({ sha256 }) => sha256 === row.catalog_sha256);
  const unused = result === undefined ? undefined : stored.unused(result.unusedId);
  if (catalog === undefined || unused === undefined)
    throw new Failure(
      EXIT.io,
      "the database lacks what the result is made of",
      "`leastwise verify --db FILE` says what",
    );
  const change = readChanges(db, row.unit_id).find((candidate) => candidate.entry === entry);
  return {
    trie: catalogOf(catalog).trie,
    unused: JSON.parse(unused.text) as Unused, // canonical JSON that this program wrote
    replacedBy: change?.replacedBy ?? [entry],
  };
}

const MOST_NAMED = 12;

function some(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : "";
  return names.slice(0, MOST_NAMED).join(", ") + more;
}
