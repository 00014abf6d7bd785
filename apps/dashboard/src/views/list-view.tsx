import type { Ask } from "@leastwise/api";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ListName, RowOf } from "../asking/use-rows.ts";
import { useRows } from "../asking/use-rows.ts";
import { client } from "../asking/open-client.ts";
import { DataTable, type Column, type Sorting } from "../parts/data-table.tsx";
import { Name } from "../parts/name.tsx";
import { Failed } from "../parts/states.tsx";
import { change } from "../routing/location.ts";
import type { Route } from "../routing/route.ts";
import { count } from "../text/numbers.ts";

/** A filter of a list: a choice where it has options; otherwise it comes by a link and is taken out here. */
export interface Filter {
  readonly name: string;
  readonly title: string;
  readonly options?: readonly (readonly [value: string, title: string])[];
}

export interface ListSpec<Name extends ListName> {
  readonly name: Name;
  readonly title: string;
  /** Where the title is not all of it. */
  readonly heading?: ComponentChildren;
  readonly explain: ComponentChildren;
  /** Beside the filters. */
  readonly tools?: ComponentChildren;
  readonly columns: readonly Column<RowOf<Name>>[];
  readonly filters: readonly Filter[];
  readonly sorting?: Sorting;
  readonly searchFor?: string;
  /** What there is besides the filters in the address. */
  readonly ask?: (query: Readonly<Record<string, string>>) => Readonly<Record<string, string>>;
}

/** A list with its search, filters and order, all of them in the address. */
export function ListView<Name extends ListName>({
  spec,
  route,
}: {
  readonly spec: ListSpec<Name>;
  readonly route: Route;
}) {
  const { query } = route;
  const sorting = sortingOf(query, spec.sorting);
  const ask = askOf(spec, query, sorting);
  const { key, list, loader } = useRows(spec.name, ask);
  const loaded = loader.loaded();
  const csv = client.csv(spec.name, ask);
  const searching = (query["q"] ?? "") !== "";
  return (
    <section class="list-view">
      <header class="list-head">
        <h1>{spec.heading ?? spec.title}</h1>
        <p class="quiet list-count" role="status">
          {progress(loaded, searching, list.cut)}
        </p>
        <p class="explain">{spec.explain}</p>
      </header>
      <div class="list-tools" role="search" aria-label={`${spec.title}: search and filters`}>
        <Search
          key={spec.name}
          value={query["q"] ?? ""}
          label={spec.searchFor ?? `search ${spec.title.toLowerCase()}`}
        />
        {spec.tools}
        {spec.filters.map((filter) => (
          <FilterControl key={filter.name} filter={filter} value={query[filter.name] ?? ""} />
        ))}
        {csv === null ? null : (
          <a class="button" href={csv} download={`${spec.name}.csv`}>
            CSV
          </a>
        )}
      </div>
      {loaded.failure === null ? null : <Failed failure={loaded.failure} again={loader.retry} />}
      {loaded.failure !== null && loaded.rows.length === 0 ? null : (
        <DataTable
          key={key}
          label={spec.title}
          columns={spec.columns}
          rows={loaded.rows}
          over={loaded.over}
          sorting={sorting}
          sort={({ by, descending }) => change({ sort: by, order: descending ? "desc" : "asc" })}
          reach={loader.reach}
          start={list.scrolled}
          scrolled={(offset) => {
            list.scrolled = offset;
          }}
          foot={foot(loaded, searching, list.cut)}
        />
      )}
    </section>
  );
}

type Progress = Pick<
  ReturnType<ReturnType<typeof useRows>["loader"]["loaded"]>,
  "rows" | "total" | "looked" | "over" | "busy"
>;

function progress({ rows, total, looked, over, busy }: Progress, searching: boolean, cut: boolean): string {
  if (searching && busy) return `searching… ${count(rows.length)} found among the first ${count(looked)}`;
  if (cut)
    return searching
      ? `${count(rows.length)} found among the first ${count(looked)}`
      : `the first ${count(rows.length)}${total === null ? "" : ` of ${count(total)}`}`;
  if (over) return searching ? `${count(rows.length)} found` : count(rows.length);
  if (total !== null && !searching) return count(total);
  return rows.length === 0 ? "" : `${count(rows.length)} so far`;
}

function foot({ rows, over, busy }: Progress, searching: boolean, cut: boolean): ComponentChildren {
  if (busy) return searching ? "searching…" : "loading…";
  if (!over) return undefined;
  if (cut) return "The report holds no more of them. `leastwise serve` shows them all.";
  if (rows.length > 0) return undefined;
  return searching ? "Nothing is called so. Look for less, or take a filter out." : "Nothing here.";
}

function sortingOf(query: Readonly<Record<string, string>>, initial: Sorting | undefined): Sorting | undefined {
  const by = query["sort"];
  return by === undefined ? initial : { by, descending: query["order"] === "desc" };
}

function askOf<Name extends ListName>(
  spec: ListSpec<Name>,
  query: Readonly<Record<string, string>>,
  sorting: Sorting | undefined,
): Ask<Name> {
  const asked: Record<string, string> = {};
  for (const name of ["run", "q", ...spec.filters.map((filter) => filter.name)]) {
    const value = query[name];
    if (value !== undefined) asked[name] = value;
  }
  if (sorting !== undefined) Object.assign(asked, { sort: sorting.by, order: sorting.descending ? "desc" : "asc" });
  return { ...asked, ...spec.ask?.(query) }; // the server says where an address has a value that is none
}

const PAUSE = 180; // ms without a letter before it searches

function Search({ value, label }: { readonly value: string; readonly label: string }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => change({ q: text }, "replace"), PAUSE);
    return () => clearTimeout(timer);
  }, [text, value]);
  return (
    <input
      type="search"
      class="list-search"
      aria-label={label}
      placeholder={label}
      value={text}
      spellcheck={false}
      maxLength={400}
      onInput={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== "ArrowDown") return;
        event.preventDefault();
        document.querySelector<HTMLElement>("[data-list] [data-row] :is(a, button)")?.focus();
      }}
    />
  );
}

function FilterControl({
  filter: { name, title, options },
  value,
}: {
  readonly filter: Filter;
  readonly value: string;
}) {
  if (options !== undefined) {
    return (
      <label class={value === "" ? "filter" : "filter set"}>
        <span>{title}</span>
        <select value={value} onChange={(event) => change({ [name]: event.currentTarget.value })}>
          <option value="">any</option>
          {options.map(([option, words]) => (
            <option key={option} value={option}>
              {words}
            </option>
          ))}
        </select>
      </label>
    );
  }
  if (value === "") return null;
  return (
    <button
      type="button"
      class="chip"
      onClick={() => change({ [name]: undefined })}
      aria-label={`${title} ${value}: take this filter out`}
    >
      <span class="quiet">{title}</span> <Name text={value} cut /> <span aria-hidden="true">×</span>
    </button>
  );
}
