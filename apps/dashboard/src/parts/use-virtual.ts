import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualItem,
} from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

export interface Virtual {
  readonly items: readonly VirtualItem[];
  readonly height: number;
  readonly show: (index: number) => void;
}

/** Which of `rows` rows of the same height can be seen in `scroller`. `start` is where to begin, in pixels. */
export function useVirtual(
  scroller: RefObject<HTMLElement>,
  { rows, rowHeight, start, header }: { rows: number; rowHeight: number; start: number; header: number },
): Virtual {
  const [, redraw] = useState(0);
  const options = {
    count: rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    initialOffset: start,
    scrollPaddingStart: header,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => redraw((now) => now + 1),
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  return {
    items: virtualizer.getVirtualItems(),
    height: virtualizer.getTotalSize(),
    show: (index) => virtualizer.scrollToIndex(index, { align: "auto" }),
  };
}
