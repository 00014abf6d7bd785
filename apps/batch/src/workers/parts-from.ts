import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { Allowance } from "./allowance.ts";

/**
 * What a task sends to its port, in that order, until it sends null. Each part is answered when it is taken, so that the task can wait for
 * whoever takes them. The task begins at once; where it fails, so does the next part. To be taken once; where nobody does, since something
 * else has failed, nothing is left that keeps the process alive once the task has ended.
 *
 * @param allowance for each part, as long as it is waited for and the task is `running`
 */
export function partsFrom<T>(
  begin: (port: MessagePort, running: () => void) => Promise<unknown>,
  allowance: Allowance,
): AsyncIterable<T> {
  const { port1, port2 } = new MessageChannel();
  const parts: (T | null)[] = [];
  let failure: { readonly error: unknown } | undefined;
  let wake: (() => void) | undefined;
  let isRunning = false;
  port1.on("message", (part: T | null) => {
    parts.push(part);
    if (part === null) port1.close();
    wake?.();
  });
  const running = (): void => {
    isRunning = true;
    if (wake !== undefined) allowance.begin();
  };
  begin(port2, running).catch((error: unknown) => {
    failure = { error };
    port1.close();
    wake?.();
  });
  return (async function* () {
    try {
      for (;;) {
        const part = parts.shift();
        if (part === null) return;
        if (part === undefined) {
          if (failure !== undefined) throw failure.error;
          if (isRunning) allowance.begin();
          await new Promise<void>((resolve) => (wake = resolve));
          wake = undefined;
          allowance.end();
        } else {
          yield part;
          port1.postMessage(null);
        }
      }
    } finally {
      allowance.end();
      port1.close();
    }
  })();
}
