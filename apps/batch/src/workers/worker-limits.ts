/** What a thread may have for one task. */
export interface WorkerLimits {
  /** Its heap in MB. */
  readonly memoryMb: number;
  /** What is new in its heap, beside that, in MB; absent: half of what V8 takes by itself, which costs 1 % more CPU and saves 20 MB. */
  readonly youngMb?: number;
  /** 0 for any. Of a large file, for each part. */
  readonly taskSeconds: number;
}

/** With less, a thread could not even begin. */
export const LEAST_WORKER_MB = 32;

/** Longer than anything real takes on a slow machine: a full shard takes a second, the largest file that is parsed whole half a minute. */
const TASK_SECONDS = 300;

/** Heap of a thread in MB: for its work, and for each MB that it may have to parse at once. */
const HEAP_MB = 128;
const HEAP_MB_PER_PARSED_MB = 16;

/** @param parsedMb how much a thread may have to parse at once, at the most, in MB (`mostParsedAtOnce`) */
export function usualLimits(parsedMb: number): WorkerLimits {
  return { memoryMb: HEAP_MB + Math.ceil(HEAP_MB_PER_PARSED_MB * parsedMb), taskSeconds: TASK_SECONDS };
}
