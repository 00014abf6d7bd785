/** `npm run bench -- [ACCOUNTS] [ROLES_PER_ACCOUNT] [THREADS]`: the main job on a seeded organization, beside the floor. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeOrganization } from "./organization.ts";

const PROGRAM = fileURLToPath(new URL("../../apps/batch/dist/main.js", import.meta.url));
const FLOOR = fileURLToPath(new URL("./floor.js", import.meta.url));
const ROUNDS = 3;

interface Measured {
  readonly seconds: number;
  readonly peakMb: number;
}

const accounts = Number(process.argv[2] ?? 100);
const rolesPerAccount = Number(process.argv[3] ?? 250);
const threads = Number(process.argv[4] ?? 2);
const attachments = accounts * rolesPerAccount * 4;
const folder = mkdtempSync(join(tmpdir(), "leastwise-bench-"));
const input = join(folder, "exports");
const database = join(folder, "org.db");
try {
  writeOrganization(input, { accounts, rolesPerAccount, seed: 1 });
  console.log(
    `${attachments} attachments, ${threads} threads, node ${process.version}, ${cpus()[0]?.model ?? "unknown"}`,
  );
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(database + suffix, { force: true });
    const ours = await run([
      PROGRAM,
      "refine",
      input,
      "--db",
      database,
      "--threads",
      String(threads),
      "--quiet",
      "--json",
    ]);
    const floor = await run([FLOOR, input, database]);
    ratios.push(ours.seconds / floor.seconds);
    const rate = Math.round(attachments / ours.seconds);
    const size = Math.round(statSync(database).size / 1e6);
    console.log(
      `leastwise ${ours.seconds.toFixed(1)} s, ${rate} attachments/s, peak ${ours.peakMb} MB, database ${size} MB; ` +
        `floor ${floor.seconds.toFixed(1)} s, peak ${floor.peakMb} MB; ratio ${(ours.seconds / floor.seconds).toFixed(2)}`,
    );
  }
  console.log(`median ratio ${[...ratios].sort((a, b) => a - b)[ROUNDS >> 1]?.toFixed(2)}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Runs a Node program; its peak memory is what Linux says of the whole process shortly before it ends. */
async function run(args: readonly string[]): Promise<Measured> {
  const start = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  let peakMb = 0;
  const watch = setInterval(() => (peakMb = Math.max(peakMb, peakOf(child))), 50);
  const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("exit", resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}`);
  return { seconds: (performance.now() - start) / 1000, peakMb };
}

function peakOf({ pid }: ChildProcess): number {
  try {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Math.round(Number(kilobytes ?? 0) / 1024);
  } catch {
    return 0; // it has ended, or this is no Linux
  }
}
