import type { IntervalSet } from "./interval-set.ts";

/**
 * A set of action ids that is being put together: a bit for each, so that runs may come in any order, overlap, and stand there twice, and
 * nothing has to be sorted. Mutable, and meant to be used again: making one costs more than filling it.
 */
export class IdBits {
  readonly #words: Uint32Array;

  /** @param size ids are below it */
  constructor(size: number) {
    this.#words = new Uint32Array((size + 31) >>> 5);
  }

  /** Empties it, for somebody to begin. */
  begin(): this {
    this.#words.fill(0);
    return this;
  }

  /** Adds the ids of `[lo, hi)`. O(1 + (hi - lo) / 32). */
  add(lo: number, hi: number): void {
    if (lo >= hi) return;
    const words = this.#words;
    const first = lo >>> 5;
    const last = (hi - 1) >>> 5;
    const head = ALL << (lo & 31);
    const tail = ALL >>> (31 - ((hi - 1) & 31));
    if (first === last) {
      words[first]! |= head & tail; // lo and hi are inside by contract, here and below
      return;
    }
    words[first]! |= head;
    for (let i = first + 1; i < last; i++) words[i] = ALL;
    words[last]! |= tail;
  }

  addAll(set: IntervalSet): void {
    for (let i = 0; i < set.length; i += 2) this.add(set[i]!, set[i + 1]!); // bounds come in pairs
  }

  remove(id: number): void {
    this.#words[id >>> 5]! &= ~(1 << (id & 31)); // inside by contract
  }

  /** The ids as runs. O(size / 32 + runs). */
  runs(): IntervalSet {
    const words = this.#words;
    const runs: number[] = [];
    let start = -1; // of the run that is open
    for (let i = 0; i < words.length; i++) {
      const word = words[i]!; // i is inside
      if (word === (start < 0 ? 0 : ALL)) continue; // nothing begins or ends in it
      const base = i << 5;
      let place = 0;
      while (place < 32) {
        const rest = (start < 0 ? word : ~word) >>> place; // the next bit of it is where a run begins, or ends
        if (rest === 0) break;
        place += 31 - Math.clz32(rest & -rest);
        if (start < 0) start = base + place;
        else {
          runs.push(start, base + place);
          start = -1;
        }
      }
    }
    if (start >= 0) runs.push(start, words.length << 5);
    return runs;
  }
}

const ALL = 0xffff_ffff;
