import { LOOKS, SIZES } from "@leastwise/pictures";
import { Box, LookMark } from "./tree-node.tsx";

/** What the boxes mean. */
export function TreeLegend() {
  return (
    <ul class="tree-legend">
      {LOOKS.map(([look, words]) => (
        <li key={look}>
          <svg
            class={`tree-node ${look}`}
            width={34}
            height={SIZES.box + 4}
            viewBox={`-2 -2 34 ${SIZES.box + 4}`}
            aria-hidden="true"
          >
            <Box look={look} x={0} y={SIZES.box / 2} width={30} />
            <LookMark look={look} x={15} y={SIZES.box / 2} />
          </svg>
          {words}
        </li>
      ))}
      <li>
        <svg
          class="tree-node safe"
          width={37}
          height={SIZES.box + 7}
          viewBox={`-2 -2 37 ${SIZES.box + 7}`}
          aria-hidden="true"
        >
          <Box look="safe" x={3} y={SIZES.box / 2 + 3} width={30} />
          <Box look="safe" x={0} y={SIZES.box / 2} width={30} />
        </svg>
        more is inside
      </li>
    </ul>
  );
}
