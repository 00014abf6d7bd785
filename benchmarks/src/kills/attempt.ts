import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { integrityOf } from "./content.ts";
import { type Moment, reached } from "./moment.ts";

const MAIN = fileURLToPath(import.meta.resolve("leastwise/dist/main.js"));
const DYING = new URL("../../dist/kills/dying-thread.js", import.meta.url).href;

/** Ways in which a job is disturbed. `thread`: one worker dies; `pipe`: nobody reads what it says; `rival`: the same command once more. */
export const KINDS = ["SIGKILL", "SIGINT", "SIGTERM", "thread", "pipe", "rival"] as const;
export type Kind = (typeof KINDS)[number];

/** How often each is taken: those that end a job by far the most. */
export const KINDS_BY_WEIGHT: readonly Kind[] = [...KINDS, "SIGKILL", "SIGKILL", "SIGKILL", "SIGINT", "SIGTERM"];

/** What one attempt at the job came to. */
export interface Attempt {
  readonly kind: Kind | null;
  readonly code: number | null;
  readonly signal: string | null;
  readonly err: string;
  /** From the signal to the end, in milliseconds; null where there was none, or the job had ended before. */
  readonly endedMs: number | null;
  /** Whether it was disturbed before it ended. */
  readonly isHit: boolean;
  /** Of a rival: what it came to. */
  readonly rival: { readonly code: number | null; readonly err: string } | null;
}

/** How a job is disturbed, and when. Of a dying thread `parses` counts: how often it has parsed something. */
export interface Disturbance {
  readonly kind: Kind;
  readonly moment: Moment;
  readonly parses: number;
}

/** Begins the job, or goes on with it, and disturbs it. */
export async function attempt(inputs: string, db: string, disturbance: Disturbance | null): Promise<Attempt> {
  const kind = disturbance?.kind ?? null;
  const mark = `${db}-mark-${process.hrtime.bigint()}`;
  const dying = kind === "thread" ? ["--import", DYING] : [];
  const args = [...dying, MAIN, "refine", inputs, "--db", db, "--threads", "2"];
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, KILLS_MARK: mark, KILLS_AFTER: String(disturbance?.parses ?? 0) },
  });
  const end = ended(child);
  let hitAt: number | null = null;
  const rivals: Promise<{ readonly code: number | null; readonly err: string }>[] = [];
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const disturb = (): void => {
    if (isOver() || kind === null || kind === "thread") return;
    hitAt = performance.now();
    if (kind === "pipe") {
      child.stdout.destroy();
      child.stderr.destroy();
    } else if (kind === "rival")
      rivals.push(ended(spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] })));
    else child.kill(kind);
  };
  if (disturbance !== null) void reached(db, disturbance.moment, isOver).then(disturb);
  const { code, signal, err } = await end;
  const endedAt = performance.now();
  const isSignal = kind === "SIGKILL" || kind === "SIGINT" || kind === "SIGTERM";
  return {
    kind,
    code,
    signal,
    err,
    endedMs: isSignal && hitAt !== null ? endedAt - hitAt : null,
    isHit: kind === "thread" ? existsSync(mark) : hitAt !== null,
    rival: (await Promise.all(rivals))[0] ?? null,
  };
}

function ended(child: ChildProcess): Promise<{ code: number | null; signal: string | null; err: string }> {
  return new Promise((resolve) => {
    let err = "";
    child.stderr?.on("data", (data: Buffer) => (err += data.toString()));
    child.stdout?.resume();
    child.on("exit", (code, signal) => {
      setImmediate(() => resolve({ code, signal, err })); // what it has said last is there by then
    });
  });
}

/** How far a job is, as its database says. */
export interface Standing {
  readonly state: string;
  readonly files: number;
  /** Answered units. */
  readonly units: number;
  readonly integrity: string;
}

/** Also takes in what the write-ahead log of a killed process holds. */
export function standingOf(path: string): Standing {
  if (!existsSync(path)) return { state: "nothing", files: 0, units: 0, integrity: "ok" };
  const db = new Database(path);
  try {
    const integrity = integrityOf(db);
    const isMade = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'unit'").get() !== undefined;
    if (!isMade) return { state: "nothing", files: 0, units: 0, integrity };
    const row = db
      .prepare<[], { state: string | null; files: number; units: number }>(
        `SELECT (SELECT state FROM run ORDER BY run_id DESC LIMIT 1) AS state, (SELECT count(*) FROM input) AS files,
                (SELECT count(*) FROM unit WHERE state = 'done') AS units`,
      )
      .get()!; // subqueries always give a row
    return { ...row, state: row.state ?? "opened", integrity };
  } finally {
    db.close();
  }
}
