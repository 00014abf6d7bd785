import type { Folding, PlacedNode } from "@leastwise/pictures";
import type { Query } from "../routing/route.ts";

/** How far a tree is unfolded, as the address has it: prefixes that are open or closed against what the picture would do by itself. */
export function foldingOf(query: Query): Folding {
  const open = prefixesOf(query["open"]);
  const closed = prefixesOf(query["closed"]);
  return query["all"] === "yes" ? { rows: Infinity, closed } : { open, closed };
}

/** The same with one node opened or closed; null where there is nothing to open or close. */
export function toggled(query: Query, { state, prefix }: Pick<PlacedNode, "state" | "prefix">): Query | null {
  if (state === "leaf") return null;
  const open = new Set(prefixesOf(query["open"]));
  const closed = new Set(prefixesOf(query["closed"]));
  const [into, outOf] = state === "closed" ? [open, closed] : [closed, open];
  into.add(prefix);
  outOf.delete(prefix);
  return { open: textOf(open), closed: textOf(closed) };
}

function prefixesOf(text: string | undefined): readonly string[] {
  if (text === undefined || text === "") return [];
  return text.split(",").map((prefix) => prefix.replace(/%2C|%25/gu, (escape) => (escape === "%25" ? "%" : ",")));
}

/** Prefixes with commas between them; a comma in one, which only a hostile name has, stands as `%2C`. */
function textOf(prefixes: ReadonlySet<string>): string {
  return [...prefixes].map((prefix) => prefix.replaceAll("%", "%25").replaceAll(",", "%2C")).join(",");
}
