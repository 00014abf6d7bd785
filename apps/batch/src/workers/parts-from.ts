import { MessageChannel, type MessagePort } from "node:worker_threads";

/**
 * What a task sends to its port, in that order, until it sends null. Each part is answered when it is taken, so that the task can wait for
 * whoever takes them. The task begins at once; where it fails, so does the next part. To be taken once; where nobody does, since something
 * else has failed, nothing is left that keeps the process alive once the task has ended.
 */
export function partsFrom<T>(begin: (port: MessagePort) => Promise<unknown>): AsyncIterable<T> {
  const { port1, port2 } = new MessageChannel();
  const parts: (T | null)[] = [];
  let failure: { readonly error: unknown } | undefined;
  let wake: (() => void) | undefined;
  port1.on("message", (part: T | null) => {
    parts.push(part);
    if (part === null) port1.close();
    wake?.();
  });
  begin(port2).catch((error: unknown) => {
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
          await new Promise<void>((resolve) => (wake = resolve));
        } else {
          yield part;
          port1.postMessage(null);
        }
      }
    } finally {
      port1.close();
    }
  })();
}
