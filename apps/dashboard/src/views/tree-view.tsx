import type { Route } from "../routing/route.ts";
export function TreeView(_: { readonly route: Route }) { return null; }
