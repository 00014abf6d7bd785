/** Seconds by the clock, and of the processor by all threads of this process. */
export interface Taken {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Starts now; each call tells what has passed since. */
export function stopwatch(): () => Taken {
  const start = performance.now();
  const cpu = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6 };
  };
}

export function added(a: Taken, b: Taken): Taken {
  return { seconds: a.seconds + b.seconds, cpuSeconds: a.cpuSeconds + b.cpuSeconds };
}

export const NOTHING: Taken = { seconds: 0, cpuSeconds: 0 };
