import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(import.meta.resolve("leastwise/dist/main.js"));

/** The program as a process of its own. */
export interface Program {
  readonly child: ChildProcess;
  /** When it has ended, however. */
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
}

/** @param prefix what runs it somewhere else, such as `ip netns exec NAME` */
export function begin(args: readonly string[], prefix: readonly string[] = []): Program {
  const [command = "", ...rest] = [...prefix, process.execPath, MAIN, ...args];
  const child = spawn(command, rest, { stdio: ["ignore", "pipe", "pipe"] });
  const said = { out: "", err: "" };
  child.stdout.on("data", (data: Buffer) => (said.out += data.toString()));
  child.stderr.on("data", (data: Buffer) => (said.err += data.toString()));
  return { child, ended: new Promise((resolve) => child.once("close", (code) => resolve({ code, ...said }))) };
}
