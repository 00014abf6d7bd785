/** The program as several processes that live beside the tests. */
import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll } from "vitest";
import { CLEAN, type Ended, MAIN } from "../leastwise.ts";

/** A process of the program, which the tests end at the latest. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  out(): string;
  err(): string;
}

const all = new Set<ChildProcess>();
afterAll(() => {
  for (const child of all) child.kill("SIGKILL");
});

/** @param prefix what runs it somewhere else */
export function started(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  prefix: readonly string[] = [],
): Running {
  const [command = "", ...rest] = [...prefix, process.execPath, MAIN, ...args];
  const child = spawn(command, rest, {
    env: { ...CLEAN, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  all.add(child);
  const said = { out: "", err: "" };
  child.stdout.on("data", (data: Buffer) => (said.out += data.toString()));
  child.stderr.on("data", (data: Buffer) => (said.err += data.toString()));
  const ended = new Promise<Ended>((resolve) => child.once("close", (code) => resolve({ code, ...said })));
  return { child, ended, out: () => said.out, err: () => said.err };
}

/** Waits for something that comes about in another process; the test's own limit ends it. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await wait(20);
}
