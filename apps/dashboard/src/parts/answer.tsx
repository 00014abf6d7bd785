import type { Table } from "@leastwise/api";
import { useMemo, useState } from "preact/hooks";
import { chartColumns } from "../text/chart-columns.ts";
import { tableCsv } from "../text/csv.ts";
import { count, counted, share } from "../text/numbers.ts";
import { DataTable, type Column, type Sorting } from "./data-table.tsx";
import { Fill } from "./numbers.tsx";
import { Name } from "./name.tsx";
import { Nothing } from "./states.tsx";

type Row = Table["rows"][number];
const BARS = 30;

/** The rows of an answer as a table that can be sorted, as bars where a text and a number make sense of it, and as CSV. */
export function Answer({ table, name }: { readonly table: Table; readonly name: string }) {
  const [sorting, setSorting] = useState<Sorting | undefined>(undefined);
  const [drawn, setDrawn] = useState(false);
  const rows = useMemo(() => sorted(table, sorting), [table, sorting]);
  const columns = useMemo(() => columnsOf(table), [table]);
  const chart = chartColumns(table);
  if (table.rows.length === 0)
    return <Nothing>No rows.{table.stopped === null ? "" : ` Stopped: ${table.stopped}.`}</Nothing>;
  return (
    <>
      <p class="list-tools">
        <span class="quiet" role="status">
          {counted(table.rows.length, "row")}
        </span>
        {table.stopped === null ? null : <span class="unknown-text">There is more: {table.stopped}.</span>}
        {chart === null ? null : (
          <button type="button" aria-pressed={drawn} onClick={() => setDrawn(!drawn)}>
            {drawn ? "Table" : "Bars"}
          </button>
        )}
        <button type="button" onClick={() => save(`${name}.csv`, tableCsv({ columns: table.columns, rows }))}>
          CSV
        </button>
      </p>
      {drawn && chart !== null ? (
        <BarChart rows={rows.slice(0, BARS)} all={rows.length} chart={chart} />
      ) : (
        <DataTable label="answer" columns={columns} rows={rows} over sorting={sorting} sort={setSorting} />
      )}
    </>
  );
}

function BarChart({
  rows,
  all,
  chart,
}: {
  readonly rows: readonly Row[];
  readonly all: number;
  readonly chart: { readonly text: number; readonly number: number };
}) {
  const valueOf = (row: Row): number => Number(row[chart.number] ?? 0);
  const largest = Math.max(...rows.map(valueOf), 0);
  return (
    <div class="chart">
      <table class="bars">
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              <th scope="row">
                <Name text={String(row[chart.text] ?? "")} cut />
              </th>
              <td class="bar-column">
                <span class="bar">
                  <Fill part={share(valueOf(row), largest)} class="kept" />
                </span>
              </td>
              <td class="numeric">{count(valueOf(row))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {all > rows.length ? (
        <p class="quiet">
          the first {count(rows.length)} of {count(all)}
        </p>
      ) : null}
    </div>
  );
}

function columnsOf(table: Table): readonly Column<Row>[] {
  return table.columns.map((title, at) => {
    const values = table.rows.slice(0, 200).map((row) => row[at] ?? null);
    const numeric =
      values.some((value) => typeof value === "number") &&
      values.every((value) => value === null || typeof value === "number");
    const longest = Math.max(title.length + 3, ...values.map((value) => String(value ?? "").length));
    return {
      id: String(at),
      title,
      width: `minmax(${Math.min(26, Math.max(5, longest * 0.62))}rem, ${numeric ? "0.6fr" : "1fr"})`,
      numeric,
      sort: String(at),
      cell: (row) => <Cell value={row[at] ?? null} />,
    };
  });
}

function Cell({ value }: { readonly value: string | number | null }) {
  if (value === null) return <span class="quiet">null</span>;
  return typeof value === "number" ? (
    <>{Number.isInteger(value) ? count(value) : String(value)}</>
  ) : (
    <Name text={value} cut />
  );
}

function sorted(table: Table, sorting: Sorting | undefined): readonly Row[] {
  if (sorting === undefined) return table.rows;
  const at = Number(sorting.by);
  const sign = sorting.descending ? -1 : 1;
  return table.rows.toSorted((a, b) => sign * compare(a[at] ?? null, b[at] ?? null));
}

function compare(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return Number(b === null) - Number(a === null);
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a) < String(b) ? -1 : Number(String(a) > String(b));
}

function save(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000); // the browser has begun to save it by then
}
