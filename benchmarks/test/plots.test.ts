import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { barPlot } from "../src/plots/bar-plot.ts";
import { figureBlocks, fillFigures } from "../src/plots/fill-figures.ts";
import { linePlot } from "../src/plots/line-plot.ts";
import { pictures } from "../src/plots/pictures.ts";
import { linearScale, logScale, tickText } from "../src/plots/scale.ts";
import { SERIES } from "../src/plots/svg.ts";
import { temporaryFolder } from "./folder.ts";
import { resultsOf, spread } from "./samples.ts";

const folder = temporaryFolder();

/** Texts of a picture with their places. */
function textsOf(svg: string): readonly { readonly x: number; readonly y: number; readonly text: string }[] {
  return Array.from(svg.matchAll(/<text x="([\d.-]+)" y="([\d.-]+)"[^>]*>([^<]*)<\/text>/g), ([, x, y, text = ""]) => {
    return { x: Number(x), y: Number(y), text };
  });
}

describe("scales", () => {
  test("a logarithmic one takes whole decades, and each decade is as long as the other", () => {
    const { place, ticks } = logScale(30, 20_000, 0, 400);
    expect(ticks).toEqual([10, 100, 1000, 10_000, 100_000]);
    expect(ticks.map(place)).toEqual([0, 100, 200, 300, 400]);
  });

  test("of exact decades ends there, and of one value has a decade all the same", () => {
    expect(logScale(100, 1_000_000, 0, 1).ticks).toEqual([100, 1000, 10_000, 100_000, 1_000_000]);
    expect(logScale(100, 100, 0, 1).ticks).toEqual([100, 1000]);
    expect(logScale(0.02, 3, 0, 1).ticks.map(tickText)).toEqual(["0.01", "0.1", "1", "10"]);
  });

  test.each([
    [7.8, [0, 2, 4, 6, 8]],
    [10, [0, 2, 4, 6, 8, 10]],
    [0.31, [0, 0.1, 0.2, 0.3, 0.4]],
    [1200, [0, 500, 1000, 1500]],
  ])("a linear one begins at 0 and goes in even steps beyond %d", (most, expected) => {
    const { ticks, place } = linearScale(most, 100, 0);
    expect(ticks.map((tick) => Number(tick.toFixed(6)))).toEqual(expected);
    expect([place(0), place(expected.at(-1) ?? 0)]).toEqual([100, 0]);
  });

  test("numbers on an axis are short", () => {
    expect([0, 0.1, 5, 200, 10_000, 1_500, 1e6].map(tickText)).toEqual(["0", "0.1", "5", "200", "10k", "1.5k", "1M"]);
  });
});

describe("a line plot", () => {
  const svg = linePlot({
    title: "Time & <size>",
    description: 'what "it" shows',
    xTitle: "attachments",
    yTitle: "seconds",
    yScale: "log",
    series: [
      { name: "ours", points: [10, 100, 1000].map((x) => ({ x, y: spread(x / 10, x / 20, x / 5) })) },
      { name: "floor", points: [10, 100, 1000].map((x) => ({ x, y: spread(x / 10.5) })) },
    ],
    mark: { y: 50, name: "the most" },
  });

  test("has title, units, every tick, a name at the end of each line, and a sentence for who cannot see it", () => {
    const texts = textsOf(svg).map(({ text }) => text);
    expect(texts).toEqual(
      expect.arrayContaining(["attachments", "seconds", "ours", "floor", "the most", "10", "100", "1k"]),
    );
    expect(svg).toContain("<desc>what &quot;it&quot; shows</desc>");
    expect(svg).toContain("<title>Time &amp; &lt;size&gt;</title>");
  });

  test("escapes what is written in it", () => {
    expect(svg).not.toContain("<size>");
    expect(textsOf(svg)[0]?.text).toBe("Time &amp; &lt;size&gt;");
  });

  test("has a point for each median where it belongs, and a bar from least to most", () => {
    const circles = Array.from(svg.matchAll(/<circle class="fill-0" cx="([\d.]+)" cy="([\d.]+)"/g), ([, x, y]) => [
      Number(x),
      Number(y),
    ]);
    expect(circles).toHaveLength(3);
    const [[x1 = 0, y1 = 0] = [], [x2 = 0, y2 = 0] = [], [x3 = 0, y3 = 0] = []] = circles;
    expect(x2 - x1).toBeCloseTo(x3 - x2, 0); // decades
    expect(y1 - y2).toBeCloseTo(y2 - y3, 0);
    expect(y1).toBeGreaterThan(y3); // more is higher
    expect(svg).toMatch(new RegExp(`<line class="stroke-0 line" x1="${x1}" y1="[\\d.]+" x2="${x1}"`));
  });

  test("keeps names apart that belong to nearly the same place", () => {
    const places = textsOf(svg)
      .filter(({ text }) => ["ours", "floor", "the most"].includes(text))
      .map(({ y }) => y)
      .toSorted((a, b) => a - b);
    expect(places).toHaveLength(3);
    for (let i = 1; i < places.length; i++) expect((places[i] ?? 0) - (places[i - 1] ?? 0)).toBeGreaterThanOrEqual(15);
  });

  test("has colours for a dark page as well", () => {
    expect(svg).toContain("@media (prefers-color-scheme: dark)");
  });
});

describe("a bar plot", () => {
  const svg = barPlot({
    title: "Stages",
    description: "shares",
    parts: ["reading", "rest <1>", "never"],
    bars: [{ name: "one & all", total: "8.0 s", values: { reading: 6, "rest <1>": 2, never: 0 } }],
  });

  test("has a segment for each share, as long as it, with its share written on it", () => {
    const widths = Array.from(
      svg.matchAll(/<rect class="fill-(\d)" x="[\d.]+" y="\d+" width="([\d.]+)" height="24"/g),
      ([, part, width]) => [Number(part), Number(width)],
    );
    expect(widths.map(([part]) => part)).toEqual([0, 1]);
    expect((widths[0]?.[1] ?? 0) / (widths[1]?.[1] ?? 1)).toBeCloseTo(3, 5);
    expect(textsOf(svg).map(({ text }) => text)).toEqual(
      expect.arrayContaining(["75 %", "25 %", "8.0 s", "one &amp; all", "rest &lt;1&gt;"]),
    );
  });

  test("leaves out what there is no room to write", () => {
    const thin = barPlot({
      title: "",
      description: "",
      parts: ["a", "b"],
      bars: [{ name: "", total: "", values: { a: 99, b: 1 } }],
    });
    expect(textsOf(thin).map(({ text }) => text)).not.toContain("1 %");
  });
});

describe("the pictures of a run", () => {
  const drawn = pictures(resultsOf(10_000, 100, 1000));

  test("are time, cost, ratio, memory and stages", () => {
    expect(drawn.map(({ file }) => file)).toEqual([
      "time-by-size.svg",
      "cost-by-size.svg",
      "ratio-by-size.svg",
      "memory-by-size.svg",
      "stages.svg",
    ]);
    for (const { svg, file } of drawn) {
      expect(svg, `in ${file}`).toMatch(/^<svg [^]*<\/svg>\n$/);
      expect(svg, `in ${file}`).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  test("run from the smallest to the largest, whatever the order in which they were measured", () => {
    const names = textsOf(drawn[4]?.svg ?? "")
      .map(({ text }) => text)
      .filter((text) => text.includes("attachments"));
    expect(names).toEqual(["100 attachments, clock", "1,000 attachments, clock", "10,000 attachments, clock"]);
    const xs = Array.from((drawn[0]?.svg ?? "").matchAll(/<circle class="fill-0" cx="([\d.]+)"/g), ([, x]) =>
      Number(x),
    );
    expect(xs).toEqual(xs.toSorted((a, b) => a - b));
  });

  test("need no more colours than there are", () => {
    expect(SERIES).toBeGreaterThanOrEqual(6); // five stages, start and end
    for (const { svg } of drawn)
      for (const [, series] of svg.matchAll(/class="(?:fill|stroke)-(\d+)/g))
        expect(Number(series)).toBeLessThan(SERIES);
  });

  test("are none without the suite that they show", () => {
    expect(pictures({ ...resultsOf(100), suites: [] })).toEqual([]);
  });
});

describe("tables in a page", () => {
  const results = resultsOf(100, 1000);
  const blocks = figureBlocks(results, pictures(results), "performance");
  const page =
    "# Page\n\n<!-- figures: size -->\nold\n<!-- /figures -->\n\ntext\n\n<!-- figures: source -->\n<!-- /figures -->\n";

  test("are written between their marks, and everything else stays", () => {
    const filled = fillFigures(page, blocks);
    expect(filled).toMatch(
      /^# Page\n\n<!-- figures: size -->\n\n### By size\n\n\|[^]*\n\n<!-- \/figures -->\n\ntext\n\n<!-- figures: source -->/,
    );
    expect(filled).toContain("| 1,000 attachments | ");
    expect(filled).toMatch(/stage's share[^]*\| +25 % \| +10 % \|/);
    expect(filled).not.toContain("old");
    expect(fillFigures(filled, blocks)).toBe(filled);
  });

  test("are empty where nothing was measured", () => {
    expect(fillFigures("a <!-- figures: core -->\nold\n<!-- /figures --> b", blocks)).toBe(
      "a <!-- figures: core -->\n\n<!-- /figures --> b",
    );
  });

  test("a mark without an end is a mistake", () => {
    expect(() => fillFigures("<!-- figures: size -->\n", blocks)).toThrow("`size -->");
  });

  test("pictures are linked, and the machine is named", () => {
    expect(blocks.get("pictures")).toContain("![Time by size](performance/time-by-size.svg)");
    expect(blocks.get("source")).toMatch(/2026-11-22, commit 0123456789ab, seed 1, Node v20\.20\.2, 2 cores of A CPU/);
  });
});

/** Runs what `npm run bench:plots` runs. */
function draw(...args: readonly string[]): { readonly status: number | null; readonly stderr: string } {
  const program = fileURLToPath(new URL("../dist/draw.js", import.meta.url));
  return spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });
}

describe("drawing", () => {
  test("writes the pictures of any results into any folder", () => {
    const file = join(folder, "results.json");
    const results = resultsOf(100, 1000);
    writeFileSync(file, JSON.stringify(results));
    expect(draw(file, "--out", join(folder, "pictures")).status).toBe(0);
    const drawn = pictures(results);
    expect(readdirSync(join(folder, "pictures")).sort()).toEqual(drawn.map((one) => one.file).sort());
    for (const one of drawn) expect(readFileSync(join(folder, "pictures", one.file), "utf8")).toBe(one.svg);
  });

  test("says how to make figures that are not there", () => {
    const { status, stderr } = draw(join(folder, "none.json"), "--out", folder);
    expect(status).toBe(2);
    expect(stderr).toMatch(/no figures `.*none\.json`: make them with `npm run bench -- --out/);
  });
});
