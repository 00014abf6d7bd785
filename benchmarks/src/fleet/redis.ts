import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

const HOST = "127.0.0.1";

/** A Redis of one's own, with an append-only file that is written every second. */
export interface Redis {
  readonly port: number;
  readonly url: string;
  /** Of the server that runs now. */
  readonly pid: () => number;
  /** Ends it as a machine ends that loses its power, and starts it again with what its file has. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startRedis(folder: string): Promise<Redis> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const args = ["--port", String(port), "--bind", HOST, "--dir", folder, "--save", "", "--appendonly", "yes"];
  let server: ChildProcess;
  const start = async (): Promise<void> => {
    server = spawn("redis-server", args, { stdio: "ignore" });
    while (!(await isListening(port))) await wait(20);
  };
  const stop = async (): Promise<void> => {
    const ended = once(server, "exit");
    server.kill("SIGKILL");
    await ended;
  };
  await start();
  return {
    port,
    url: `redis://${HOST}:${port}`,
    pid: () => server.pid ?? 0,
    restart: async () => {
      await stop();
      await start();
    },
    stop,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on a port
  server.close();
  await once(server, "close");
  return port;
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, HOST);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false; // not yet
  } finally {
    socket.destroy();
  }
}
