import type { WordTree } from "@leastwise/api";
import { type PlacedEdge, type PlacedNode, SIZES, layoutTree } from "./layout-tree.ts";
import { type Look, LOOKS, cornerOf, lookOf } from "./look.ts";
import { printable } from "./printable.ts";
import type { Folding } from "./shown-tree.ts";
import { cut, summaryOf } from "./wording.ts";

const MARGIN = 20;
const HEADER = 58;
const LEGEND = 54;
const LEAST_WIDTH = 860;
/** Characters of the entry in the heading. */
const HEADING = 60;

/**
 * Colours of Okabe and Ito's, which people tell apart whatever their eyes; and none is the only sign: what goes is dashed and crossed, what is
 * chosen has a thick rim and a tick, what is mixed is square and half filled.
 */
const STYLE = `
svg{--ground:#fff;--text:#1b1f24;--faint:#57606a;--line:#afb8c1;--stay:#0072b2;--stay-fill:#e3f1fa;--go:#a83c00;--go-fill:#fff;--mixed:#57606a;--mixed-fill:#f6f8fa}
@media (prefers-color-scheme:dark){svg{--ground:#0d1117;--text:#e6edf3;--faint:#9aa4af;--line:#4a525c;--stay:#6cc1f5;--stay-fill:#0f2d42;--go:#ff9b61;--go-fill:#0d1117;--mixed:#9aa4af;--mixed-fill:#1c2128}}
text{font-family:monospace;font-size:13px;fill:var(--text);white-space:pre}
.small{font-size:11px;fill:var(--faint)}
.head{font-size:17px;font-weight:bold}
.edge{fill:none;stroke:var(--line)}
.box{stroke-width:1}
.mark{fill:none;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.safe .box{fill:var(--ground);stroke:var(--stay)}
.safe .mark{stroke:var(--stay)}
.chosen .box{fill:var(--stay-fill);stroke:var(--stay);stroke-width:2.5}
.chosen .mark{stroke:var(--stay);stroke-width:2.5}
.chosen .label{font-weight:bold}
.unused .box{fill:var(--go-fill);stroke:var(--go);stroke-dasharray:4 3}
.unused .mark{stroke:var(--go)}
.unused .label{fill:var(--go)}
.mixed .box{fill:var(--mixed-fill);stroke:var(--mixed)}
.mixed .mark{stroke:var(--mixed);stroke-width:1.5}
.mixed .half{fill:var(--mixed);stroke:none}
`;

/**
 * The tree as a picture that stands on its own: SVG text without scripts, light and dark as the reader has it, readable without colours.
 * Whatever names hold is text. Deterministic.
 */
export function treeSvg(tree: WordTree, folding: Folding = {}): string {
  const { width, height, nodes, edges } = layoutTree(tree, folding);
  const fullWidth = Math.max(LEAST_WIDTH, width + 2 * MARGIN);
  const fullHeight = HEADER + height + LEGEND;
  const summary = summaryOf(tree);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${fullWidth}" height="${fullHeight}" viewBox="0 0 ${fullWidth} ${fullHeight}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escaped(`The words behind ${cut(printable(tree.pattern), HEADING)}`)}</title>`,
    `<desc id="desc">${escaped(descriptionOf(tree, summary))}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect width="100%" height="100%" style="fill:var(--ground)"/>`,
    `<text class="head" x="${MARGIN}" y="26">${escaped(cut(printable(tree.pattern), HEADING))}</text>`,
    `<text class="small" x="${MARGIN}" y="44">${escaped(summary)}</text>`,
    `<g transform="translate(${MARGIN} ${HEADER})">`,
    ...edges.map(edgePath),
    ...nodes.map(nodeGroup),
    "</g>",
    legend(
      fullHeight - 22,
      nodes.some((node) => isClosed(node)),
    ),
    "</svg>\n",
  ].join("\n");
}

/** For whoever does not see the picture: what stays, and what is in its place, as far as that can be listened to. */
function descriptionOf({ replacedBy }: WordTree, summary: string): string {
  const first = replacedBy
    .slice(0, 20)
    .map((entry) => cut(printable(entry), HEADING))
    .join(", ");
  const more = replacedBy.length > 20 ? ` and ${replacedBy.length - 20} more` : "";
  return first === "" ? summary : `${summary}: ${first}${more}`;
}

function edgePath({ x1, y1, x2, y2 }: PlacedEdge): string {
  const middle = (x1 + x2) / 2;
  return `<path class="edge" d="M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}"/>`;
}

function nodeGroup({ verdict, chosen, label, note, title, x, y, width, state, is }: PlacedNode): string {
  const look = lookOf({ verdict, chosen });
  const shadow = isClosed({ state, is }) ? box(look, x + 3, y + 3, width) : ""; // as cards that lie upon each other
  const noteX = x + SIZES.mark + label.length * SIZES.letter + SIZES.padding;
  return [
    `<g class="${look}"><title>${escaped(title)}</title>`,
    shadow,
    box(look, x, y, width),
    markOf(look, x + 12, y),
    text("label", x + SIZES.mark, y + 4.5, label),
    note === "" ? "" : text("small", noteX, y + 4, note),
    "</g>",
  ].join("");
}

function isClosed({ state, is }: Pick<PlacedNode, "state" | "is">): boolean {
  return state === "closed" || is === "more";
}

function box(look: Look, x: number, y: number, width: number): string {
  return `<rect class="box" x="${x}" y="${y - SIZES.box / 2}" width="${width}" height="${SIZES.box}" rx="${cornerOf(look)}"/>`;
}

function markOf(look: Look, x: number, y: number): string {
  if (look === "chosen") return `<path class="mark" d="M${x - 4} ${y}l3 4 6-8"/>`;
  if (look === "safe") return `<circle class="mark" cx="${x}" cy="${y}" r="3"/>`;
  if (look === "unused") return `<path class="mark" d="M${x - 3} ${y - 3}l6 6m0-6l-6 6"/>`;
  return `<path class="half" d="M${x} ${y - 4}a4 4 0 0 0 0 8z"/><circle class="mark" cx="${x}" cy="${y}" r="4"/>`;
}

function text(kind: string, x: number, y: number, content: string): string {
  return `<text class="${kind}" x="${tenths(x)}" y="${y}">${escaped(content)}</text>`;
}

function legend(y: number, hasClosed: boolean): string {
  let x = MARGIN;
  const items = LOOKS.map(([look, words]) => {
    const width = Math.ceil(SIZES.mark + words.length * SIZES.letter + SIZES.padding);
    const item = `<g class="${look}">${box(look, x, y, width)}${markOf(look, x + 12, y)}${text("label", x + SIZES.mark, y + 4.5, words)}</g>`;
    x += width + 14;
    return item;
  });
  const closed = hasClosed ? text("small", x, y + 4, "two boxes: more is inside") : "";
  return `<g>${items.join("")}${closed}</g>`;
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}

/** As XML has it. */
function escaped(content: string): string {
  return content.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
