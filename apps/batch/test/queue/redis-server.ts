/** A Redis of one's own: on a free port, in a folder of its own, ended and removed with the tests of the file. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll } from "vitest";
import { isInstalled } from "../is-installed.ts";

/** Where there is none, tests that need it are skipped by name. */
export const HAS_REDIS: boolean = isInstalled("redis", "redis-server", "the queue");

const stops: (() => Promise<void>)[] = [];
afterAll(async () => {
  await Promise.all(stops.map((stop) => stop()));
});

export interface RedisServer {
  readonly port: number;
  /** Without a password. */
  readonly url: string;
  /** For looking at what stands in it. */
  readonly client: Redis;
  /** Ends it in good order, or as a machine ends that loses its power, and starts it again; without what it had, where that is to be lost. */
  restart(how?: { readonly signal?: NodeJS.Signals; readonly isWiped?: boolean }): Promise<void>;
  stop(): Promise<void>;
}

/** @param settings more arguments of redis-server */
export async function startRedis(...settings: readonly string[]): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), "leastwise-redis-"));
  const port = await freePort();
  const isTls = settings.includes("--tls-port");
  const [, password] = settings.slice(
    settings.indexOf("--requirepass") < 0 ? settings.length : settings.indexOf("--requirepass"),
  );
  let server: ChildProcess;
  const start = async (): Promise<void> => {
    const own = isTls ? ["--port", "0"] : ["--port", String(port)];
    const told = settings.map((setting) => (setting === "PORT" ? String(port) : setting));
    server = spawn("redis-server", ["--bind", "127.0.0.1", "--dir", folder, "--save", "", ...own, ...told], {
      stdio: "ignore",
    });
  };
  await start();
  const client = new Redis({
    port,
    retryStrategy: () => 20,
    maxRetriesPerRequest: null,
    ...(isTls ? { tls: { rejectUnauthorized: false } } : {}),
    ...(password === undefined ? {} : { password }),
  });
  client.on("error", () => undefined); // it is not there yet, or just away
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, "exit");
    server.kill(signal);
    await ended;
  };
  const stop = async (): Promise<void> => {
    client.disconnect();
    await end("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  stops.push(stop);
  await client.ping();
  return {
    port,
    url: `redis${isTls ? "s" : ""}://127.0.0.1:${port}`,
    client,
    restart: async ({ signal = "SIGTERM", isWiped = false } = {}) => {
      await end(signal);
      if (isWiped) rmSync(join(folder, "appendonlydir"), { recursive: true, force: true });
      await start();
      await client.ping();
    },
    stop,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on a port
  server.close();
  await once(server, "close");
  return port;
}
