/** Items by their places in bins; both in the order in which they were made. */
export interface Packing {
  readonly bins: readonly (readonly number[])[];
  /** Whether no packing of these items into fewer bins exists, as far as it was proven. */
  readonly isFewest: boolean;
}

/** Places that the exact search may try: some hundredths of a second. Counted, never timed, so that results do not hang on the machine. */
const MOST_STEPS = 100_000;

/**
 * Packs items into the fewest bins. First-fit decreasing comes first, which is proven where it meets a lower bound; else an exact
 * search by branch and bound looks for fewer, and proves that there are none where it ends within its budget of steps. Equal inputs
 * give equal bins. O(n²) and the budget.
 *
 * @param weights of the items, each at most `capacity`
 */
export function packBins(weights: readonly number[], capacity: number): Packing {
  const order = weights.map((_, item) => item).sort((a, b) => weights[b]! - weights[a]! || a - b); // places of the list, here and below
  const sorted = order.map((item) => weights[item]!);
  const lower = lowerBound(sorted, capacity);
  let bins = firstFit(sorted, capacity);
  let steps = MOST_STEPS;
  let isFewest = bins.length <= lower;
  while (!isFewest) {
    const search = new Search(sorted, capacity, bins.length - 1, steps);
    const fewer = search.run();
    steps = search.stepsLeft;
    if (fewer === undefined) {
      isFewest = steps > 0;
      break;
    }
    bins = fewer;
    isFewest = bins.length <= lower;
  }
  return { bins: bins.map((bin) => bin.map((place) => order[place]!)), isFewest };
}

/** Each item goes into the first bin that has room. */
function firstFit(sorted: readonly number[], capacity: number): readonly (readonly number[])[] {
  const bins: number[][] = [];
  const room: number[] = [];
  sorted.forEach((weight, place) => {
    const bin = room.findIndex((left) => left >= weight);
    if (bin < 0) {
      bins.push([place]);
      room.push(capacity - weight);
    } else {
      bins[bin]!.push(place);
      room[bin]! -= weight;
    }
  });
  return bins;
}

/**
 * Bins that any packing needs: what the sum fills; and, for each size t, a bin for each item above half that leaves no room for an
 * item of size t, and what the others of size t or more come to beside them (Martello and Toth's bound L2). O(n²).
 */
function lowerBound(sorted: readonly number[], capacity: number): number {
  let bound = Math.ceil(sum(sorted) / capacity);
  for (const least of new Set(sorted.filter((weight) => 2 * weight <= capacity))) {
    const alone = sorted.filter((weight) => weight > capacity - least);
    const large = sorted.filter((weight) => weight <= capacity - least && 2 * weight > capacity);
    const small = sorted.filter((weight) => 2 * weight <= capacity && weight >= least);
    const beside = large.length * capacity - sum(large);
    bound = Math.max(bound, alone.length + large.length + Math.max(0, Math.ceil((sum(small) - beside) / capacity)));
  }
  return Math.max(bound, sorted.filter((weight) => 2 * weight > capacity).length);
}

function sum(weights: readonly number[]): number {
  return weights.reduce((total, weight) => total + weight, 0);
}

/** Looks for a packing into so many bins, depth first: items by weight, each into every bin that differs in room. */
class Search {
  readonly #sorted: readonly number[];
  readonly #capacity: number;
  readonly #rest: readonly number[];
  readonly #room: number[];
  readonly #bins: number[][];
  stepsLeft: number;

  constructor(sorted: readonly number[], capacity: number, most: number, steps: number) {
    this.#sorted = sorted;
    this.#capacity = capacity;
    this.#room = Array.from({ length: most }, () => capacity);
    this.#bins = Array.from({ length: most }, () => []);
    this.stepsLeft = steps;
    const rest = Array.from({ length: sorted.length + 1 }, () => 0);
    for (let i = sorted.length - 1; i >= 0; i--) rest[i] = rest[i + 1]! + sorted[i]!; // both are as long as the items and one more
    this.#rest = rest;
  }

  /** Undefined where there is none, or where the steps are used up. */
  run(): readonly (readonly number[])[] | undefined {
    return this.#place(0) ? this.#bins.filter((bin) => bin.length > 0).map((bin) => bin.slice()) : undefined;
  }

  #place(place: number): boolean {
    const weight = this.#sorted[place];
    if (weight === undefined) return true;
    if (this.#usable() < this.#rest[place]!) return false;
    const tried = new Set<number>();
    for (let bin = 0; bin < this.#room.length; bin++) {
      const room = this.#room[bin]!;
      if (room < weight || tried.has(room)) continue;
      if (--this.stepsLeft <= 0) return false;
      tried.add(room);
      this.#room[bin]! -= weight;
      this.#bins[bin]!.push(place);
      if (this.#place(place + 1)) return true;
      this.#bins[bin]!.pop();
      this.#room[bin] = room;
      if (room === this.#capacity || room === weight) return false; // all empty bins are alike; an exact fit is never worse
    }
    return false;
  }

  /** Room in bins that at least the smallest item still fits into. */
  #usable(): number {
    const smallest = this.#sorted[this.#sorted.length - 1]!; // it is only asked while an item is left
    return sum(this.#room.filter((room) => room >= smallest));
  }
}
