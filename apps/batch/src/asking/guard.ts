import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { TOO_MUCH_MEMORY, type Task } from "./messages.ts";

/**
 * A thread beside the one that answers, which cannot look up while SQLite computes. It ends the process when it has too much memory,
 * or when nobody is there any more who asked.
 */

const EVERY_MS = 10; // a process can touch some 40 MB in that time
const { memoryMb, parent } = workerData as Pick<Task, "memoryMb" | "parent">; // what the thread beside has given
const mostBytes = (memoryMb ?? Infinity) * 1024 * 1024;

setInterval(() => {
  const isTooMuch = process.memoryUsage.rss() > mostBytes;
  if (isTooMuch) writeSync(2, TOO_MUCH_MEMORY);
  if (isTooMuch || process.ppid !== parent) process.kill(process.pid, "SIGKILL");
}, EVERY_MS);
