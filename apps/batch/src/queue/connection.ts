import { Redis, type RedisOptions } from "ioredis";
import { EXIT, Failure } from "../exit-code.ts";

/** Where the queue is, and how it may be told of. */
export interface QueueAddress {
  /** Without user and password. */
  readonly shown: string;
  readonly options: RedisOptions;
  /** A text in which the password, should it stand there, does not. */
  readonly redacted: (text: string) => string;
}

/** What is said when the server goes away and when it is back. */
export interface Watch {
  away(reason: string): void;
  back(): void;
  /** It does not let this program in any more. */
  refused(error: Failure): void;
}

const CONNECT_MS = 10_000;
const LONGEST_WAIT_MS = 2000;
const NOT_LET_IN = /\b(?:WRONGPASS|NOAUTH|NOPERM)\b/;

/**
 * Reads the URL of a queue: `redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE]`, or `rediss://` for TLS, with certificates that Node trusts
 * (`NODE_EXTRA_CA_CERTS` adds to them).
 *
 * @throws Failure usage, also where there is none; it never repeats what it could not read, since a password may stand in it
 */
export function queueAddress(text: string | undefined): QueueAddress {
  if (text === undefined) {
    throw new Failure(
      EXIT.usage,
      "it is not said where the queue is",
      "give --queue redis://HOST:PORT, or set LEASTWISE_QUEUE",
    );
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isKnown = url?.protocol === "redis:" || url?.protocol === "rediss:";
  const database = /^\/?(\d{1,5})?$/.exec(url?.pathname ?? "");
  if (url === undefined || !isKnown || url.hostname === "" || database === null || url.search + url.hash !== "") {
    throw new Failure(
      EXIT.usage,
      "the URL of the queue cannot be read",
      "give redis://HOST:PORT, or rediss://USER:PASSWORD@HOST:PORT/DATABASE with signs such as @ as %40; LEASTWISE_QUEUE keeps it out of the list of processes",
    );
  }
  const [username, password] = [decoded(url.username), decoded(url.password)];
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const port = url.port === "" ? 6379 : Number(url.port);
  const secrets = [password, url.password].filter((secret) => secret !== "");
  return {
    shown: `${url.protocol}//${url.hostname}:${port}${url.pathname === "/" ? "" : url.pathname}`,
    options: {
      host,
      port,
      db: Number(database[1] ?? 0),
      ...(username === "" ? {} : { username }),
      ...(password === "" ? {} : { password }),
      ...(url.protocol === "rediss:" ? { tls: {} } : {}),
      maxRetriesPerRequest: null, // who waits for an answer waits until the server is back
      connectTimeout: CONNECT_MS,
      keepAlive: CONNECT_MS,
    },
    redacted: (said) => secrets.reduce((result, secret) => result.replaceAll(secret, "***"), said),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone per cent sign stands for itself
  }
}

/**
 * A connection that is there. From then on it comes back by itself, with longer and longer pauses up to 2 s, and so do those that are
 * duplicated from it.
 *
 * @throws Failure I/O when nobody answers, or not to this program
 */
export async function connected(address: QueueAddress, watch: Watch): Promise<Redis> {
  let isUp = false;
  let isAway = false;
  let last: Error | undefined;
  const client = new Redis({
    ...address.options,
    lazyConnect: true,
    retryStrategy: (times) => (isUp ? Math.min(100 * 2 ** times, LONGEST_WAIT_MS) : null),
  });
  client.on("error", (error: Error) => {
    last = error;
    if (isUp && NOT_LET_IN.test(error.message)) watch.refused(unreachable(address, error));
  });
  client.on("close", () => {
    if (!isUp || isAway || client.status === "end") return;
    isAway = true;
    watch.away(address.redacted(last?.message ?? "the connection was closed"));
  });
  client.on("ready", () => {
    if (isAway) watch.back();
    isAway = false;
    last = undefined;
  });
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    client.disconnect();
    throw unreachable(address, last ?? error);
  }
  isUp = true;
  return client;
}

function unreachable({ shown, redacted }: QueueAddress, error: unknown): Failure {
  const message = redacted(error instanceof Error ? reasonFor(error) : String(error));
  const hint = NOT_LET_IN.test(message)
    ? "user and password stand in the URL, percent-encoded: redis://USER:PASSWORD@HOST:PORT"
    : "check host, port and TLS (rediss://); NODE_EXTRA_CA_CERTS names a file with certificates to trust";
  return new Failure(EXIT.io, `the queue ${shown} cannot be reached: ${message}`, hint); // no cause: a server's answer carries the command with it
}

/** Several addresses of one host fail in one error that says nothing itself. */
function reasonFor(error: Error): string {
  const [first] = error instanceof AggregateError ? (error.errors as readonly unknown[]) : [];
  return first instanceof Error ? first.message : error.message;
}
