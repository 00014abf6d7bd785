import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { type AddressInfo, type Server, createServer } from "node:net";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "vitest";
import type { Ended } from "../leastwise.ts";
import type { StubIam } from "./stub-iam.ts";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));

/** The stub as a function that bash inherits: a tenth of what a program costs, for tests that call it ten thousand times. */
const AS_FUNCTION = `() {\n${readFileSync(`${FOLDER}aws`, "utf8")}\n}`;

/** Runs a script with the stub as its `aws`. */
export type RunScript = (iam: StubIam, script: string, ...args: readonly string[]) => Promise<Ended>;

/** Opens the stub's door for the tests of a file. Call it at the top. */
export function stubAws({ asFunction = false } = {}): RunScript {
  let iam: StubIam | undefined;
  const server: Server = createServer((socket) => {
    let text = "";
    socket.setEncoding("utf8").on("data", (data) => {
      text += String(data);
      const [count = "", folder = "", ...words] = text.split("\0");
      if (words.length <= Number(count) || count === "" || iam === undefined) return;
      const { code, out, err } = iam.answer(words.slice(0, -1), folder);
      socket.end(`${code}\0${out}\0${err}\0`);
    });
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  afterAll(() => void server.close());
  return (stub, script, ...args) => {
    iam = stub;
    const { port } = server.address() as AddressInfo; // it listens on a port
    const env = {
      PATH: `${FOLDER}:${process.env["PATH"] ?? ""}`,
      HOME: tmpdir(),
      STUB_AWS_PORT: String(port),
      ...(asFunction ? { "BASH_FUNC_aws%%": AS_FUNCTION } : {}),
    };
    return new Promise((resolve, reject) => {
      const child = spawn("bash", [script, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
      let [out, err] = ["", ""];
      child.stdout.setEncoding("utf8").on("data", (data) => (out += String(data)));
      child.stderr.setEncoding("utf8").on("data", (data) => (err += String(data)));
      child.on("error", reject).on("close", (code) => resolve({ code, out, err }));
    });
  };
}
