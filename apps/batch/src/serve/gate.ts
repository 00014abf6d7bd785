import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { ApiFailure } from "@leastwise/api";

/** Who may come in. */
export interface GateOptions {
  /** The name or address that is bound. */
  readonly host: string;
  /** Null where everybody may who reaches a loopback address of this machine. */
  readonly token: string | null;
}

export type Passage =
  | { readonly type: "pass" }
  | { readonly type: "refuse"; readonly status: number; readonly body: ApiFailure }
  /** The link with the token was followed: the token goes into a cookie, and out of the address. */
  | { readonly type: "enter"; readonly cookie: string };

const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);
const COOKIE = "leastwise";

export function isLoopback(host: string): boolean {
  return LOOPBACK.has(host) || host === "::1";
}

/**
 * Looks at whoever asks, before anything is done: whether the browser was led here by a name that is not ours (DNS rebinding), whether another
 * site asks in a person's name, and whether it has the token.
 */
export function passage(request: IncomingMessage, path: string, query: URLSearchParams, options: GateOptions): Passage {
  const { headers, method } = request;
  if (method !== "GET" && method !== "HEAD")
    return refuse(405, "bad-method", "only GET and HEAD are answered", "nothing here is ever changed");
  if (!isOurs(headers.host, request.socket.localAddress, options.host))
    return refuse(
      421,
      "bad-host",
      "this is not the name of this server",
      "use the address that `leastwise serve` has printed",
    );
  if (headers.origin !== undefined && headers.origin.replace(/^https?:\/\//, "") !== headers.host)
    return refuse(403, "bad-origin", "another site asks", "open the page itself");
  if (!isOfSameSite(request)) return refuse(403, "bad-origin", "another site asks", "open the page itself");
  if (options.token === null) return { type: "pass" };
  const given = query.get("token");
  if (path === "/" && given !== null && isEqual(given, options.token))
    return { type: "enter", cookie: `${COOKIE}=${cookieValue(options.token)}; HttpOnly; SameSite=Strict; Path=/` };
  const bearer = /^Bearer (\S+)$/.exec(headers.authorization ?? "")?.[1];
  const cookie = new RegExp(`(?:^|; *)${COOKIE}=([0-9a-f]+)`).exec(headers.cookie ?? "")?.[1];
  const isKnown =
    (bearer !== undefined && isEqual(bearer, options.token)) ||
    (cookie !== undefined && isEqual(cookie, cookieValue(options.token)));
  return isKnown
    ? { type: "pass" }
    : refuse(401, "no-token", "this needs the token", "open the link that `leastwise serve` has printed");
}

/** A name that somebody else's DNS may point here is none of ours; an address cannot be pointed. */
function isOurs(header: string | undefined, localAddress: string | undefined, bound: string): boolean {
  const name = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::\d{1,5})?$/i.exec(header ?? "")?.[1]?.toLowerCase();
  if (name === undefined) return false;
  if (LOOPBACK.has(name) || name === bound.toLowerCase() || name === `[${bound.toLowerCase()}]`) return true;
  const local = localAddress?.replace(/^::ffff:/, "").toLowerCase();
  return local !== undefined && (name === local || name === `[${local}]`);
}

/** Browsers say where a request comes from. Following a link to the page is a person's own doing. */
function isOfSameSite({ headers }: IncomingMessage): boolean {
  const site = headers["sec-fetch-site"];
  if (site === undefined || site === "same-origin" || site === "none") return true;
  return headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
}

/** Not the token itself, so that whoever reads the cookie cannot give the link on. */
function cookieValue(token: string): string {
  return createHmac("sha256", token).update("leastwise cookie").digest("hex");
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** In a time that says nothing of where they differ. */
function isEqual(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function refuse(status: number, code: string, message: string, hint: string): Passage {
  return { type: "refuse", status, body: { code, message, hint } };
}
