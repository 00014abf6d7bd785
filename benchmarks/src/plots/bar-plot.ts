import { at, svgPage, text } from "./svg.ts";

export interface BarPlot {
  readonly title: string;
  readonly description: string;
  /** What a segment may be, in the order in which they are stacked; as many as there are colours at the most. */
  readonly parts: readonly string[];
  readonly bars: readonly Bar[];
}

/** A bar is as long as every other: its values count by their share of it. */
export interface Bar {
  readonly name: string;
  /** Written behind it: what the whole of it is. */
  readonly total: string;
  readonly values: Readonly<Record<string, number>>;
}

const WIDTH = 760;
const LEFT = 222;
const LENGTH = 420;
const TOP = 84;
const BAR = 24;
const GAP = 8;
/** The narrowest segment that its share is written on. */
const WRITTEN = 34;
/** About what a character of a legend takes. */
const CHARACTER = 7;
const SWATCH = 12;

/** Shares as stacked bars, each share that there is room for written on it. */
export function barPlot({ title, description, parts, bars }: BarPlot): string {
  const height = TOP + bars.length * (BAR + GAP) + 12;
  return svgPage({ width: WIDTH, height, title, description }, [
    ...legend(parts),
    ...bars.flatMap((bar, i) => barAt(bar, TOP + i * (BAR + GAP), parts)),
  ]);
}

function legend(parts: readonly string[]): readonly string[] {
  let x = 20;
  return parts.flatMap((part, i) => {
    const start = x;
    x += SWATCH + 8 + CHARACTER * part.length + 18;
    return [
      `<rect class="fill-${i}" x="${at(start)}" y="48" width="${SWATCH}" height="${SWATCH}"/>`,
      text(start + SWATCH + 6, 59, part),
    ];
  });
}

function barAt({ name, total, values }: Bar, y: number, parts: readonly string[]): readonly string[] {
  const all = parts.reduce((sum, part) => sum + (values[part] ?? 0), 0);
  const out = [text(LEFT - 10, y + 17, name, { anchor: "end" }), text(LEFT + LENGTH + 10, y + 17, total)];
  let x = LEFT;
  for (const [i, part] of parts.entries()) {
    const share = all === 0 ? 0 : (values[part] ?? 0) / all;
    const width = share * LENGTH;
    if (width === 0) continue;
    out.push(`<rect class="fill-${i}" x="${at(x)}" y="${y}" width="${at(width)}" height="${BAR}"/>`);
    if (width >= WRITTEN)
      out.push(text(x + width / 2, y + 16, `${Math.round(100 * share)} %`, { classes: "on", anchor: "middle" }));
    x += width;
  }
  return out;
}
