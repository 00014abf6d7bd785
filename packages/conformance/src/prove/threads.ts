import { Worker } from "node:worker_threads";
import type { Task, TaskResult } from "./task.ts";

const WORKER = new URL("./worker.js", import.meta.url);

/**
 * Runs tasks on worker threads until `next` gives none, each thread one at a time, and hands over results as they come.
 *
 * @throws whatever a thread throws: it is a bug of the harness and ends the run
 */
export async function runOnThreads(
  threads: number,
  next: () => Task | null,
  onResult: (task: Task, result: TaskResult) => void,
): Promise<void> {
  await Promise.all(Array.from({ length: threads }, () => runThread(next, onResult)));
}

function runThread(next: () => Task | null, onResult: (task: Task, result: TaskResult) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORKER);
    let task = next();
    const proceed = (): void => {
      if (task === null) void worker.terminate().then(() => resolve(), reject);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      else worker.postMessage(task);
    };
    worker.on("message", (result: TaskResult) => {
      if (task !== null) onResult(task, result);
      task = next();
      proceed();
    });
    worker.on("error", reject);
    proceed();
  });
}
