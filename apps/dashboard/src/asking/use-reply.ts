import type { ApiFailure, ApiName, Ask, Reply } from "@leastwise/api";
import { useCallback, useEffect, useState } from "preact/hooks";
import { canonicalQuery, type Query } from "../routing/route.ts";
import { failureOf } from "./failure.ts";
import { client } from "./open-client.ts";

/** How an ask stands. While a new one is under way the reply to the one before is still there, and `busy` says so. */
export interface Asked<Name extends ApiName> {
  readonly reply: Reply<Name> | null;
  readonly failure: ApiFailure | null;
  readonly busy: boolean;
  readonly again: () => void;
}

const KEPT = 60;
const kept = new Map<string, unknown>();

/** Asks, again whenever `ask` changes; what is superseded is aborted. `null` asks nothing. Replies are kept for the back button, the latest 60. */
export function useReply<Name extends ApiName>(name: Name, ask: Ask<Name> | null): Asked<Name> {
  const key = ask === null ? null : `${name}?${canonicalQuery(ask as Query)}`; // an ask is names and texts
  const [state, setState] = useState<{ key: string | null; reply: Reply<Name> | null; failure: ApiFailure | null }>(
    () => ({ key, reply: remembered<Name>(key), failure: null }),
  );
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (key === null || ask === null) return;
    const before = remembered<Name>(key);
    if (before !== null && attempt === 0) {
      setState({ key, reply: before, failure: null });
      return;
    }
    const abort = new AbortController();
    client.ask(name, ask, abort.signal).then(
      (reply) => {
        remember(key, reply);
        return setState({ key, reply, failure: null });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setState({ key, reply: null, failure: failureOf(error) });
      },
    );
    return () => abort.abort();
    // eslint-disable-next-line react/exhaustive-deps -- `key` is all that `name` and `ask` say
  }, [key, attempt]);
  const again = useCallback(() => {
    if (key !== null) kept.delete(key);
    setState((now) => ({ ...now, failure: null }));
    setAttempt((now) => now + 1);
  }, [key]);
  const current = state.key === key;
  return {
    reply: state.reply,
    failure: current ? state.failure : null,
    busy: key !== null && (!current || (state.reply === null && state.failure === null)),
    again,
  };
}

function remembered<Name extends ApiName>(key: string | null): Reply<Name> | null {
  return key === null ? null : ((kept.get(key) as Reply<Name> | undefined) ?? null); // it was put there under this name
}

function remember(key: string, reply: unknown): void {
  kept.delete(key);
  kept.set(key, reply);
  const oldest = kept.keys().next();
  if (kept.size > KEPT && oldest.done !== true) kept.delete(oldest.value);
}
