import { availableParallelism } from "node:os";
import type { Catalog } from "@leastwise/catalog";
import {
  type Connection,
  type Run,
  StoredResults,
  type Summary,
  closeWriting,
  lockFor,
  readDiagnosticsByCode,
  readMergingRun,
} from "@leastwise/store";
import { catalogOf } from "../catalogs/stored-catalog.ts";
import { EXIT, type ExitCode, Failure } from "../exit-code.ts";
import { type RefusedView, refusedText } from "../format/merged.ts";
import { printable, printableJson } from "../format/printable.ts";
import { summaryText } from "../format/summary.ts";
import { type MergeResult, merge } from "../merge.ts";
import { missingShares, missingText } from "../merging/missing-shares.ts";
import { type OpenParts, openParts, readable } from "../merging/open-parts.ts";
import { beginAnew, openTarget } from "../merging/open-target.ts";
import { PartTrust, untilTrusted } from "../merging/part-trust.ts";
import { SILENT, count, progressOn } from "../progress.ts";
import { CheckedCatalog } from "../recheck/checked-catalogs.ts";
import type { TakenOver } from "../stages/take-answers.ts";
import { type Terminal, write } from "../terminal.ts";
import { poolExecutor } from "../workers/executor.ts";
import { isolatingExecutor } from "../workers/isolating-executor.ts";
import { usualLimits } from "../workers/worker-limits.ts";

export interface MergeOptions {
  readonly db: string;
  readonly complete?: boolean;
  readonly checkOutcomes?: number;
  readonly threads?: number;
  readonly workerMemory?: number;
  readonly taskSeconds?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `leastwise merge --db FILE PART…` */
export async function mergeCommand(
  paths: readonly string[],
  options: MergeOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const started = performance.now();
  const progress = options.quiet === true ? SILENT : progressOn(terminal.err);
  const lock = lockFor(options.db);
  let opened: OpenParts | undefined;
  let db: Connection | undefined;
  try {
    opened = openParts(paths, options.db, progress);
    const { parts, first } = opened;
    const percent = options.checkOutcomes ?? 100;
    refuseMissing(opened, options);
    const target = await openTarget(options.db, opened, percent >= 100);
    if (target.was === "done") return await tellDone(target.summary, options, terminal);
    ({ db } = target);
    const runIn = (merged: Connection): Run => ({ ...readMergingRun(merged)!, resumed: target.was === "begun" }); // the target is one that is being merged
    const catalog = catalogOfRun(db, runIn(db).catalogId);
    const usual = usualLimits(0);
    const takers = poolExecutor(catalog.trie.buffer as SharedArrayBuffer, options.threads ?? availableParallelism(), {
      // catalogs are opened in shared memory
      memoryMb: options.workerMemory ?? usual.memoryMb,
      taskSeconds: options.taskSeconds ?? usual.taskSeconds,
    });
    const executor = isolatingExecutor(takers);
    const files = parts.map(({ path, share }) => ({ path, share }));
    // what an interrupted merge has left open may be what did not hold, so a second one is not left to luck
    const trust = new PartTrust(target.was === "begun" ? 100 : percent, target.hasUnchecked);
    const job = { catalog, parts: files, isComplete: options.complete === true, trust };
    try {
      const round = (merged: Connection): ReturnType<typeof merge> =>
        merge(merged, { ...job, run: runIn(merged) }, takers, executor, progress);
      const ended = await untilTrusted(db, trust, round, () => beginAnew(options.db, first));
      ({ db } = ended);
      const { result } = ended;
      const refused = readRefused(db, result.taken);
      const seconds = (performance.now() - started) / 1000;
      if (!("summary" in result)) {
        await tellRefused(refused, result.taken, options, terminal);
        throw notConcluded(opened, result);
      }
      await tell(db, result, { catalog, refused, seconds, parts: files.length }, options, terminal);
      closeWriting(db);
      return result.summary.diagnostics.error > 0 ? EXIT.refused : EXIT.done;
    } finally {
      await executor.close();
    }
  } finally {
    progress.end();
    if (db?.open === true) db.close();
    for (const part of opened?.parts ?? []) part.db.close();
    lock.release();
  }
}

/** Before anything is written. */
function refuseMissing({ parts }: OpenParts, { complete }: MergeOptions): void {
  const [first] = parts;
  const missing = first === undefined || complete === true ? [] : readable(first, () => missingShares(parts));
  const [one] = missing;
  if (one === undefined) return;
  throw new Failure(
    EXIT.usage,
    missingText(missing),
    `run \`leastwise refine\` with --shard ${one.share} and the other options of the parts, or refine the rest here with --complete`,
  );
}

function notConcluded(
  { parts }: OpenParts,
  { taken, open }: { readonly taken: TakenOver; readonly open: number },
): Failure {
  if (taken.refused === 0)
    return new Failure(EXIT.usage, missingText(missingShares(parts)), "refine the rest here with --complete");
  return new Failure(
    EXIT.checkFound,
    `${plural(taken.refused, "answer")} of the parts ${taken.refused === 1 ? "does" : "do"} not hold, so ${plural(open, "unit")} ${open === 1 ? "is" : "are"} open and nothing is concluded`,
    "make these parts again, or refine what is open here with --complete",
  );
}

function plural(number: number, thing: string): string {
  return `${count(number)} ${thing}${number === 1 ? "" : "s"}`;
}

function readRefused(db: Connection, { refusedFirst }: TakenOver): readonly RefusedView[] {
  const stored = new StoredResults(db);
  return refusedFirst.map((answer) => {
    const [first] = stored.attachments(answer.unitId);
    return { ...answer, principal: first?.principalArn ?? null, policy: first?.policyName ?? null };
  });
}

async function tellRefused(
  refused: readonly RefusedView[],
  taken: TakenOver,
  { json }: MergeOptions,
  terminal: Terminal,
): Promise<void> {
  if (json === true) {
    const facts = {
      unitsTaken: taken.units,
      unitsUnchecked: taken.unchecked,
      refused: taken.refused,
      refusedAnswers: refused,
    };
    await write(terminal.out, `${printableJson(JSON.stringify(facts))}\n`);
  } else await write(terminal.out, refusedText(refused, taken.refused, terminal));
}

interface Told {
  readonly catalog: Catalog;
  readonly refused: readonly RefusedView[];
  readonly seconds: number;
  readonly parts: number;
}

async function tell(
  db: Connection,
  result: MergeResult,
  { catalog, refused, seconds, parts }: Told,
  { db: database, json }: MergeOptions,
  terminal: Terminal,
): Promise<void> {
  const { taken, ...rest } = result;
  if (json === true) {
    const { source: version, date, sha256 } = catalog;
    const facts = {
      ...rest,
      parts,
      unitsTaken: taken.units,
      unitsUnchecked: taken.unchecked,
      refused: taken.refused,
      refusedAnswers: refused,
      seconds,
      database,
      catalog: { version, date, sha256 },
    };
    await write(terminal.out, `${printableJson(JSON.stringify(facts))}\n`);
    return;
  }
  const diagnostics = readDiagnosticsByCode(db).filter(({ severity }) => severity !== "info");
  await write(terminal.out, refusedText(refused, taken.refused, terminal));
  const summary = { ...result, files: 0, seconds, database, catalog, merged: { parts, taken } };
  await write(terminal.out, `${summaryText(summary, diagnostics, terminal)}\n`);
}

/** Nothing is left to do, and what there is ends the same way. */
async function tellDone(summary: Summary, { db: database, json }: MergeOptions, terminal: Terminal): Promise<ExitCode> {
  terminal.err.write(`\`${printable(database)}\` holds this run already, merged and finished\n`);
  if (json === true) {
    const facts = { summary, unitsTaken: 0, unitsComputed: 0, database };
    await write(terminal.out, `${printableJson(JSON.stringify(facts))}\n`);
  }
  return summary.diagnostics.error > 0 ? EXIT.refused : EXIT.done;
}

function catalogOfRun(db: Connection, catalogId: number): Catalog {
  const stored = new StoredResults(db).catalogs().find((catalog) => catalog.catalogId === catalogId)!; // a run refers to its catalog
  const { problem } = new CheckedCatalog(stored);
  if (problem === null) return catalogOf(stored);
  throw new Failure(EXIT.checkFound, `the catalog of the parts does not hold: ${problem}`, "make the parts again");
}
