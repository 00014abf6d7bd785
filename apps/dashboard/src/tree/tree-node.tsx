import { type Look, type PlacedEdge, type PlacedNode, SIZES, cornerOf, lookOf } from "@leastwise/pictures";

/** A box of the picture with its mark and its words; the tick, the ring, the cross and the half disc say the same as the colours. */
export function TreeNode({
  node,
  depth,
  active,
  pick,
  toggle,
}: {
  readonly node: PlacedNode;
  readonly depth: number;
  readonly active: boolean;
  readonly pick: () => void;
  readonly toggle: () => void;
}) {
  const { x, y, width, label, note, title, state, is } = node;
  const look = lookOf(node);
  const folded = state === "closed" || is === "more";
  return (
    <g
      class={`tree-node ${look}${folded ? " folded" : ""}${state === "leaf" ? "" : " opens"}`}
      role="treeitem"
      aria-label={`${note === "" ? label : `${label} ${note}`}, ${title}`} // what stands in the box first, as one would call it (WCAG 2.5.3)
      aria-level={depth + 1}
      aria-selected={active}
      {...(state === "leaf" ? {} : { "aria-expanded": state === "open" })}
      tabindex={active ? 0 : -1}
      data-node={node.id}
      onFocus={pick}
      onClick={toggle}
    >
      <title>{title}</title>
      {folded ? <Box look={look} x={x + 3} y={y + 3} width={width} /> : null}
      <Box look={look} x={x} y={y} width={width} />
      <LookMark look={look} x={x + 12} y={y} />
      <text class="label" x={x + SIZES.mark} y={y + 4.5}>
        {label}
      </text>{" "}
      {note === "" ? null : (
        <text class="small" x={x + SIZES.mark + label.length * SIZES.letter + SIZES.padding} y={y + 4}>
          {note}
        </text>
      )}
      {active ? (
        <rect
          class="ring"
          x={x - 3}
          y={y - SIZES.box / 2 - 3}
          width={width + 6}
          height={SIZES.box + 6}
          rx={cornerOf(look) + 3}
        />
      ) : null}
    </g>
  );
}

export function TreeEdge({ edge: { x1, y1, x2, y2 } }: { readonly edge: PlacedEdge }) {
  const middle = (x1 + x2) / 2;
  return <path class="edge" d={`M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`} />;
}

export function Box({
  look,
  x,
  y,
  width,
}: {
  readonly look: Look;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}) {
  return <rect class="box" x={x} y={y - SIZES.box / 2} width={width} height={SIZES.box} rx={cornerOf(look)} />;
}

export function LookMark({ look, x, y }: { readonly look: Look; readonly x: number; readonly y: number }) {
  switch (look) {
    case "chosen":
      return <path class="mark-line" d={`M${x - 4} ${y}l3 4 6-8`} />;
    case "safe":
      return <circle class="mark-line" cx={x} cy={y} r={3} />;
    case "unused":
      return <path class="mark-line" d={`M${x - 3} ${y - 3}l6 6m0-6l-6 6`} />;
    case "mixed":
      return (
        <>
          <path class="half" d={`M${x} ${y - 4}a4 4 0 0 0 0 8z`} />
          <circle class="mark-line" cx={x} cy={y} r={4} />
        </>
      );
  }
}
