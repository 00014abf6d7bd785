import type { EventRecord } from "@leastwise/core";

/** One kind of call by one principal, counted so far. */
interface Count {
  events: number;
  denied: number;
  lastAt: string | null;
}

/**
 * Counts calls by principal, source and name. Maps, not objects: `__proto__` is a name like any other. Memory: one entry a kind of
 * call, however many events.
 */
export class EventTally {
  readonly #counts = new Map<string, Map<string, Map<string, Count>>>();

  /** @param at when it happened, ISO 8601 in UTC; null where AWS refused it for want of permission */
  add(principalArn: string, eventSource: string, eventName: string, at: string | null): void {
    const count = this.#count(principalArn, eventSource, eventName);
    count.events++;
    if (at === null) count.denied++;
    else if (count.lastAt === null || at > count.lastAt) count.lastAt = at;
  }

  merge({ principalArn, eventSource, eventName, events, denied, lastAt }: EventRecord): void {
    const count = this.#count(principalArn, eventSource, eventName);
    count.events += events;
    count.denied += denied;
    if (lastAt !== null && (count.lastAt === null || lastAt > count.lastAt)) count.lastAt = lastAt;
  }

  /** In order of first appearance, by principal, source and name. */
  *records(): Generator<EventRecord> {
    for (const [principalArn, sources] of this.#counts) {
      for (const [eventSource, names] of sources) {
        for (const [eventName, count] of names) yield { principalArn, eventSource, eventName, ...count };
      }
    }
  }

  #count(principalArn: string, eventSource: string, eventName: string): Count {
    let sources = this.#counts.get(principalArn);
    if (sources === undefined) this.#counts.set(principalArn, (sources = new Map()));
    let names = sources.get(eventSource);
    if (names === undefined) sources.set(eventSource, (names = new Map()));
    let count = names.get(eventName);
    if (count === undefined) names.set(eventName, (count = { events: 0, denied: 0, lastAt: null }));
    return count;
  }
}

/** The counts of several files as if they were one. Equal lists in any order give equal counts. */
export function mergeEvents(lists: Iterable<readonly EventRecord[]>): readonly EventRecord[] {
  const tally = new EventTally();
  for (const records of lists) for (const record of records) tally.merge(record);
  return [...tally.records()];
}
