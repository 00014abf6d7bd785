import type { Spread } from "../measure/spread.ts";
import { type Scale, linearScale, logScale, tickText } from "./scale.ts";
import { at, line, svgPage, text } from "./svg.ts";

export interface LinePlot {
  readonly title: string;
  readonly description: string;
  readonly xTitle: string;
  /** With its unit. */
  readonly yTitle: string;
  readonly yScale: "log" | "linear";
  readonly series: readonly Series[];
  /** A line across, with what it stands for. */
  readonly mark?: { readonly y: number; readonly name: string };
}

export interface Series {
  /** Written at the line's end. */
  readonly name: string;
  /** In order of x, which is above 0. */
  readonly points: readonly { readonly x: number; readonly y: Spread }[];
}

const WIDTH = 760;
const HEIGHT = 420;
const LEFT = 76;
const RIGHT = 200;
const TOP = 64;
const BOTTOM = 56;
const END = WIDTH - RIGHT;
const FLOOR = HEIGHT - BOTTOM;
/** Between the baselines of two names. */
const NAME_HEIGHT = 17;

/** Medians as lines over a logarithmic x axis; least and most of all rounds as a bar through each point. */
export function linePlot(plot: LinePlot): string {
  const { title, description, xTitle, yTitle, series, mark } = plot;
  const xs = series.flatMap(({ points }) => points.map(({ x }) => x));
  const ys = series.flatMap(({ points }) => points.flatMap(({ y }) => [y.min, y.max])).concat(mark?.y ?? []);
  const x = logScale(Math.min(...xs), Math.max(...xs), LEFT, END);
  const y =
    plot.yScale === "log"
      ? logScale(Math.min(...ys), Math.max(...ys), FLOOR, TOP)
      : linearScale(Math.max(...ys), FLOOR, TOP);
  return svgPage({ width: WIDTH, height: HEIGHT, title, description }, [
    text(20, 50, yTitle, { classes: "small" }),
    text((LEFT + END) / 2, HEIGHT - 14, xTitle, { classes: "small", anchor: "middle" }),
    ...y.ticks.flatMap((tick) => [
      line(LEFT, y.place(tick), END, y.place(tick), "grid"),
      text(LEFT - 8, y.place(tick) + 4, tickText(tick), { anchor: "end" }),
    ]),
    ...x.ticks.flatMap((tick) => [
      line(x.place(tick), TOP, x.place(tick), FLOOR, "grid"),
      text(x.place(tick), FLOOR + 20, tickText(tick), { anchor: "middle" }),
    ]),
    line(LEFT, FLOOR, END, FLOOR, "axis"),
    line(LEFT, TOP, LEFT, FLOOR, "axis"),
    ...(mark === undefined ? [] : [line(LEFT, y.place(mark.y), END, y.place(mark.y), "mark")]),
    ...series.map((one, i) => path(one, i, x, y)),
    ...names(plot, y),
  ]);
}

function path({ points }: Series, i: number, x: Scale, y: Scale): string {
  const places = points.map((point) => `${at(x.place(point.x))},${at(y.place(point.y.median))}`);
  return [
    `<polyline class="line stroke-${i}" points="${places.join(" ")}"/>`,
    ...points.map((point) =>
      line(x.place(point.x), y.place(point.y.min), x.place(point.x), y.place(point.y.max), `stroke-${i} line`),
    ),
    ...points.map(
      (point) => `<circle class="fill-${i}" cx="${at(x.place(point.x))}" cy="${at(y.place(point.y.median))}" r="4"/>`,
    ),
  ].join("\n");
}

/** Beside the ends of the lines, moved apart where they would lie over each other. */
function names({ series, mark }: LinePlot, y: Scale): readonly string[] {
  const wanted = [
    ...series.map(({ name, points }, i) => ({ name, classes: `fill-${i}`, y: y.place(points.at(-1)?.y.median ?? 0) })),
    ...(mark === undefined ? [] : [{ name: mark.name, classes: "small", y: y.place(mark.y) }]),
  ].sort((a, b) => a.y - b.y);
  let last = -Infinity;
  return wanted.map((one) => {
    last = Math.max(one.y, last + NAME_HEIGHT);
    return text(END + 12, last + 4, one.name, { classes: one.classes });
  });
}
