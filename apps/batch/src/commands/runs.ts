import {
  type Connection,
  type RunView,
  closeWriting,
  findRun,
  forgetRun,
  isMerging,
  lockFor,
  openForReading,
  openForWriting,
  readRuns,
} from "@leastwise/store";
import { EXIT, type ExitCode, Failure } from "../exit-code.ts";
import { printableJson } from "../format/printable.ts";
import { formatTable } from "../format/table.ts";
import { type Terminal, write } from "../terminal.ts";

export interface RunsOptions {
  readonly db: string;
  readonly forget?: string;
  readonly json?: boolean;
}

/** `leastwise runs`: every run of a database with what it found; or one of them is forgotten. */
export async function runsCommand(options: RunsOptions, terminal: Terminal): Promise<ExitCode> {
  if (options.forget !== undefined) forget(options.db, options.forget, terminal);
  const db = openForReading(options.db);
  try {
    const runs = readRuns(db);
    const text =
      options.json === true
        ? runs.map((run) => `${printableJson(JSON.stringify(run))}\n`).join("")
        : `${tableOf(runs, terminal.width)}\n`;
    await write(terminal.out, text);
    return EXIT.done;
  } finally {
    db.close();
  }
}

function tableOf(runs: readonly RunView[], width: number | null): string {
  const columns = ["run", "finished", "catalog", "policies", "before", "after", "change", "reused"];
  const rows = runs.map((run) => [
    run.run_id,
    run.finished_at === null ? `(${stateOf(run)})` : run.finished_at.slice(0, 10),
    run.catalog_date === "" ? run.catalog_sha256.slice(0, 8) : run.catalog_date,
    run.attachments,
    run.actions_before,
    run.actions_after,
    run.to_change,
    run.units_reused,
  ]);
  return formatTable(columns, rows, width);
}

/** Which share it is, once that is planned: the others are elsewhere. */
function stateOf({ state, share }: RunView): string {
  if (state !== "execute" || share === null) return state;
  return isMerging(share) ? "merging" : `share ${share}`;
}

function forget(path: string, name: string, terminal: Terminal): void {
  openForReading(path).close(); // a database that is not there shall not be made
  const lock = lockFor(path);
  let db: Connection | undefined;
  try {
    const runId = forgettable(path, name);
    db = openForWriting(path);
    forgetRun(db, runId);
    closeWriting(db);
    terminal.err.write(`forgot run ${runId}; the file keeps its size, and the next run uses the room\n`);
  } finally {
    if (db?.open === true) db.close();
    lock.release();
  }
}

/** Looked up before the file is opened for writing, so that a refusal leaves it byte for byte as it was. */
function forgettable(path: string, name: string): number {
  const db = openForReading(path);
  try {
    const runId = findRun(db, name);
    if (readRuns(db).length > 1) return runId;
    throw new Failure(EXIT.usage, `run ${runId} is the only one of \`${path}\``, "delete the file instead");
  } finally {
    db.close();
  }
}
