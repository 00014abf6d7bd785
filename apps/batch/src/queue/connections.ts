import type { Redis } from "ioredis";
import { type QueueAddress, type Watch, connected } from "./connection.ts";

/** A connection with all that BullMQ makes of it for commands that wait, so that all of them can be ended. */
export interface Connections {
  readonly client: Redis;
  /** At once, whether the server is there or not. */
  readonly end: () => void;
}

const PING_MS = 5000;
/** A server that does not answer for so long is not at the other end any more; the system would notice that in a quarter of an hour. */
const SILENCE_MS = 10_000;

/** @throws Failure I/O when the server cannot be reached */
export async function openConnections(address: QueueAddress, watch: Watch): Promise<Connections> {
  const client = await connected(address, watch);
  const all = new Set<Redis>([client]);
  const duplicate = client.duplicate.bind(client);
  client.duplicate = (override) => {
    const another = duplicate(override);
    another.on("error", () => undefined); // the first connection has it too, and tells of it
    another.on("end", () => all.delete(another));
    all.add(another);
    return another;
  };
  const pinging = pingOften(client, () => {
    for (const each of all) each.disconnect(true); // and once more from the beginning
  });
  return {
    client,
    end: () => {
      clearInterval(pinging);
      for (const each of all) each.disconnect();
    },
  };
}

function pingOften(client: Redis, silent: () => void): NodeJS.Timeout {
  let since: number | null = null;
  const look = (): void => {
    if (since === null || performance.now() - since < SILENCE_MS) return;
    since = null;
    silent();
  };
  return setInterval(() => {
    if (since !== null) {
      setImmediate(() => setImmediate(look)); // this thread may have been busy itself: what has arrived meanwhile counts
      return;
    }
    if (client.status !== "ready") return;
    const sent = performance.now();
    since = sent;
    const answered = (): void => {
      if (since === sent) since = null;
    };
    client.ping().then(answered, answered);
  }, PING_MS).unref();
}
