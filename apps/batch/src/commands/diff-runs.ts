import { type Catalog } from "@leastwise/catalog";
import { type IntervalSet, ids } from "@leastwise/core";
import {
  type Connection,
  RunDifferences,
  type RunView,
  StoredResults,
  findRun,
  holdSnapshot,
  openForReading,
  readCurrentRun,
  readRuns,
} from "@leastwise/store";
import { catalogOf } from "../catalogs/stored-catalog.ts";
import type { FailOnChange } from "../cli/choices.ts";
import { EXIT, type ExitCode, Failure } from "../exit-code.ts";
import { printableJson } from "../format/printable.ts";
import { inPlaceDifference, principalDifference, runDifferencesText } from "../format/run-differences.ts";
import { Measure } from "../history/measure.ts";
import { policyChange } from "../history/policy-change.ts";
import { principalChange } from "../history/principal-change.ts";
import { Tally } from "../history/tally.ts";
import { type Terminal, write } from "../terminal.ts";

export interface DiffRunsOptions {
  readonly db: string;
  readonly failOn?: readonly FailOnChange[];
  readonly actions?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `leastwise diff-runs A B`: what became better, worse, came and went between two runs of a database. */
export async function diffRunsCommand(
  fromName: string,
  toName: string,
  options: DiffRunsOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const db = openForReading(options.db, toName);
  try {
    holdSnapshot(db);
    const [from, to] = [finished(db, fromName), finished(db, toName)];
    const { catalog, catalogId } = catalogOfShown(db);
    const differences = new RunDifferences(db, from.run_id, to.run_id);
    const measure = new Measure(differences, catalog, catalogId);
    const tally = new Tally();
    const { trie } = catalog;
    const names =
      options.actions === true ? (actions: IntervalSet) => Array.from(ids(actions), (id) => trie.name(id)) : null;
    for (const principal of differences.principals()) {
      const change = principalChange(principal, differences.answersOf(principal), measure);
      tally.add(change);
      if (options.json === true) await write(terminal.out, line(principalDifference(change, names)));
    }
    for (const answers of differences.inPlace()) {
      const change = policyChange(answers.from, answers.to, measure);
      tally.addInPlace(change);
      if (options.json === true) await write(terminal.out, line(inPlaceDifference(change, names)));
    }
    if (options.json !== true) {
      const comeAndGone = differences.comeAndGone();
      const { all = false, actions = false } = options;
      await write(terminal.out, runDifferencesText({ from, to, comeAndGone, tally, catalog, all, actions }, terminal));
    }
    return isFound(tally, options.failOn ?? []) ? EXIT.checkFound : EXIT.done;
  } finally {
    db.close();
  }
}

function finished(db: Connection, name: string): RunView {
  const runId = findRun(db, name);
  const run = readRuns(db).find(({ run_id }) => run_id === runId);
  if (run !== undefined && run.state === "done") return run;
  throw new Failure(
    EXIT.usage,
    `run ${runId} is not finished`,
    "run `leastwise refine` with the same inputs again to finish it",
  );
}

/** The later run is the one that the views show. */
function catalogOfShown(db: Connection): { readonly catalog: Catalog; readonly catalogId: number } {
  const { catalogId } = readCurrentRun(db)!; // it has been found
  const stored = new StoredResults(db).catalogs().find((candidate) => candidate.catalogId === catalogId);
  return { catalog: catalogOf(stored!), catalogId }; // a run refers to its catalog
}

function isFound({ principals, newlyRemovable }: Tally, failOn: readonly FailOnChange[]): boolean {
  return failOn.some((kind) => (kind === "more-to-remove" ? newlyRemovable.policies : principals[kind]) > 0);
}

function line(value: object): string {
  return `${printableJson(JSON.stringify(value))}\n`;
}
