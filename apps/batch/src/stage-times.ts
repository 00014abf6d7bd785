/** What one stage of a run took. */
export interface StageTime {
  readonly stage: StageName;
  /** By the clock. */
  readonly seconds: number;
  /** Of the processor, by all threads together. */
  readonly cpuSeconds: number;
}

/** In run order. A run that goes on with an interrupted one has no time for what that one did. */
export type StageName = "reading" | "planning" | "comparing" | "merging" | "refining" | "fitting" | "concluding";

/** Notes when each stage begins; what came before the first one counts for none. */
export class StageTimes {
  readonly #begun: { readonly stage: StageName; readonly seconds: number; readonly cpuSeconds: number }[] = [];

  enter(stage: StageName): void {
    this.#begun.push({ stage, ...now() });
  }

  /** Every stage entered so far, the last one up to this moment. */
  taken(): readonly StageTime[] {
    const end = now();
    return this.#begun.map(({ stage, seconds, cpuSeconds }, i) => {
      const next = this.#begun[i + 1] ?? end;
      return { stage, seconds: next.seconds - seconds, cpuSeconds: next.cpuSeconds - cpuSeconds };
    });
  }
}

function now(): { readonly seconds: number; readonly cpuSeconds: number } {
  const { user, system } = process.cpuUsage();
  return { seconds: performance.now() / 1000, cpuSeconds: (user + system) / 1e6 };
}
