/** A thread of `cloudtrail.ts`: reads files as Leastwise does, or only decompresses them and parses their JSON. */
import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { gunzipSync } from "node:zlib";
import type { Evidence } from "@leastwise/core";
import { mergeEvents, readEvidence } from "@leastwise/evidence";

/** What a thread is given, and what it gives back. */
export interface TrailWork {
  readonly work: "floor" | "evidence";
  readonly paths: readonly string[];
}

export interface TrailDone {
  /** Records of the files, or kinds of calls in them: something that could not be had without reading them. */
  readonly count: number;
  /** Of the work alone, without the start of the thread. */
  readonly seconds: number;
}

const { work, paths } = workerData as TrailWork; // what cloudtrail.ts gives
const start = performance.now();
const count = work === "floor" ? parsed() : read();
const done: TrailDone = { count, seconds: (performance.now() - start) / 1000 };
parentPort?.postMessage(done); // oxlint-disable-line unicorn/require-post-message-target-origin -- a thread, not a window

function parsed(): number {
  let records = 0;
  for (const path of paths) {
    const file = JSON.parse(gunzipSync(readFileSync(path)).toString("utf8")) as {
      readonly Records: readonly unknown[];
    }; // as generated
    records += file.Records.length;
  }
  return records;
}

function read(): number {
  return mergeEvents(eventsOfEach()).reduce((sum, { events }) => sum + events, 0);
}

/** One list at a time: all of them together are not in memory in the program either. */
function* eventsOfEach(): Generator<Evidence["events"]> {
  for (const path of paths) yield readEvidence(path, readFileSync(path)).events;
}
