/** Pieces of SVG as text. Colours are classes, so that a picture follows the reader's light or dark scheme. */

/** How many `series-N` there are. */
export const SERIES = 6;

const LIGHT = ["#0550ae", "#bc4c00", "#1a7f37", "#8250df", "#7d4e00", "#57606a"];
const DARK = ["#79c0ff", "#ffa657", "#56d364", "#d2a8ff", "#e3b341", "#8b949e"];

const STYLE = `
  text { font: 13px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1f2328; }
  .title { font-size: 16px; font-weight: 600; }
  .small { font-size: 12px; fill: #57606a; }
  .on { font-size: 12px; fill: #ffffff; }
  .page { fill: #ffffff; }
  .grid { stroke: #d8dee4; stroke-width: 1; }
  .axis { stroke: #57606a; stroke-width: 1; }
  .mark { stroke: #57606a; stroke-width: 1.5; stroke-dasharray: 6 4; }
  .line { fill: none; stroke-width: 2.5; }
${series(LIGHT, "  ")}
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .small { fill: #9da7b3; }
    .on { fill: #0d1117; }
    .page { fill: #0d1117; }
    .grid { stroke: #30363d; }
    .axis, .mark { stroke: #9da7b3; }
${series(DARK, "    ")}
  }
`;

function series(colours: readonly string[], indent: string): string {
  return colours
    .map(
      (colour, i) =>
        `${indent}.stroke-${i} { stroke: ${colour}; }\n${indent}.fill-${i}, text.fill-${i} { fill: ${colour}; }`,
    )
    .join("\n");
}

export interface Page {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** For who cannot see the picture: what it shows in a sentence. */
  readonly description: string;
}

export function svgPage({ width, height, title, description }: Page, body: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(description)}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    text(20, 28, title, { classes: "title" }),
    ...body,
    "</svg>\n",
  ].join("\n");
}

export function text(
  x: number,
  y: number,
  content: string,
  { classes = "", anchor = "start" }: { readonly classes?: string; readonly anchor?: "start" | "middle" | "end" } = {},
): string {
  const attributes = `${classes === "" ? "" : ` class="${classes}"`}${anchor === "start" ? "" : ` text-anchor="${anchor}"`}`;
  return `<text x="${at(x)}" y="${at(y)}"${attributes}>${escaped(content)}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, classes: string): string {
  return `<line class="${classes}" x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}"/>`;
}

/** A coordinate to a tenth of a pixel, so that files stay small and the same. */
export function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
