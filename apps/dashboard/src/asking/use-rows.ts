import type { ApiName, Ask, Page, Reply } from "@leastwise/api";
import { useEffect, useMemo, useState } from "preact/hooks";
import { canonicalQuery, type Query } from "../routing/route.ts";
import { client } from "./open-client.ts";
import { createRowLoader, type RowLoader } from "./row-loader.ts";

/** What the page can ask for as a list. */
export type ListName = { [Name in ApiName]: Reply<Name> extends Page<unknown> ? Name : never }[ApiName];
export type RowOf<Name extends ListName> = Extract<Reply<Name>, Page<object>>["rows"][number];

const AT_A_TIME = "200";
const KEPT = 8;

interface Kept {
  readonly loader: RowLoader<unknown>;
  changed: () => void;
  /** Whether there are more rows, which a report does not hold. */
  cut: boolean;
  /** Where its reader had scrolled to, in pixels. */
  scrolled: number;
}
const kept = new Map<string, Kept>();

/** The rows of a list so far, and how to have more. Lists that were left are kept for the back button, the latest 8, with where one was in them. */
export function useRows<Name extends ListName>(
  name: Name,
  ask: Ask<Name>,
): { key: string; list: Kept; loader: RowLoader<RowOf<Name>> } {
  const key = `${name}?${canonicalQuery(ask as Query)}`; // an ask is names and texts
  const [, redraw] = useState(0);
  const list = useMemo(() => {
    const found = kept.get(key) ?? open(name, ask);
    kept.delete(key);
    kept.set(key, found);
    for (const [oldest, { loader }] of kept) {
      if (kept.size <= KEPT) break;
      loader.stop();
      kept.delete(oldest);
    }
    return found;
    // eslint-disable-next-line react/exhaustive-deps -- `key` is all that `name` and `ask` say
  }, [key]);
  useEffect(() => {
    list.changed = () => redraw((now) => now + 1);
    list.changed();
    return () => {
      list.changed = () => undefined;
      if (!list.loader.loaded().busy) return;
      list.loader.stop(); // superseded
      if (kept.get(key) === list) kept.delete(key);
    };
  }, [key, list]);
  return { key, list, loader: list.loader as RowLoader<RowOf<Name>> }; // it was opened under this name
}

function open<Name extends ListName>(name: Name, ask: Ask<Name>): Kept {
  const list: Kept = {
    loader: createRowLoader<unknown>(
      async (after, signal) => {
        const page = await client.ask(
          name,
          { ...ask, limit: AT_A_TIME, ...(after === undefined ? {} : { after }) },
          signal,
        );
        if (client.report === null || page.next === null) return page;
        list.cut = true;
        return { ...page, next: null }; // in a report it leads nowhere
      },
      () => list.changed(),
    ),
    changed: () => undefined,
    cut: false,
    scrolled: 0,
  };
  return list;
}
