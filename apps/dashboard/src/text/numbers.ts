const WHOLE = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat("en-GB", { notation: "compact", maximumFractionDigits: 1 });

/** `1,234,567` */
export function count(value: number): string {
  return WHOLE.format(value);
}

/** `1.2M`, for an axis. */
export function short(value: number): string {
  return SHORT.format(value);
}

/** `1 policy`, `2 policies` */
export function counted(value: number, one: string, many: string = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** The share that a part has, in whole percent. 0 and 100 are said only where they are exact: `<1 %`, `>99 %` otherwise. Of nothing: a dash. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return "–";
  const hundredths = (part / whole) * 100;
  if (hundredths > 0 && hundredths < 1) return "<1 %";
  if (hundredths > 99 && hundredths < 100) return ">99 %";
  return `${Math.round(hundredths)} %`;
}

/** The same as a number from 0 to 1, for lengths. */
export function share(part: number, whole: number): number {
  return whole <= 0 ? 0 : Math.min(1, Math.max(0, part / whole));
}
