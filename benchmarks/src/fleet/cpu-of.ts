import { readFileSync } from "node:fs";

/** Hundredths of a second, whatever the kernel counts in itself. */
const TICKS_A_SECOND = 100;

/** Of the processor, user and system, that a living process has taken so far, in seconds. Linux alone. */
export function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // the name before it may have blanks
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}
