import type { Unit } from "@leastwise/core";

/**
 * Whose outcomes are taken, and which are held against their shards. Anybody may say anybody's name, so once an outcome did not hold, what
 * had been believed until then is doubtful, whoever it was from. Memory: two numbers for each outcome that was believed.
 */
export class Trust {
  readonly #percent: number;
  readonly #draw: (percent: number) => boolean;
  readonly #refused = new Set<string>();
  readonly #believed: (readonly [first: number, last: number])[] = [];

  /** @param draw whether one of so many in a hundred is chosen; nobody can foresee it */
  constructor(percent: number, draw: (percent: number) => boolean) {
    this.#percent = percent;
    this.#draw = draw;
  }

  /** One by one; all of them once somebody has been refused. */
  isToCheck(): boolean {
    return this.#refused.size > 0 || this.#draw(this.#percent);
  }

  isRefused(worker: string): boolean {
    return this.#refused.has(worker);
  }

  /** False where it was refused already. */
  refuse(worker: string): boolean {
    if (this.#refused.has(worker)) return false;
    this.#refused.add(worker);
    return true;
  }

  /** The answers to these units, in ascending order, are taken without a look by the verifier. */
  believe(units: readonly Unit[]): void {
    const [first, last] = [units[0], units.at(-1)];
    if (first !== undefined && last !== undefined) this.#believed.push([first.unitId, last.unitId]);
  }

  /** Who was refused, and the first and the last unit of each shard that was believed. */
  found(): {
    readonly refused: readonly string[];
    readonly believed: readonly (readonly [first: number, last: number])[];
  } {
    return { refused: [...this.#refused], believed: this.#believed };
  }
}
