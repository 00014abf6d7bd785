/** A stretch of time that can stand still, and what happens when it is over. */
export class TimeAllowance {
  readonly #onSpent: () => void;
  /** Infinity when it never is, or no longer. */
  #deadline: number;
  #timer: NodeJS.Timeout | undefined;

  /** Begins at once. `seconds` null is for ever. */
  constructor(seconds: number | null, onSpent: () => void) {
    this.#onSpent = onSpent;
    this.#deadline = seconds === null ? Infinity : performance.now() + seconds * 1000;
    this.#arm();
  }

  /** The time until `work` is done does not count. */
  async without(work: () => Promise<void>): Promise<void> {
    const since = performance.now();
    clearTimeout(this.#timer);
    await work();
    this.#deadline += performance.now() - since;
    this.#arm();
  }

  /** It does not matter any more. */
  end(): void {
    clearTimeout(this.#timer);
    this.#deadline = Infinity;
  }

  #arm(): void {
    if (this.#deadline === Infinity) return;
    this.#timer = setTimeout(this.#onSpent, Math.max(0, this.#deadline - performance.now()));
  }
}
