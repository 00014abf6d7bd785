export { type PlacedEdge, type PlacedNode, type TreeLayout, layoutTree } from "./layout-tree.ts";
export { type Folding, type ShownNode, shownTree } from "./shown-tree.ts";
export { treeSvg } from "./tree-svg.ts";
export { type TextColours, type TextOptions, treeText } from "./tree-text.ts";
export { wordTree } from "./word-tree.ts";
