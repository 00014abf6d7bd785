import { availableParallelism } from "node:os";
import { loadCatalog } from "@leastwise/catalog";
import {
  type Connection,
  type Lock,
  type Share,
  StoreError,
  closeWriting,
  lockFor,
  openForReading,
  openForWriting,
  readDiagnosticsByCode,
  shareText,
} from "@leastwise/store";
import { readSettings } from "../config/read-settings.ts";
import type { Flags } from "../config/settings.ts";
import { EXIT, type ExitCode, Failure } from "../exit-code.ts";
import { fleetText } from "../format/fleet.ts";
import { printable, printableJson } from "../format/printable.ts";
import { type ShareFacts, shareSummaryText } from "../format/share-summary.ts";
import { summaryText } from "../format/summary.ts";
import { type Progress, SILENT, progressOn } from "../progress.ts";
import type { RunFleet } from "../queue/run-fleet.ts";
import { type RefineJob, run } from "../run.ts";
import { runShare } from "../run-share.ts";
import { listInputs } from "../stages/list-inputs.ts";
import { type Terminal, write } from "../terminal.ts";
import { poolExecutor } from "../workers/executor.ts";
import { isolatingExecutor } from "../workers/isolating-executor.ts";
import { mostParsedAtOnce } from "../workers/parsed-bytes.ts";
import { type WorkerLimits, usualLimits } from "../workers/worker-limits.ts";

export interface RefineOptions extends Flags {
  readonly db: string;
  readonly threads?: number;
  readonly workerMemory?: number;
  readonly taskSeconds?: number;
  readonly catalog?: string;
  readonly serviceReference?: string;
  readonly config?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly full?: boolean;
  readonly queue?: string;
  readonly queuePrefix: string;
  readonly inFlight?: number;
  readonly checkOutcomes?: number;
  readonly shard?: Share;
}

/** `leastwise refine PATH…` */
export async function refineCommand(
  paths: readonly string[],
  options: RefineOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const started = performance.now();
  const progress = options.quiet === true ? SILENT : progressOn(terminal.err);
  const job = jobOf(paths, options);
  const fleet = await fleetOf(options, terminal, progress);
  try {
    return await refine(job, fleet, options, terminal, progress, started);
  } finally {
    fleet?.leave();
  }
}

/** What is to be done, and the file that says how. */
interface Told extends RefineJob {
  readonly configFile: string | null;
}

function jobOf(paths: readonly string[], options: RefineOptions): Told {
  const { configFile, ...settings } = readSettings(options.config, process.cwd(), options);
  if (options.shard !== undefined && settings.maxAge !== null && settings.asOf === null) {
    const hint = "give all shares of a run the same --as-of";
    throw new Failure(EXIT.usage, "with --max-age each share would count ages to the moment it begins", hint);
  }
  const files = listInputs(paths);
  const catalog = loadCatalog(options.catalog, options.serviceReference);
  return { files, catalog, settings, isFull: options.full === true, configFile };
}

/** The workers at the queue, where there is one; loaded only then. */
async function fleetOf(
  { queue, ...options }: RefineOptions,
  terminal: Terminal,
  progress: Progress,
): Promise<RunFleet | null> {
  if (queue === undefined || queue === "") return null;
  const { openFleet } = await import("../queue/run-fleet.ts");
  return openFleet({ ...options, queue }, (line) => {
    progress.end();
    terminal.err.write(`${printable(line)}\n`);
  });
}

async function refine(
  { configFile, ...job }: Told,
  fleet: RunFleet | null,
  options: RefineOptions,
  terminal: Terminal,
  progress: Progress,
  started: number,
): Promise<ExitCode> {
  const { files, catalog } = job;
  const limits = workerLimits(await mostParsedAtOnce(files), options);
  const lock = lockFor(options.db);
  const db = openLocked(options.db, lock);
  const threads = options.threads ?? availableParallelism();
  const image = catalog.trie.buffer as SharedArrayBuffer; // catalogs are opened in shared memory
  const executor = isolatingExecutor(poolExecutor(image, threads, limits));
  if (configFile !== null && options.quiet !== true) terminal.err.write(`settings of ${printable(configFile)}\n`);
  try {
    if (options.shard !== undefined) {
      const result = await runShare(db, job, options.shard, executor, progress);
      const seconds = (performance.now() - started) / 1000;
      closeWriting(db);
      return await tellShare(
        { ...result, files: files.length, seconds, database: options.db, catalog },
        options,
        terminal,
      );
    }
    const result = await run(db, job, executor, progress, fleet?.begin(catalog, executor, progress));
    const workers = fleet === null ? null : await fleet.summary(options.db);
    const seconds = (performance.now() - started) / 1000;
    const facts = { ...result, files: files.length, seconds, database: options.db, catalog };
    if (options.json === true) {
      const { source: version, date, sha256 } = catalog;
      const told = { ...facts, catalog: { version, date, sha256 }, ...(workers === null ? {} : { fleet: workers }) };
      await write(terminal.out, `${printableJson(JSON.stringify(told))}\n`);
    } else {
      const diagnostics = readDiagnosticsByCode(db).filter(({ severity }) => severity !== "info");
      const text = summaryText(facts, diagnostics, terminal);
      await write(terminal.out, `${text}\n${workers === null ? "" : `\n${fleetText(workers, terminal)}\n`}`);
    }
    closeWriting(db);
    if (workers !== null && workers.refused.length > 0) return EXIT.checkFound;
    return result.summary.diagnostics.error > 0 ? EXIT.refused : EXIT.done;
  } catch (error) {
    if (error instanceof StoreError && error.code === "other-share") closeWriting(db); // it is left as closed as it was
    throw error;
  } finally {
    if (db.open) db.close();
    lock.release();
    await executor.close();
  }
}

/** The run is not finished, so what is shown without asking for it may be another. */
async function tellShare(facts: ShareFacts, { json }: RefineOptions, terminal: Terminal): Promise<ExitCode> {
  const { runId, share, catalog, database } = facts;
  const db = openForReading(database, String(runId));
  try {
    const diagnostics = readDiagnosticsByCode(db);
    if (json === true) {
      const { source: version, date, sha256 } = catalog;
      const told = { ...facts, share: shareText(share), catalog: { version, date, sha256 } };
      await write(terminal.out, `${printableJson(JSON.stringify(told))}\n`);
    } else await write(terminal.out, `${shareSummaryText(facts, diagnostics, terminal)}\n`);
    return diagnostics.some(({ severity }) => severity === "error") ? EXIT.refused : EXIT.done;
  } finally {
    db.close();
  }
}

function workerLimits(parsedBytes: number, { workerMemory, taskSeconds }: RefineOptions): WorkerLimits {
  const usual = usualLimits(parsedBytes / 1024 / 1024);
  return { memoryMb: workerMemory ?? usual.memoryMb, taskSeconds: taskSeconds ?? usual.taskSeconds };
}

function openLocked(path: string, lock: Lock): Connection {
  try {
    return openForWriting(path);
  } catch (error) {
    lock.release();
    throw error;
  }
}
