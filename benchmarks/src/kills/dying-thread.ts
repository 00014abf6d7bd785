/**
 * Loaded into every thread of a killed job (`node --import`): the n-th time that a worker thread parses JSON, it ends on the spot. Once for
 * each file that KILLS_MARK names, so that the threads that take its place live.
 */
import { closeSync, openSync } from "node:fs";
import { isMainThread, workerData } from "node:worker_threads";

const { KILLS_MARK: mark, KILLS_AFTER: after } = process.env;
const data = workerData as { readonly image?: unknown } | null; // anybody's
const isWorker = !isMainThread && mark !== undefined && JSON.stringify(Object.keys(data ?? {})).includes("image");
if (isWorker || isPiscina(workerData)) {
  const { parse } = JSON;
  let left = Number(after);
  JSON.parse = ((text: string, reviver?: Parameters<typeof parse>[1]): unknown => {
    if (--left === 0 && isFirst()) process.exit(7); // of a thread: it ends, and nothing else
    return parse(text, reviver) as unknown;
  }) as typeof parse; // the same, but for its end
}

function isPiscina(value: unknown): boolean {
  return !isMainThread && mark !== undefined && Array.isArray(value); // Piscina puts its own beside the user's
}

function isFirst(): boolean {
  try {
    closeSync(openSync(mark ?? "", "wx"));
    return true;
  } catch {
    return false;
  }
}
