import type { WordTree } from "@leastwise/api";
import { type Folding, type ShownNode, shownTree } from "./shown-tree.ts";
import { entriesBeside, figuresOf, labelOf } from "./wording.ts";
import { printable } from "./printable.ts";

/** Pixels, but for `label`: characters. */
export const SIZES = {
  row: 26,
  box: 20,
  gap: 34,
  mark: 22,
  letter: 7.83,
  smallLetter: 6.63,
  padding: 9,
  label: 44,
} as const;

/** A node with its place. Texts may be shown as they are, and only need what the medium escapes. */
export interface PlacedNode {
  /** Its place in the list. */
  readonly id: number;
  /** Its parent's; null for the root. */
  readonly parent: number | null;
  readonly is: ShownNode["is"];
  /** What to open or close. */
  readonly prefix: string;
  readonly state: ShownNode["state"];
  readonly verdict: ShownNode["verdict"];
  readonly chosen: ShownNode["chosen"];
  /** The words that it adds, cut where they are long. */
  readonly label: string;
  /** How many stay, and entries that the label does not say; empty for one action. */
  readonly note: string;
  /** All that is to be said of it, in one sentence: for a tooltip, and for whoever hears the picture. */
  readonly title: string;
  /** Left edge, and the middle from above. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** From the right edge of one node to the left edge of another. */
export interface PlacedEdge {
  readonly from: number;
  readonly to: number;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

export interface TreeLayout {
  readonly width: number;
  readonly height: number;
  /** In pre-order. */
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

/**
 * Where the nodes of a picture stand, from left to right: every leaf has a row, a parent stands half way between its first and its last
 * child, and children begin behind their parent. Nothing overlaps. What is shown is what `shownTree` says. Deterministic; O(nodes shown).
 */
export function layoutTree(tree: WordTree, folding: Folding = {}): TreeLayout {
  const nodes: PlacedNode[] = [];
  const edges: PlacedEdge[] = [];
  let row = 0;
  let right = 0;
  const place = (node: ShownNode, parent: PlacedNode | null): PlacedNode => {
    const id = nodes.length;
    const x = parent === null ? 0 : parent.x + parent.width + SIZES.gap;
    const texts = textsOf(tree, node, parent === null);
    const width = widthOf(texts);
    right = Math.max(right, x + width);
    const { is, prefix, state, verdict, chosen } = node;
    const placed = { id, parent: parent?.id ?? null, is, prefix, state, verdict, chosen, ...texts, x, width };
    nodes.push({ ...placed, y: 0 });
    const children = node.children.map((child) => place(child, { ...placed, y: 0 }));
    const [first, last] = [children[0], children.at(-1)];
    const y = first === undefined || last === undefined ? (row++ + 0.5) * SIZES.row : (first.y + last.y) / 2;
    for (const child of children)
      edges.push({ from: id, to: child.id, x1: x + width, y1: y, x2: child.x, y2: child.y });
    return (nodes[id] = { ...placed, y });
  };
  place(shownTree(tree, folding), null);
  edges.sort((a, b) => a.to - b.to);
  return { width: right, height: row * SIZES.row, nodes, edges };
}

function textsOf(tree: WordTree, node: ShownNode, isRoot: boolean): { label: string; note: string; title: string } {
  const beside = entriesBeside(node).map(printable);
  const label = isRoot && node.prefix === "" ? "*" : labelOf(node, SIZES.label);
  const figures = figuresOf(node);
  const written = beside.length === 0 ? "" : cutTo(beside.join(", "));
  return { label, note: [written, figures].filter((text) => text !== "").join("  "), title: titleOf(tree, node) };
}

function cutTo(text: string): string {
  return text.length <= SIZES.label ? text : `${text.slice(0, SIZES.label - 1)}…`;
}

function titleOf({ pattern }: WordTree, node: ShownNode): string {
  const { is, kept, unused, entries, verdict } = node;
  const name = node.action !== null && node.state === "leaf" ? node.action : `${node.prefix}*`;
  const what =
    is === "more" ? `${node.words.length} more of ${node.prefix === "" ? pattern : `${node.prefix}*`}` : name;
  const single = kept + unused === 1 && node.state === "leaf";
  const counts = single ? (kept === 1 ? "stays" : "unused, goes") : `${kept} stay, ${unused} go`;
  const unsafe = verdict === "mixed" && unused === 0 ? "; no prefix is safe in a service that is unused whole" : "";
  const chosen =
    entries.length === 0 ? "" : `; in the result as ${entries.slice(0, 5).join(", ")}${entries.length > 5 ? " …" : ""}`;
  return printable(`${what}: ${counts}${unsafe}${chosen}`);
}

function widthOf({ label, note }: { readonly label: string; readonly note: string }): number {
  const beside = note === "" ? 0 : SIZES.padding + note.length * SIZES.smallLetter;
  return Math.ceil(SIZES.mark + label.length * SIZES.letter + beside + SIZES.padding);
}
