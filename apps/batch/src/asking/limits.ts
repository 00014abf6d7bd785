/** What an answer may take at the most; null is no limit. */
export interface QueryLimits {
  /** Seconds, without the time in which whoever reads the output is behind. */
  readonly seconds: number | null;
  /** Megabytes of memory of the process that answers, its own 60 or so among them. */
  readonly memoryMb: number | null;
  /** Bytes of output. */
  readonly bytes: number | null;
}

/** For a person's SQL. The questions with a name are known, so they have no limits but those that are asked for. */
export const DEFAULT_LIMITS: Readonly<Record<keyof QueryLimits, number>> = {
  seconds: 30,
  memoryMb: 512,
  bytes: 1_000_000_000,
};

/** Less than this, and the process could not even start. */
export const LEAST_MEMORY_MB = 128;

/** Characters of one row, and so of one value. Longer ones are no answer for a person, and would have to be held several times. */
export const MOST_ROW_CHARACTERS: number = 16 * 1024 * 1024;
