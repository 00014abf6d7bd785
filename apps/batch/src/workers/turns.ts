/** Lets so much work be under way at once. */
export interface Turns {
  /** Begins the work at once where a turn is free, else when it is next; first come, first served. */
  take<T>(work: () => Promise<T>): Promise<T>;
  /** All work that waits fails with the error, and never begins. */
  refuse(error: Error): void;
}

export function turnsFor(most: number): Turns {
  let free = most;
  const waiting: { readonly begin: () => void; readonly refuse: (error: Error) => void }[] = [];
  return {
    async take(work) {
      if (free > 0) free--;
      else await new Promise<void>((begin, refuse) => waiting.push({ begin, refuse }));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next === undefined) free++;
        else next.begin();
      }
    },
    refuse(error) {
      for (const { refuse } of waiting.splice(0)) refuse(error);
    },
  };
}
