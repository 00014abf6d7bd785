import type { PlacedNode, TreeLayout } from "@leastwise/pictures";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { percent } from "../text/numbers.ts";
import { TreeEdge, TreeNode } from "./tree-node.tsx";
import { depthsOf, keyOf, nodeWithKey, step } from "./walk.ts";

const MARGIN = 16; // px around the tree, at full size
const SMALLEST = 0.2;
const LARGEST = 3;
const STEP = 1.25;
const PAN = 80; // px for an arrow
const READABLE = 0.8; // of full size: the first view is not smaller, and scrolls instead

/**
 * The picture in a window that scrolls: drag or Shift with arrows moves it, Ctrl with the wheel, + − and 0 make it larger or smaller. One node is in the
 * order of the tab key; arrows lead to the others, Enter opens and closes.
 */
export function TreePicture({
  layout,
  label,
  toggle,
  picked,
}: {
  readonly layout: TreeLayout;
  readonly label: string;
  readonly toggle: (node: PlacedNode) => void;
  /** Told of the node that one has gone to. */
  readonly picked: (node: PlacedNode) => void;
}) {
  const window_ = useRef<HTMLDivElement>(null);
  const [scale, setScale] = useState<number | null>(null);
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const wantsFocus = useRef(false);
  const anchor = useRef<Anchor | null>(null);
  const drag = useDrag(window_);
  const width = layout.width + 2 * MARGIN;
  const height = layout.height + 2 * MARGIN;
  const active = nodeWithKey(layout, activeKey);
  const depths = depthsOf(layout.nodes);
  const size = scale ?? 1;

  const zoomTo = (wanted: number, at?: { readonly x: number; readonly y: number }): void => {
    const frame = window_.current;
    if (frame === null) return;
    const next = Math.min(LARGEST, Math.max(SMALLEST, wanted));
    const x = at?.x ?? frame.clientWidth / 2;
    const y = at?.y ?? frame.clientHeight / 2;
    anchor.current = { x, y, treeX: (frame.scrollLeft + x) / size, treeY: (frame.scrollTop + y) / size };
    setScale(next);
  };
  const fitting = (): number => {
    const frame = window_.current;
    return frame === null ? 1 : Math.min(1, frame.clientWidth / width, frame.clientHeight / height);
  };

  useLayoutEffect(() => {
    const frame = window_.current;
    if (frame === null) return;
    if (scale === null) {
      setScale(Math.max(READABLE, fitting()));
      return;
    }
    const kept = anchor.current;
    anchor.current = null;
    if (kept === null) return;
    frame.scrollLeft = kept.treeX * scale - kept.x;
    frame.scrollTop = kept.treeY * scale - kept.y;
  }, [scale]);

  useLayoutEffect(() => {
    const frame = window_.current;
    const root = layout.nodes[0];
    if (frame === null || root === undefined || scale === null || activeKey !== null) return;
    frame.scrollTop = (root.y + MARGIN) * scale - frame.clientHeight / 2; // the root stands half way down
  }, [scale === null]);

  useLayoutEffect(() => {
    if (!wantsFocus.current || active === undefined) return;
    wantsFocus.current = false;
    const element = window_.current?.querySelector<SVGElement>(`[data-node="${active.id}"]`);
    element?.focus({ preventScroll: true });
    element?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  useEffect(() => {
    const frame = window_.current;
    if (frame === null) return;
    const turned = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault(); // or the browser would enlarge the page
      const box = frame.getBoundingClientRect();
      zoomTo(size * Math.exp(-event.deltaY / 400), { x: event.clientX - box.left, y: event.clientY - box.top });
    };
    frame.addEventListener("wheel", turned, { passive: false });
    return () => frame.removeEventListener("wheel", turned);
  });

  const goTo = (node: PlacedNode | undefined): void => {
    if (node === undefined) return;
    wantsFocus.current = true;
    setActiveKey(keyOf(node));
    picked(node);
  };
  const press = (node: PlacedNode): void => {
    wantsFocus.current = true;
    setActiveKey(node.is === "more" ? `node ${node.prefix}` : keyOf(node));
    picked(node);
    toggle(node);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || active === undefined) return;
    if (event.shiftKey && event.key.startsWith("Arrow")) {
      const across = event.key === "ArrowLeft" ? -PAN : event.key === "ArrowRight" ? PAN : 0;
      const down = event.key === "ArrowUp" ? -PAN : event.key === "ArrowDown" ? PAN : 0;
      window_.current?.scrollBy(across, down);
    } else if (event.key === "Enter" || event.key === " ") press(active);
    else if (event.key === "ArrowRight" && active.state === "closed") press(active);
    else if (event.key === "+" || event.key === "=") zoomTo(size * STEP);
    else if (event.key === "-") zoomTo(size / STEP);
    else if (event.key === "0") zoomTo(1);
    else if (["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"].includes(event.key))
      goTo(step(layout, active, event.key));
    else return;
    event.preventDefault();
  };

  return (
    <div class="tree-frame">
      <p class="tree-tools" role="group" aria-label="size of the picture">
        <button type="button" aria-label="smaller" onClick={() => zoomTo(size / STEP)}>
          −
        </button>
        <button type="button" aria-label={`${percent(size, 1)}, to full size`} onClick={() => zoomTo(1)}>
          {percent(size, 1)}
        </button>
        <button type="button" aria-label="larger" onClick={() => zoomTo(size * STEP)}>
          +
        </button>
        <button type="button" onClick={() => zoomTo(fitting())}>
          Fit
        </button>
      </p>
      <div class="tree-window" ref={window_} {...drag}>
        <svg
          role="tree"
          aria-label={label}
          width={width * size}
          height={height * size}
          viewBox={`${-MARGIN} ${-MARGIN} ${width} ${height}`}
          onKeyDown={onKeyDown}
        >
          <g role="presentation">
            {layout.edges.map((edge) => (
              <TreeEdge key={edge.to} edge={edge} />
            ))}
          </g>
          {layout.nodes.map((node) => (
            <TreeNode
              key={keyOf(node)}
              node={node}
              depth={depths[node.id] ?? 0}
              active={node === active}
              pick={() => {
                if (node !== active) setActiveKey(keyOf(node));
                picked(node);
              }}
              toggle={() => press(node)}
            />
          ))}
        </svg>
      </div>
    </div>
  );
}

/** A point of the tree, at full size, that is to stay where it is in the window. */
interface Anchor {
  readonly x: number;
  readonly y: number;
  readonly treeX: number;
  readonly treeY: number;
}

const A_DRAG = 4; // px; less is a click

/** Moves what a window shows along with the mouse; a touch screen does that by itself. The click at the end of it counts for nothing. */
function useDrag(frame: { readonly current: HTMLDivElement | null }) {
  const start = useRef<{ readonly x: number; readonly y: number; readonly left: number; readonly top: number } | null>(
    null,
  );
  const moved = useRef(false);
  return {
    onPointerDown: (event: PointerEvent) => {
      moved.current = false;
      if (event.pointerType !== "mouse" || event.button !== 0 || frame.current === null) return;
      start.current = {
        x: event.clientX,
        y: event.clientY,
        left: frame.current.scrollLeft,
        top: frame.current.scrollTop,
      };
    },
    onPointerMove: (event: PointerEvent) => {
      const from = start.current;
      if (from === null || frame.current === null) return;
      const [across, down] = [event.clientX - from.x, event.clientY - from.y];
      if (!moved.current && Math.hypot(across, down) < A_DRAG) return;
      if (!moved.current) frame.current.setPointerCapture(event.pointerId);
      moved.current = true;
      frame.current.scrollLeft = from.left - across;
      frame.current.scrollTop = from.top - down;
    },
    onPointerUp: () => {
      start.current = null;
    },
    onPointerCancel: () => {
      start.current = null;
    },
    onClickCapture: (event: MouseEvent) => {
      if (moved.current) event.stopPropagation();
      moved.current = false;
    },
  };
}
