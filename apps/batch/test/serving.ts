import { type ChildProcess, spawn } from "node:child_process";
import { type IncomingHttpHeaders, type RequestOptions, request } from "node:http";
import { afterAll } from "vitest";
import { CLEAN, MAIN } from "./leastwise.ts";

/** `leastwise serve` at work. */
export interface Serving {
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** What it has said so far. */
  readonly said: () => string;
  readonly ended: Promise<number | null>;
}

const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill("SIGKILL"); // also those that a test has started, where no hook can be set any more
});

/** An answer as it came. */
export interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Starts the program that is built, and waits until it says where it is. It ends with the tests of the file. */
export async function serving(db: string, ...args: readonly string[]): Promise<Serving> {
  return servingWith({}, db, ...args);
}

export async function servingWith(
  env: Readonly<Record<string, string>>,
  db: string,
  ...args: readonly string[]
): Promise<Serving> {
  const child = spawn(process.execPath, [MAIN, "serve", "--db", db, "--port", "0", ...args], {
    env: { ...CLEAN, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  started.push(child);
  let said = "";
  const ended = new Promise<number | null>((resolve) => void child.once("close", resolve));
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const found = /http:\/\/\S+?(?=,? |\n|$)/.exec(said)?.[0];
      if (found !== undefined && said.includes("Ctrl-C")) resolve(found);
    });
    void ended.then((code) => reject(new Error(`serve ended with ${code}: ${said}`)));
  });
  return { url, port: Number(new URL(url).port), process: child, said: () => said, ended };
}

/** Asks as it is told, whatever a browser would make of it. */
export function get(port: number, path: string, options: RequestOptions = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, agent: false, ...options }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => (text += part));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      response.on("error", reject);
    });
    asked.on("error", reject);
    asked.end();
  });
}

/** The path of a question. */
export function apiPath(name: string, asked: Readonly<Record<string, string>> = {}): string {
  return `/api/${name}?${new URLSearchParams(asked).toString()}`;
}

/** A reply as a value. */
export async function reply(
  port: number,
  name: string,
  asked: Readonly<Record<string, string>> = {},
): Promise<Record<string, unknown>> {
  const { status, text } = await get(port, apiPath(name, asked));
  if (status !== 200) throw new Error(`${name} ${JSON.stringify(asked)}: ${status} ${text}`);
  return JSON.parse(text) as Record<string, unknown>; // what the server wrote
}

/** All rows of a list, page by page. */
export async function allRows(
  port: number,
  name: string,
  asked: Readonly<Record<string, string>>,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const rows: Readonly<Record<string, unknown>>[] = [];
  for (let after = ""; ;) {
    const page = await reply(port, name, { ...asked, after });
    rows.push(...(page["rows"] as readonly Readonly<Record<string, unknown>>[])); // a list has rows
    if (typeof page["next"] !== "string") return rows;
    after = page["next"];
  }
}
