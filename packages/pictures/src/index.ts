export { type PlacedEdge, type PlacedNode, type TreeLayout, SIZES, layoutTree } from "./layout-tree.ts";
export { type Look, LOOKS, cornerOf, lookOf } from "./look.ts";
export { type Folding, type ShownNode, shownTree } from "./shown-tree.ts";
export { treeSvg } from "./tree-svg.ts";
export { type TextColours, type TextOptions, treeText } from "./tree-text.ts";
export { summaryOf } from "./wording.ts";
export { wordTree } from "./word-tree.ts";
