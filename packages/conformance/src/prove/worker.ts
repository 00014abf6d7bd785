import { parentPort } from "node:worker_threads";
import { type Task, openBench, runTask } from "./task.ts";

/** A thread of the proof: answers each task with its result. */
const bench = openBench();
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort?.on("message", (task: Task) => parentPort?.postMessage(runTask(bench, task)));
