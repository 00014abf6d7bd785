import { availableParallelism } from "node:os";
import { loadCatalog } from "@leastwise/catalog";
import {
  type Connection,
  type Lock,
  closeWriting,
  lockFor,
  openForWriting,
  readDiagnosticsByCode,
} from "@leastwise/store";
import { readSettings } from "../config/read-settings.ts";
import type { Flags } from "../config/settings.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { printable, printableJson } from "../format/printable.ts";
import { summaryText } from "../format/summary.ts";
import { SILENT, progressOn } from "../progress.ts";
import { run } from "../run.ts";
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
}

/** `leastwise refine PATH…` */
export async function refineCommand(
  paths: readonly string[],
  options: RefineOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const started = performance.now();
  const { configFile, ...settings } = readSettings(options.config, process.cwd(), options);
  const files = listInputs(paths);
  const catalog = loadCatalog(options.catalog, options.serviceReference);
  const limits = workerLimits(await mostParsedAtOnce(files), options);
  const lock = lockFor(options.db);
  const db = openLocked(options.db, lock);
  const threads = options.threads ?? availableParallelism();
  const image = catalog.trie.buffer as SharedArrayBuffer; // catalogs are opened in shared memory
  const executor = isolatingExecutor(poolExecutor(image, threads, limits));
  const progress = options.quiet === true ? SILENT : progressOn(terminal.err);
  if (configFile !== null && options.quiet !== true) terminal.err.write(`settings of ${printable(configFile)}\n`);
  try {
    const result = await run(db, { files, catalog, settings, isFull: options.full === true }, executor, progress);
    const seconds = (performance.now() - started) / 1000;
    const facts = { ...result, files: files.length, seconds, database: options.db, catalog };
    if (options.json === true) {
      const { source: version, date, sha256 } = catalog;
      await write(terminal.out, `${printableJson(JSON.stringify({ ...facts, catalog: { version, date, sha256 } }))}\n`);
    } else {
      const diagnostics = readDiagnosticsByCode(db).filter(({ severity }) => severity !== "info");
      await write(terminal.out, `${summaryText(facts, diagnostics, terminal)}\n`);
    }
    closeWriting(db);
    return result.summary.diagnostics.error > 0 ? EXIT.refused : EXIT.done;
  } finally {
    if (db.open) db.close();
    lock.release();
    await executor.close();
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
