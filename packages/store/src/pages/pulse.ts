import type { Connection } from "../database.ts";

/** Lets a statement that finds nothing be left: it gives a row now and then that nobody wants. */
export interface Pulse {
  /** How many rows were passed over since the connection was first asked for. */
  readonly passed: () => number;
  /** Such a row has been seen. */
  readonly seen: () => void;
}

/** A row is given each so many that are passed over. */
const ROWS_PER_BEAT = 1024;

const PULSES = new WeakMap<Connection, Pulse>();

/** SQL: a condition that passes rows over, except now and then. Conditions that belong to one table are looked at before the next is. */
export function passing(condition: string): string {
  return `((${condition}) OR leastwise_beat())`;
}

/** Makes `passing` work on a connection. Of the statements of a connection one at a time may be at work with it. */
export function pulseOf(db: Connection): Pulse {
  const known = PULSES.get(db);
  if (known !== undefined) return known;
  let passed = 0;
  let isDue = false;
  db.function("leastwise_beat", { directOnly: true }, () => {
    passed++;
    isDue ||= passed % ROWS_PER_BEAT === 0;
    return isDue ? 1 : 0;
  });
  const pulse: Pulse = { passed: () => passed, seen: () => (isDue = false) };
  PULSES.set(db, pulse);
  return pulse;
}
