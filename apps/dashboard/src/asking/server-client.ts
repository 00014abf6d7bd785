import type { ApiFailure, ApiName, Ask, Reply } from "@leastwise/api";
import { canonicalQuery, type Query } from "../routing/route.ts";
import { createStore, type Store } from "../state/store.ts";
import type { Client } from "./client.ts";
import { AskFailure } from "./failure.ts";

/** Since when nobody answers; null while somebody does. */
export const gone: Store<number | null> = createStore<number | null>(null);

const FIRST_WAIT = 400; // ms
const LONGEST_WAIT = 4000; // ms

/**
 * The program that serves this page, asked over HTTP. Where nobody answers it is asked again, after 0.4 s, then after twice as long, 4 s at the most, for
 * as long as the question stands; `gone` says so.
 */
export function serverClient(fetcher: typeof fetch = (...given) => fetch(...given)): Client {
  return {
    ask: async <Name extends ApiName>(name: Name, ask: Ask<Name>, signal: AbortSignal) => {
      const reply = await untilAnswered(() => request(fetcher, address(name, ask), signal), signal);
      return reply as Reply<Name>; // the contract's word: both sides are built from the same types
    },
    csv: (name, ask) => address(`${name}.csv`, ask),
    report: null,
  };
}

function address(name: string, ask: object): string {
  const query = canonicalQuery(ask as Query); // an ask is names and texts
  return `api/${name}${query === "" ? "" : `?${query}`}`;
}

async function request(fetcher: typeof fetch, url: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetcher(url, { signal, headers: { accept: "application/json" } });
  const text = await response.text();
  const body = parsed(text);
  if (response.ok && body !== undefined) return body;
  throw new AskFailure(response.status, isFailure(body) ? body : wordsFor(response.status));
}

async function untilAnswered(attempt: () => Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  for (let wait = FIRST_WAIT; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
    try {
      const reply = await attempt();
      gone.set(null);
      return reply;
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof AskFailure) {
        gone.set(null);
        throw error;
      }
      if (gone.get() === null) gone.set(Date.now()); // fetch rejects only where no answer came
      await pause(wait, signal);
    }
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason instanceof Error ? signal.reason : new Error("aborted"));
    });
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a proxy's page, for instance; the status says what there is to say
  }
}

function isFailure(body: unknown): body is ApiFailure {
  return typeof body === "object" && body !== null && "code" in body && "message" in body && "hint" in body;
}

function wordsFor(status: number): ApiFailure {
  if (status === 401 || status === 403)
    return {
      code: "NOT_ALLOWED",
      message: "the program does not know this browser",
      hint: "open the address that it printed, with the token",
    };
  return {
    code: `HTTP_${status}`,
    message: `the answer was status ${status}`,
    hint: "look at what the program printed",
  };
}
