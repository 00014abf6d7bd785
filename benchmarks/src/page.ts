/** `npm run bench:page -- FILE [ROUNDS] [SEED]`: what the page asks of any database, through `leastwise serve`, warm; and the server's memory. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { openForReading } from "@leastwise/store";
import { spreadOf } from "./measure/spread.ts";
import { type Random, pick, randomFrom } from "./random.ts";

const ROUNDS = 25;
const MAIN = fileURLToPath(new URL("../../apps/batch/dist/main.js", import.meta.url));

/** A kind of question, and one of it. */
interface Asked {
  readonly title: string;
  readonly path: (random: Random) => string;
}

const [file, rounds = String(ROUNDS), seed = "1"] = process.argv.slice(2);
if (file === undefined || !(Number(rounds) > 0)) {
  console.error("usage: bench:page FILE [ROUNDS] [SEED]");
  process.exitCode = 2;
} else await measure(file, Number(rounds), Number(seed));

async function measure(database: string, times: number, from: number): Promise<void> {
  const asked = questionsOf(database);
  const { child, address } = await serving(database);
  try {
    const before = residentMb(child);
    const first = await timed(address, "/api/overview");
    console.log(
      `${(statSync(database).size / 1e9).toFixed(1)} GB, node ${process.version}, ${cpus()[0]?.model ?? "unknown"}; ` +
        `${times} questions of each kind, seed ${from}; the first view of all took ${first.ms.toFixed(0)} ms\n`,
    );
    console.log("| question | median ms | slowest ms | kB, median |\n| --- | ---: | ---: | ---: |");
    for (const { title, path } of asked) {
      const random = randomFrom(from);
      const all: { readonly ms: number; readonly bytes: number }[] = [];
      for (let i = 0; i < times; i++) all.push(await timed(address, path(random)));
      const { median, max } = spreadOf(all.map(({ ms }) => ms));
      const size = spreadOf(all.map(({ bytes }) => bytes)).median / 1000;
      console.log(`| ${title} | ${median.toFixed(1)} | ${max.toFixed(1)} | ${size.toFixed(0)} |`);
    }
    console.log(`\nmemory of the server: ${before} MB before, ${residentMb(child)} MB after`);
  } finally {
    child.kill();
  }
}

function questionsOf(database: string): readonly Asked[] {
  const db = openForReading(database);
  const names = (sql: string): readonly string[] => db.prepare<[], string>(sql).pluck().all();
  const principals = names("SELECT arn FROM principals ORDER BY arn LIMIT 20000");
  const policies = db
    .prepare<[], { policy: string; principal: string }>(
      "SELECT policy_key AS policy, principal_arn AS principal FROM attachments LIMIT 20000",
    )
    .all();
  const accounts = names("SELECT account_id FROM accounts WHERE attachments > 0");
  const actions = names("SELECT action FROM actions WHERE attachments_before > 0");
  db.close();
  const part = (random: Random): string => {
    const name = pick(random, principals);
    const at = Math.floor(random() * Math.max(1, name.length - 6));
    return name.slice(at, at + 6);
  };
  const lists: readonly (readonly [name: string, sorts: readonly string[]])[] = [
    ["accounts", ["removed", "account"]],
    ["principals", ["arn", "name", "removed", "before"]],
    ["recommendations", ["removed", "before", "principal", "size"]],
    ["shared-policies", ["principals"]],
    ["services", ["removed"]],
    ["actions", ["removed"]],
  ];
  return [
    { title: "overview", path: () => api("overview") },
    ...lists.flatMap(([name, sorts]) =>
      sorts.map((sort) => ({
        title: `${name} by ${sort}`,
        path: (random: Random) => api(name, { sort, order: pick(random, ["asc", "desc"]) }),
      })),
    ),
    { title: "diagnostics", path: () => api("diagnostics") },
    {
      title: "recommendations of an account",
      path: (random) => api("recommendations", { account: pick(random, accounts) }),
    },
    { title: "recommendations, a bar", path: (random) => tenth(random) },
    {
      title: "recommendations, an action",
      path: (random) => api("recommendations", { action: pick(random, ["replace", "detach", "none", "failed"]) }),
    },
    { title: "recommendations, six letters searched", path: (random) => api("recommendations", { q: part(random) }) },
    {
      title: "recommendations, what nobody is called",
      path: (random) => api("recommendations", { q: `zz${Math.floor(random() * 1e6)}` }),
    },
    {
      title: "principals, six letters searched",
      path: (random) => api("principals", { q: part(random), sort: "removed" }),
    },
    { title: "principals without evidence", path: () => api("principals", { evidence: "none" }) },
    { title: "services of an account", path: (random) => api("services", { account: pick(random, accounts) }) },
    { title: "actions searched", path: (random) => api("actions", { q: pick(random, actions).slice(0, 6) }) },
    { title: "who can, after", path: (random) => api("holders", { action: pick(random, actions), when: "after" }) },
    {
      title: "who could, users alone",
      path: (random) => api("holders", { action: pick(random, actions), when: "before", kind: "user" }),
    },
    { title: "find", path: (random) => api("find", { q: part(random) }) },
    { title: "policy", path: (random) => api("policy", { ...pick(random, policies) }) },
    { title: "principal", path: (random) => api("principal", { arn: pick(random, principals) }) },
  ];
}

function api(name: string, parameters: Readonly<Record<string, string>> = {}): string {
  return `/api/${name}?${new URLSearchParams(parameters).toString()}`;
}

function tenth(random: Random): string {
  const from = 10 * Math.floor(10 * random());
  return api("recommendations", { removedFrom: String(from), removedBelow: String(from + 10) });
}

async function timed(address: string, path: string): Promise<{ readonly ms: number; readonly bytes: number }> {
  const since = performance.now();
  const response = await fetch(`${address}${path}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
  return { ms: performance.now() - since, bytes: text.length };
}

function serving(database: string): Promise<{ readonly child: ChildProcess; readonly address: string }> {
  const child = spawn(process.execPath, [MAIN, "serve", "--db", database, "--port", "0"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  return new Promise((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const address = /http:\/\/[\d.:]+/.exec(said)?.[0];
      if (address !== undefined) resolve({ child, address });
    });
    child.once("exit", () => reject(new Error(said)));
  });
}

/** Of the whole process, its threads among them; Linux alone says it. */
function residentMb({ pid }: ChildProcess): string {
  try {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return (Number(kilobytes) / 1024).toFixed(0);
  } catch {
    return "?";
  }
}
