/**
 * Loaded into a measured process with `--import`: when it ends it writes to descriptor 3 what it took of the processor, with all its
 * threads, and its peak memory.
 */
import { readFileSync, writeSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

if (isMainThread) {
  process.on("exit", () => {
    const { user, system } = process.cpuUsage();
    writeSync(3, JSON.stringify({ cpuSeconds: (user + system) / 1e6, peakMb: peakMb() }));
  });
}

/** VmHWM. What `getrusage` says counts the program that started this one. */
function peakMb(): number {
  try {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    return Number(kilobytes ?? 0) / 1024;
  } catch {
    return process.resourceUsage().maxRSS / 1024; // this is no Linux
  }
}
