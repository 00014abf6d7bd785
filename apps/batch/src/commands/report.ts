import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import type { AccountRow } from "@leastwise/api";
import { PageError, readList } from "@leastwise/store";
import { EXIT, type ExitCode, Failure } from "../exit-code.ts";
import { ShownDatabase, type ShownRun } from "../pages/shown-database.ts";
import { count } from "../progress.ts";
import { reasonOf } from "../reason.ts";
import { recordReport } from "../report/record-report.ts";
import { REPORT_MARK, reportHtml } from "../report/report-html.ts";
import { pageFiles } from "../serve/page-files.ts";
import { type Terminal, write } from "../terminal.ts";

export interface ReportOptions {
  readonly db: string;
  readonly run?: string;
  readonly out: string;
  readonly account?: string;
  readonly top: number;
}

/** What the answers may come to; the page itself comes on top. */
const MOST_BYTES = 7_000_000;
const LOOKED_AT = 1024;

/** `leastwise report`: a snapshot of the page in one file. */
export async function reportCommand(options: ReportOptions, terminal: Terminal): Promise<ExitCode> {
  const { db, run, out, account = null, top } = options;
  if (out !== "-") refuseOthers(out);
  const shownDatabase = new ShownDatabase(db);
  try {
    const html = shownDatabase.with(run, (shown) => {
      if (account !== null && !hasAccount(shown, account))
        throw new Failure(
          EXIT.usage,
          `the database has no account \`${account}\``,
          "`leastwise query by-account` lists them",
        );
      const { about, recording } = recordReport(shown, { database: db, account, top, mostBytes: MOST_BYTES });
      return reportHtml(pageFiles(), about, recording);
    });
    if (out === "-") await write(terminal.out, html);
    else writeWhole(out, html);
    terminal.err.write(`${out === "-" ? "a report" : out}: ${count(Math.ceil(Buffer.byteLength(html) / 1024))} KB\n`);
    return EXIT.done;
  } catch (error) {
    if (error instanceof PageError) throw new Failure(EXIT.usage, error.message, error.hint, { cause: error });
    throw error;
  } finally {
    shownDatabase.close();
  }
}

function hasAccount({ db, runId }: ShownRun, account: string): boolean {
  const { rows } = readList(db, "accounts", runId, { q: account }, () => false);
  return rows.some((row) => (row as AccountRow).accountId === account); // the rows of that list
}

/** Only an older report is written over. */
function refuseOthers(path: string): void {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return;
  explained(path, () => {
    const file = openSync(path, "r");
    const head = Buffer.alloc(LOOKED_AT);
    const length = readSync(file, head);
    closeSync(file);
    if (head.toString("utf8", 0, length).includes(REPORT_MARK)) return;
    throw new Failure(
      EXIT.usage,
      `\`${path}\` is there already, and is no report`,
      "name a file that is not there yet",
    );
  });
}

/** Nobody ever sees a half of it. */
function writeWhole(path: string, text: string): void {
  const part = `${path}.${process.pid}.part`;
  explained(path, () => {
    const file = openSync(part, "wx");
    try {
      const bytes = Buffer.from(text);
      for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
      fsyncSync(file);
    } catch (error) {
      rmSync(part, { force: true });
      throw error;
    } finally {
      closeSync(file);
    }
    renameSync(part, path);
  });
}

function explained(path: string, task: () => void): void {
  try {
    task();
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).syscall !== "string") throw error; // not from the file system
    throw new Failure(EXIT.io, `\`${path}\` cannot be written: ${reasonOf(error)}`, "check the folder and the disk", {
      cause: error,
    });
  }
}
