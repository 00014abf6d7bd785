import { createColumnHelper, rowSortingFeature, tableFeatures, useTable } from "@tanstack/preact-table";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { count } from "../text/numbers.ts";
import { useVirtual } from "./use-virtual.ts";

export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** A track of a CSS grid: `minmax(12rem, 2fr)`. */
  readonly width: string;
  readonly numeric?: boolean;
  /** The name by which the list can be sorted by it. */
  readonly sort?: string;
  readonly cell: (row: Row) => ComponentChildren;
}

export interface Sorting {
  readonly by: string;
  readonly descending: boolean;
}

const ROW_HEIGHT = 32; // px, as in table.css
const FEATURES = tableFeatures({ rowSortingFeature });

/**
 * A table of any length, of which only the rows that can be seen are there. The first column's link is what Enter opens; up, down, page up, page down, home
 * and end go through the rows. Sorted by whoever gives the rows.
 */
export function DataTable<Row extends object>({
  label,
  columns,
  rows,
  over,
  sorting,
  sort,
  reach,
  start = 0,
  scrolled,
  foot,
}: {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Whether these are all. */
  readonly over: boolean;
  readonly sorting?: Sorting | undefined;
  readonly sort?: (sorting: Sorting) => void;
  /** Called with how many rows it would like to have. */
  readonly reach?: (rows: number) => void;
  readonly start?: number;
  readonly scrolled?: (offset: number) => void;
  readonly foot?: ComponentChildren;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const wantsFocus = useRef(false);
  const [active, setActive] = useState(0);
  const virtual = useVirtual(scroller, { rows: rows.length, rowHeight: ROW_HEIGHT, start, header: ROW_HEIGHT });
  const last = virtual.items.at(-1)?.index ?? 0;
  useLayoutEffect(() => reach?.(last + 100));

  const definitions = useMemo(() => {
    const helper = createColumnHelper<typeof FEATURES, Row>();
    return columns.map((column) =>
      helper.accessor((): unknown => null, {
        // without an accessor no column can be sorted by
        id: column.sort ?? column.id,
        header: column.title,
        enableSorting: column.sort !== undefined,
        cell: ({ row }) => column.cell(row.original),
        meta: column,
      }),
    );
  }, [columns]);
  const seen = virtual.items.map(({ index }) => rows[index]).filter((row) => row !== undefined); // not flattened: a row may be a list itself
  const table = useTable({
    features: FEATURES,
    columns: definitions,
    data: seen, // the model of what is seen; the rest is the server's
    manualSorting: true,
    enableSortingRemoval: false,
    state: { sorting: sorting === undefined ? [] : [{ id: sorting.by, desc: sorting.descending }] },
    onSortingChange: (update) => {
      const before = sorting === undefined ? [] : [{ id: sorting.by, desc: sorting.descending }];
      const next = (typeof update === "function" ? update(before) : update)[0];
      if (next !== undefined) sort?.({ by: next.id, descending: next.desc });
    },
  });

  const current = Math.min(active, Math.max(0, rows.length - 1));
  useLayoutEffect(() => {
    for (const row of scroller.current?.querySelectorAll<HTMLElement>("[data-row]") ?? []) {
      const tabIndex = row.dataset["row"] === String(current) ? 0 : -1; // one row is in the order of the tab key, arrows lead to the others
      for (const target of row.querySelectorAll<HTMLElement>("a, button")) target.tabIndex = tabIndex;
    }
    if (!wantsFocus.current) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-row="${current}"]`);
    if (row === null || row === undefined) return;
    wantsFocus.current = false;
    (row.querySelector<HTMLElement>("a, button") ?? row).focus({ preventScroll: true });
  });
  const moveTo = (index: number): void => {
    const to = Math.max(0, Math.min(rows.length - 1, index));
    wantsFocus.current = true;
    setActive(to);
    virtual.show(to);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 2);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: rows.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined || rows.length === 0) return;
    event.preventDefault();
    moveTo(to);
  };

  const offset = virtual.items[0]?.start ?? 0;
  return (
    <div
      class="table-scroller"
      ref={scroller}
      onScroll={(event) => scrolled?.(event.currentTarget.scrollTop)}
      onKeyDown={onKeyDown}
      data-list
    >
      <div
        class="table"
        role="table"
        aria-label={label}
        aria-rowcount={over ? rows.length + 1 : -1}
        style={{ "--tracks": columns.map(({ width }) => width).join(" ") }}
      >
        <div role="rowgroup" class="table-head">
          {table.getHeaderGroups().map((group) => (
            <div key={group.id} role="row" class="table-row" aria-rowindex={1}>
              {group.headers.map((header) => {
                const column = columns[header.index];
                const sorted = header.column.getIsSorted();
                return (
                  <div
                    key={header.id}
                    role="columnheader"
                    class={column?.numeric === true ? "cell numeric" : "cell"}
                    aria-sort={sorted === "asc" ? "ascending" : sorted === "desc" ? "descending" : "none"}
                  >
                    {header.column.getCanSort() && sort !== undefined ? (
                      <button
                        type="button"
                        onClick={() =>
                          header.column.toggleSorting(sorted === false ? column?.numeric === true : sorted === "asc")
                        }
                      >
                        {column?.title}
                        <span class="sort-sign" aria-hidden="true">
                          {sorted === "asc" ? "↑" : sorted === "desc" ? "↓" : ""}
                        </span>
                      </button>
                    ) : (
                      column?.title
                    )}
                  </div>
                );
              })}
            </div>
          ))}
        </div>
        <div role="rowgroup" class="table-body" style={{ height: `${virtual.height}px` }}>
          <div class="table-seen" role="presentation" style={{ transform: `translateY(${offset}px)` }}>
            {table.getRowModel().rows.map((row, at) => {
              const index = virtual.items[at]?.index ?? 0;
              return (
                <div
                  key={index}
                  role="row"
                  class={index === current ? "table-row active" : "table-row"}
                  aria-rowindex={index + 2}
                  data-row={index}
                  onFocusCapture={() => setActive(index)}
                >
                  {row.getAllCells().map((cell, place) => (
                    <div key={cell.id} role="cell" class={columns[place]?.numeric === true ? "cell numeric" : "cell"}>
                      {columns[place]?.cell(row.original)}
                    </div>
                  ))}
                </div>
              );
            })}
          </div>
        </div>
      </div>
      {foot === undefined ? null : <div class="table-foot">{foot}</div>}
      <span class="visually-hidden" role="status">
        {over ? `${count(rows.length)} rows` : ""}
      </span>
    </div>
  );
}
