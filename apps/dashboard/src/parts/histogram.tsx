import type { Overview } from "@leastwise/api";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { go } from "../routing/location.ts";
import { theme } from "../state/theme.ts";
import { useStore } from "../state/store.ts";
import { count, short } from "../text/numbers.ts";

type Step = Overview["distribution"][number];
const HEIGHT = 190;

/** Attached policies by the share of their actions that goes. A bar leads to its policies; the table beside it says and does the same without a picture. */
export function Histogram({ steps, href }: { readonly steps: readonly Step[]; readonly href: (step: Step) => string }) {
  const place = useRef<HTMLDivElement>(null);
  const dress = useStore(theme);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const colour = (name: string): string => getComputedStyle(element).getPropertyValue(name).trim();
    const resolve = (name: string): string => resolved(element, colour(name));
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
        scales: {
          x: { time: false, range: [0, 100] },
          y: { range: (_plot, _low, high) => [0, Math.max(1, high * 1.08)] },
        },
        axes: [
          {
            stroke: resolve("--quiet"),
            grid: { show: false },
            ticks: { show: false },
            size: 26,
            font: "11px system-ui",
            splits: () => [0, 20, 40, 60, 80, 100],
            values: (_plot, values) => values.map((value) => `${value} %`),
          },
          {
            stroke: resolve("--quiet"),
            grid: { stroke: resolve("--line"), width: 1 },
            ticks: { show: false },
            size: 44,
            font: "11px system-ui",
            values: (_plot, values) => values.map((value) => (Number.isInteger(value) ? short(value) : "")),
          },
        ],
        series: [
          {},
          {
            fill: resolve("--removed-solid"),
            stroke: resolve("--removed-solid"),
            width: 0,
            points: { show: false },
            paths: uPlot.paths.bars?.({ size: [0.86, 60], align: 1 }) ?? (() => null),
          },
        ],
      },
      [
        [...steps.map(({ from }) => from), 100],
        [...steps.map(({ attachments }) => attachments), null],
      ],
      element,
    );
    const choose = (event: MouseEvent): void => {
      const at = plot.posToVal(event.clientX - plot.over.getBoundingClientRect().left, "x");
      const step = steps.find(({ from, below }, index) => at >= from && (at < below || index === steps.length - 1));
      if (step !== undefined) go(href(step));
    };
    plot.over.addEventListener("click", choose);
    const resized = new ResizeObserver(() => {
      if (element.clientWidth > 0 && element.clientWidth !== plot.width)
        plot.setSize({ width: element.clientWidth, height: HEIGHT });
    });
    resized.observe(element);
    return () => {
      resized.disconnect();
      plot.destroy();
    };
  }, [steps, href, dress]);
  return (
    <div class="histogram">
      <div class="plot" ref={place} aria-hidden="true" />
      <ul class="steps" aria-label="attached policies by the share of their actions that goes">
        {steps.map((step) => (
          <li key={step.from}>
            <a href={href(step)}>
              <span>
                {step.from}–{step.below} %
              </span>
              <strong>{count(step.attachments)}</strong>
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A canvas does not know `light-dark()`; a style does. */
function resolved(element: HTMLElement, value: string): string {
  const probe = document.createElement("span");
  probe.style.color = value;
  element.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}
