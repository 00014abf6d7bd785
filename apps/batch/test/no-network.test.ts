import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { CLEAN, DEMO, GOLDEN, MAIN, temporaryFolder, write } from "./leastwise.ts";

const WATCH = fileURLToPath(new URL("watch-network.cjs", import.meta.url));
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const ROLE = "arn:aws:iam::123456789012:role/MyRole";

const folder = temporaryFolder();

/** What was seen while a command ran: how many threads of all its processes were watched, and each use of the network. */
interface Seen {
  readonly code: number | null;
  readonly out: string;
  readonly threads: number;
  readonly uses: readonly string[];
}

let runs = 0;

function watched(command: string, ...args: readonly string[]): Seen {
  const log = join(folder, `${++runs}.log`);
  const env = { ...CLEAN, NODE_OPTIONS: `--require ${WATCH}`, WATCHED: log };
  const { status, stdout } = spawnSync(command, args, { cwd: folder, env, encoding: "utf8", timeout: 50_000 });
  const lines = existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n") : [];
  return {
    code: status,
    out: stdout,
    threads: lines.filter((line) => line.startsWith("watching ")).length,
    uses: lines.filter((line) => !line.startsWith("watching ")),
  };
}

describe("the watch sees", () => {
  test.each([
    ["fetch", "fetch('http://127.0.0.1:65000').catch(() => {})", "TCPWRAP"],
    ["an HTTP request", "require('http').get('http://127.0.0.1:65000').on('error', () => {})", "TCPWRAP"],
    ["a TLS connection", "require('tls').connect(65000, '127.0.0.1').on('error', () => {})", "TCPWRAP"],
    ["a server", "require('net').createServer().listen(0, '127.0.0.1', function () { this.close() })", "TCPSERVERWRAP"],
    ["a socket of the file system", "require('net').connect('/nowhere').on('error', () => {})", "PIPECONNECTWRAP"],
    [
      "a datagram",
      "const s = require('dgram').createSocket('udp4'); s.send('x', 65000, '127.0.0.1', () => s.close())",
      "UDPWRAP",
    ],
    ["a look-up", "require('dns').lookup('localhost', () => {})", "GETADDRINFOREQWRAP"],
    [
      "a question to a name server",
      "const r = new (require('dns').Resolver)(); r.setServers(['127.0.0.1']); r.resolve4('a.invalid', () => {}); r.cancel()",
      "QUERYWRAP",
    ],
    [
      "one in a thread",
      "new (require('worker_threads').Worker)(`fetch('http://127.0.0.1:65000').catch(() => {})`, { eval: true })",
      "TCPWRAP",
    ],
    [
      "one in a process of a process",
      "require('child_process').execFileSync(process.execPath, ['-e', `fetch('http://127.0.0.1:65000').catch(() => {})`])",
      "TCPWRAP",
    ],
  ])("%s", (_, script, expected) => {
    expect(watched(process.execPath, "-e", script).uses.map((line) => line.split(" ")[0])).toContain(expected);
  });
});

/** What runs a command where there is no network at all, not even the machine's own; null where that is not allowed. */
const APART = [["-n"], ["-rn"]].find((options) => spawnSync("unshare", [...options, "true"]).status === 0) ?? null;

describe("the job, and what is asked of its database, with the network gone", () => {
  if (APART === null)
    console.warn("SKIPPED: a network of its own, since `unshare -n` is not allowed; the job is watched alone");

  test.skipIf(APART === null)("it is gone", () => {
    const left = apart(process.execPath, "-p", "JSON.stringify(os.networkInterfaces())");
    expect(left.out.trim()).toBe("{}");
  });

  const db = join(folder, "org.db");
  const unused = write(folder, "unused.json", [{ serviceNamespace: "s3", actions: ["GetObject"] }]);
  const recommended = join(GOLDEN, "amazon-science-2024-recommended.json");

  test.each([
    ["refine", 3, 3, [DEMO, "--db", db, "--threads", "2", "--quiet"]],
    ["verify", 0, 1, ["--db", db]],
    ["query", 0, 1, ["largest-reductions", "--db", db]],
    ["query", 0, 2, ["--sql", "SELECT count(*) FROM principal", "--db", db]],
    ["explain", 0, 1, [ROLE, "s3:GetBucketPolicy", "--db", db]],
    ["export", 0, 1, ["--format", "aws-cli", "--out", join(folder, "scripts"), "--db", db]],
    ["drift", 0, 1, ["--db", db]],
    ["policy", 0, 1, [recommended, "--unused", unused]],
  ] as const)(
    "`%s` ends with %i, was watched in %i threads or more and tried nothing",
    (command, code, atLeast, args) => {
      const { code: ended, uses, threads } = apart(process.execPath, MAIN, command, ...args);
      expect({ code: ended, uses }).toEqual({ code, uses: [] });
      expect(threads).toBeGreaterThanOrEqual(atLeast);
    },
  );

  function apart(command: string, ...args: readonly string[]): Seen {
    return APART === null ? watched(command, ...args) : watched("unshare", ...APART, command, ...args);
  }
});

/** The one file that listens, and the page that asks it. */
const SERVING = /\/dist\/(?:serve\/server\.js|page\/)/;

test("nothing of ours imports a network module or calls `fetch`, but what `serve` is made of", () => {
  const built = ["apps/batch", "packages/catalog", "packages/core", "packages/evidence", "packages/store"].flatMap(
    (path) => {
      const names = readdirSync(join(ROOT, path, "dist"), { recursive: true, encoding: "utf8" });
      return names.filter((name) => name.endsWith(".js")).map((name) => join(ROOT, path, "dist", name));
    },
  );
  expect(built.length).toBeGreaterThan(300);
  const network =
    /["'](?:node:)?(?:net|http|https|http2|tls|dgram|dns|dns\/promises|inspector)["']|\bfetch\(|\bWebSocket\b|\bEventSource\b/;
  const others = built.filter((name) => !SERVING.test(name));
  expect(others.filter((name) => network.test(readFileSync(name, "utf8")))).toEqual([]);
  const server = built.filter((name) => name.endsWith("/serve/server.js")).map((name) => readFileSync(name, "utf8"));
  expect(server.flatMap((text) => text.match(new RegExp(network, "g")) ?? [])).toEqual(['"node:http"']);
});
