import { createStore, type Store } from "../state/store.ts";
import { parseRoute, routeHash, type Query, type Route } from "./route.ts";

/** Where the page is. */
export const route: Store<Route> = createStore(parseRoute(location.hash));

addEventListener("hashchange", () => route.set(parseRoute(location.hash)));

/** The address of a place in the run that is shown. */
export function link(path: string, query: Query = {}): string {
  return routeHash(path, { run: route.get().query["run"], ...query });
}

/** Goes there. `replace`: without a step for the back button, as for each letter of a search. */
export function go(hash: string, how: "push" | "replace" = "push"): void {
  if (hash === location.hash) return;
  if (how === "push") location.hash = hash;
  else {
    history.replaceState(history.state, "", hash);
    route.set(parseRoute(hash));
  }
}

/** Changes some values of the query of the place where the page is; `undefined` takes one out. */
export function change(values: Query, how: "push" | "replace" = "push"): void {
  const { path, query } = route.get();
  go(routeHash(path, { ...query, ...values }), how);
}
