/** Two hosts, as far as a network can tell: namespaces with addresses of their own and a cable between them, which is pulled out. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { exported, refined, temporaryFolder } from "../leastwise.ts";
import { writeOrganization } from "./organization.ts";
import { started, until } from "./programs.ts";
import { HAS_REDIS } from "./redis-server.ts";

const folder = temporaryFolder();
const [HERE, THERE] = [`lwa${process.pid}`, `lwb${process.pid}`];
const [ADDRESS, PORT] = ["10.231.77.1", "6379"];
const CUT_MS = 20_000;

function ip(...args: readonly string[]): boolean {
  return spawnSync("ip", args, { stdio: "ignore" }).status === 0;
}

const isPossible =
  HAS_REDIS &&
  ip("netns", "add", HERE) &&
  ip("netns", "add", THERE) &&
  ip("link", "add", HERE, "netns", HERE, "type", "veth", "peer", "name", THERE, "netns", THERE) &&
  ip("-n", HERE, "addr", "add", `${ADDRESS}/24`, "dev", HERE) &&
  ip("-n", THERE, "addr", "add", "10.231.77.2/24", "dev", THERE) &&
  [HERE, THERE].every((name) => ip("-n", name, "link", "set", "lo", "up") && ip("-n", name, "link", "set", name, "up"));
let redis: ChildProcess | undefined;
afterAll(() => {
  redis?.kill("SIGKILL");
  for (const name of [HERE, THERE]) ip("netns", "del", name);
});
if (!isPossible)
  console.warn("SKIPPED: network namespaces cannot be made here, so nothing is tested between two hosts");

function asked(...command: readonly string[]): string {
  const args = ["netns", "exec", HERE, "redis-cli", "-h", ADDRESS, ...command];
  return spawnSync("ip", args, { encoding: "utf8" }).stdout.trim();
}

function held(): number {
  const key = asked("keys", "*:shards:active");
  return key === "" ? 0 : Number(asked("llen", key));
}

describe.runIf(isPossible)("a worker on another host", () => {
  test("goes on when its network was away for 20 s, and the run is complete", async () => {
    const inputs = join(folder, "inputs");
    mkdirSync(inputs);
    writeOrganization(inputs, 2);
    const plain = refined(folder, "plain.db", inputs);
    const settings = ["--bind", ADDRESS, "--port", PORT, "--protected-mode", "no", "--save", "", "--dir", folder];
    redis = spawn("ip", ["netns", "exec", HERE, "redis-server", ...settings], { stdio: "ignore" });
    await until(() => asked("ping") === "PONG");
    const url = `redis://${ADDRESS}:${PORT}`;
    const helper = started(["worker", "--queue", url, "--threads", "1"], {}, ["ip", "netns", "exec", THERE]);
    await until(() => helper.err().includes("1 threads at"));
    const db = join(folder, "two-hosts.db");
    const run = started(["refine", inputs, "--db", db, "--queue", url, "--json"], {}, ["ip", "netns", "exec", HERE]);
    await until(() => held() > 0);
    expect(ip("-n", HERE, "link", "set", HERE, "down")).toBe(true);
    await wait(CUT_MS);
    expect(run.child.exitCode).toBe(null);
    expect(ip("-n", HERE, "link", "set", HERE, "up")).toBe(true);
    const { code, out } = await run.ended;
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ unitsComputed: 1000, fleet: { members: [{ units: 1000 }] } });
    expect(exported(db)).toBe(exported(plain));
    helper.child.kill("SIGTERM");
    expect((await helper.ended).code).toBe(143);
  }, 180_000);
});
