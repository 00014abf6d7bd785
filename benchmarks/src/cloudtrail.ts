/**
 * `npm run bench:cloudtrail -- [--gb 0.05] [--threads 2] [--rounds 5] [--logs FOLDER] [--program]`: how fast CloudTrail logs are read,
 * beside the floor in the same run. `--logs` keeps the logs in a folder and takes those that an earlier run has left there. `--program`
 * also runs `leastwise refine` on them, with the authorization details of the roles that made the calls.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import Database from "better-sqlite3";
import { type WrittenLogs, writeLogs, writePrincipals } from "./trail-logs.ts";
import type { TrailDone, TrailWork } from "./trail-worker.ts";

const PROGRAM = fileURLToPath(new URL("../../apps/batch/dist/main.js", import.meta.url));
const SELF = fileURLToPath(import.meta.url);

const NAMES = { floor: "gunzip and JSON.parse", evidence: "evidence", program: "leastwise refine" } as const;

interface Measured {
  readonly seconds: number;
  /** Of all threads: what others do on the machine meanwhile matters less. */
  readonly cpuSeconds: number;
  readonly peakMb: number;
  readonly count: number;
}

const { values } = parseArgs({
  options: {
    gb: { type: "string", default: "0.05" },
    threads: { type: "string", default: "2" },
    rounds: { type: "string", default: "5" },
    logs: { type: "string" },
    program: { type: "boolean", default: false },
    work: { type: "string" }, // this and the next: one measurement, in a process of its own, so that its peak is its own
    folder: { type: "string" },
  },
});
const threads = Number(values.threads);
const ROUNDS = Number(values.rounds);
if (values.work === "floor" || values.work === "evidence") {
  console.log(JSON.stringify(await measure(values.work, values.folder ?? "", threads)));
} else {
  await bench(Number(values.gb) * 1e9);
}

async function bench(bytes: number): Promise<void> {
  const folder = values.logs ?? mkdtempSync(join(tmpdir(), "leastwise-trail-"));
  try {
    const logs = logsIn(folder, bytes);
    console.log(
      `${logs.files} files, ${logs.records} records, ${mb(logs.compressed)} MB compressed, ${mb(logs.decompressed)} MB decompressed, ` +
        `${threads} threads, node ${process.version}, ${cpus()[0]?.model ?? "unknown"}`,
    );
    const zcat = Array.from({ length: ROUNDS }, () => zcatSeconds(folder));
    console.log(`zcat, one process: median ${median(zcat).toFixed(2)} s, ${rates(logs, median(zcat))}`);
    const works = values.program ? (["floor", "evidence", "program"] as const) : (["floor", "evidence"] as const);
    const rounds: Record<(typeof works)[number], Measured[]> = { floor: [], evidence: [], program: [] };
    for (let round = 0; round < ROUNDS; round++) {
      for (const work of works) {
        const measured = work === "program" ? await runProgram(folder, logs) : await inProcess(work, folder);
        if (measured.count !== logs.records)
          throw new Error(`${work} saw ${measured.count} of ${logs.records} records`);
        rounds[work].push(measured);
      }
    }
    for (const work of works) {
      const seconds = rounds[work].map((one) => one.seconds);
      const peak = Math.max(...rounds[work].map(({ peakMb }) => peakMb));
      const cpu = rounds[work].map(({ cpuSeconds }) => cpuSeconds);
      console.log(
        `${NAMES[work]}: median ${median(seconds).toFixed(2)} s (${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)}), ` +
          `${rates(logs, median(seconds))}, CPU ${median(cpu).toFixed(1)} s, peak ${peak} MB`,
      );
    }
    const ratio = (work: (typeof works)[number], of: "seconds" | "cpuSeconds"): string =>
      median(rounds[work].map((one, round) => one[of] / rounds.floor[round]![of])).toFixed(3); // as many rounds of each
    for (const work of works.slice(1)) {
      console.log(
        `${work} to floor: median ratio ${ratio(work, "seconds")} by the clock, ${ratio(work, "cpuSeconds")} by CPU time`,
      );
    }
  } finally {
    if (values.logs === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** What is in the folder; logs are written where there are none. */
function logsIn(folder: string, bytes: number): WrittenLogs {
  mkdirSync(folder, { recursive: true });
  const totals = join(folder, "totals.txt"); // no .json, so that it is not taken for an input
  if (existsSync(totals)) return JSON.parse(readFileSync(totals, "utf8")) as WrittenLogs; // written below
  const logs = writeLogs(folder, { bytes, seed: 1 });
  writePrincipals(folder);
  writeFileSync(totals, JSON.stringify(logs));
  return logs;
}

/** One measurement in a process of its own. */
async function inProcess(work: TrailWork["work"], folder: string): Promise<Measured> {
  const args = [SELF, "--work", work, "--folder", folder, "--threads", String(threads)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  if (code !== 0) throw new Error(`${work} ended with ${code}`);
  return JSON.parse(out) as Measured; // what this file prints
}

/** Files are dealt to the threads in turn. Time is that of the slowest thread, without its start. */
async function measure(work: TrailWork["work"], folder: string, count: number): Promise<Measured> {
  const hands: string[][] = Array.from({ length: count }, () => []);
  logFiles(folder).forEach((path, index) => hands[index % count]!.push(path)); // the remainder is inside
  const before = process.cpuUsage();
  const done = await Promise.all(hands.map((paths) => inThread({ work, paths })));
  const cpu = process.cpuUsage(before);
  return {
    seconds: Math.max(...done.map(({ seconds }) => seconds)),
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    peakMb: peakIn(readFileSync("/proc/self/status", "utf8")),
    count: done.reduce((sum, one) => sum + one.count, 0),
  };
}

function inThread(workerData: TrailWork): Promise<TrailDone> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./trail-worker.js", import.meta.url), { workerData });
    worker.on("message", resolve).on("error", reject);
  });
}

function logFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json.gz"))
    .sort()
    .map((name) => join(folder, name));
}

function zcatSeconds(folder: string): number {
  const start = performance.now();
  const { status } = spawnSync("zcat", logFiles(folder), { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error(`zcat ended with ${status}`);
  return (performance.now() - start) / 1000;
}

/** The whole program, from its start to its end; prints how long its writing thread was busy. */
async function runProgram(folder: string, logs: WrittenLogs): Promise<Measured> {
  const work = mkdtempSync(join(tmpdir(), "leastwise-trail-db-"));
  const args = [PROGRAM, "refine", folder, "--db", join(work, "org.db"), "--threads", String(threads), "--quiet"];
  const start = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  const busy = new Map<string, number>();
  let peakMb = 0;
  const watch = setInterval(() => (peakMb = Math.max(peakMb, look(child, busy))), 100);
  const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("exit", resolve));
  const seconds = (performance.now() - start) / 1000;
  clearInterval(watch);
  if (code !== 0) throw new Error(`leastwise refine ended with ${code}`);
  const count = eventsIn(join(work, "org.db"));
  rmSync(work, { recursive: true, force: true });
  const cpuSeconds = [...busy.values()].reduce((sum, one) => sum + one, 0);
  const writer = busy.get(String(child.pid)) ?? 0;
  console.log(
    `leastwise refine: ${seconds.toFixed(2)} s, ${rates(logs, seconds)}, peak ${peakMb} MB, CPU of the writing thread ` +
      `${writer.toFixed(1)} s, of all others ${(cpuSeconds - writer).toFixed(1)} s`,
  );
  return { seconds, cpuSeconds, peakMb, count };
}

function eventsIn(database: string): number {
  const db = new Database(database, { readonly: true });
  const events = db.prepare<[], number>("SELECT sum(events) FROM event_use").pluck().get();
  db.close();
  return events ?? 0;
}

/** What Linux says of a process while it runs: gives its peak memory in MB, and keeps the CPU seconds of each of its threads. */
function look({ pid }: ChildProcess, busy: Map<string, number>): number {
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // behind the name, from the third field on
      busy.set(thread, (Number(fields[11]) + Number(fields[12])) / 100); // utime and stime, in hundredths
    }
    return peakIn(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return 0; // it, or a thread of it, has ended, or this is no Linux
  }
}

function peakIn(status: string): number {
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}

function rates(logs: { readonly compressed: number; readonly decompressed: number }, seconds: number): string {
  return `${mb(logs.compressed / seconds)} MB/s compressed, ${mb(logs.decompressed / seconds)} MB/s decompressed`;
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0);
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!; // there are ROUNDS
}
