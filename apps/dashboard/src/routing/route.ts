/** A place on the page: what stands behind `#` of its address. All of it is there, so that a link shows to others what one sees oneself. */
export interface Route {
  /** `/policies` */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

/** Values of a query; those that are undefined or empty are left out. */
export type Query = Readonly<Record<string, string | undefined>>;

/** Reads what `location.hash` says. What is no route, such as a broken percent sign, is the first page. Of a name said twice the last counts. */
export function parseRoute(hash: string): Route {
  const text = hash.replace(/^#/u, "");
  const mark = text.indexOf("?");
  const path = mark < 0 ? text : text.slice(0, mark);
  const query: Record<string, string> = {};
  if (mark >= 0) for (const [name, value] of new URLSearchParams(text.slice(mark + 1))) query[name] = value;
  return { path: path.startsWith("/") ? path : "/", query };
}

/** The address of a place, in a form that is the same for the same place: names in order, empty values left out. */
export function routeHash(path: string, query: Query = {}): string {
  const text = canonicalQuery(query);
  return text === "" ? `#${path}` : `#${path}?${text}`;
}

/** Names in order and empty values left out: the key of a reply, in a report too. */
export function canonicalQuery(query: Query): string {
  const parameters = new URLSearchParams();
  for (const name of Object.keys(query).toSorted()) {
    const value = query[name];
    if (value !== undefined && value !== "") parameters.append(name, value);
  }
  return parameters.toString();
}
