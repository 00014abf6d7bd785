import { spawn } from "node:child_process";
import type { Readable } from "node:stream";

/** What a process of its own took. */
export interface Ended {
  /** From its start to its end, by the clock. */
  readonly seconds: number;
  /** Of the processor, user and system, by all its threads. */
  readonly cpuSeconds: number;
  /** Peak resident memory in MiB. */
  readonly peakMb: number;
  /** What it wrote to stdout. */
  readonly out: string;
}

/** As it is built: processes do not read TypeScript. */
const USAGE = new URL("../../dist/measure/usage-of-self.js", import.meta.url).href;

/**
 * Runs a Node program to its end.
 *
 * @throws Error when it does not end with 0
 */
export async function runNode(args: readonly string[]): Promise<Ended> {
  const start = performance.now();
  const child = spawn(process.execPath, ["--import", USAGE, ...args], { stdio: ["ignore", "pipe", "inherit", "pipe"] });
  const out = textOf(child.stdout!); // a pipe, as is what follows
  const usage = textOf(child.stdio[3] as Readable); // of which this is the reading end
  const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("exit", resolve));
  const seconds = (performance.now() - start) / 1000;
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}`);
  return { seconds, out: await out, ...(JSON.parse(await usage) as { cpuSeconds: number; peakMb: number }) }; // what usage-of-self.ts writes
}

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer); // no encoding is set
  return Buffer.concat(chunks).toString();
}
