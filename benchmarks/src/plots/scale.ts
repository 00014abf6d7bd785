/** From a value to a place on an axis, and the values that are worth a line. */
export interface Scale {
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
}

/** From the decade at or below `least` to the one at or above `most`; both above 0. */
export function logScale(least: number, most: number, from: number, to: number): Scale {
  const first = Math.floor(Math.log10(least) + 1e-9);
  const last = Math.max(first + 1, Math.ceil(Math.log10(most) - 1e-9));
  const place = (value: number): number => from + ((Math.log10(value) - first) / (last - first)) * (to - from);
  return { place, ticks: Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i)) };
}

/** From 0 to at least `most`, in four to eight even steps of 1, 2 or 5 times a power of ten. */
export function linearScale(most: number, from: number, to: number): Scale {
  const rough = most / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const steps = Math.ceil(most / step - 1e-9);
  const place = (value: number): number => from + (value / (steps * step)) * (to - from);
  return { place, ticks: Array.from({ length: steps + 1 }, (_, i) => i * step) };
}

const SUFFIXES = [
  [1e6, "M"],
  [1e3, "k"],
] as const;

/** Short: 0.01, 5, 200, 10k, 1M. */
export function tickText(value: number): string {
  for (const [unit, suffix] of SUFFIXES) if (value >= unit) return `${rounded(value / unit)}${suffix}`;
  return rounded(value);
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(6)));
}
