import type { PlacedNode, TreeLayout } from "@leastwise/pictures";

/** Which node it is, whatever is opened around it. Several of a parent's kinds may be folded, so their looks belong to it. */
export function keyOf({ is, prefix, verdict, chosen }: PlacedNode): string {
  return is === "more" ? `${is} ${verdict} ${chosen ?? ""} ${prefix}` : `${is} ${prefix}`;
}

/** The node with a key; where it has been folded away, the nearest one whose prefix it began with; else the root. Linear. */
export function nodeWithKey({ nodes }: TreeLayout, key: string | null): PlacedNode | undefined {
  if (key === null) return nodes[0];
  const exact = nodes.find((node) => keyOf(node) === key);
  if (exact !== undefined) return exact;
  const prefix = prefixOfKey(key);
  const around = nodes.filter((node) => node.is === "node" && prefix.startsWith(node.prefix));
  return (
    around.reduce<PlacedNode | undefined>(
      (best, node) => (best === undefined || node.prefix.length > best.prefix.length ? node : best),
      undefined,
    ) ?? nodes[0]
  );
}

function prefixOfKey(key: string): string {
  const parts = key.split(" ");
  return parts.slice(parts[0] === "more" ? 3 : 1).join(" ");
}

/**
 * Where an arrow leads: left to the parent, right to the first child, up and down to the next node of the same depth, Home to the root, End to the last
 * node. Undefined where there is nothing, and for other keys. Linear.
 */
export function step({ nodes }: TreeLayout, from: PlacedNode, arrow: string): PlacedNode | undefined {
  switch (arrow) {
    case "ArrowLeft":
      return from.parent === null ? undefined : nodes[from.parent];
    case "ArrowRight":
      return nodes.find((node) => node.parent === from.id);
    case "ArrowUp":
    case "ArrowDown": {
      const depths = depthsOf(nodes);
      const peers = nodes.filter((node) => depths[node.id] === depths[from.id]);
      return peers[peers.indexOf(from) + (arrow === "ArrowDown" ? 1 : -1)];
    }
    case "Home":
      return nodes[0];
    case "End":
      return nodes.at(-1);
    default:
      return undefined;
  }
}

/** How far each node is from the root, which has 0. */
export function depthsOf(nodes: readonly PlacedNode[]): readonly number[] {
  const depths: number[] = [];
  for (const { parent } of nodes) depths.push(parent === null ? 0 : (depths[parent] ?? 0) + 1); // parents stand before their children
  return depths;
}
