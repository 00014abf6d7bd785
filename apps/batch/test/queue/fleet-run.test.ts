/** Whole runs through a queue, by processes as people start them: whoever dies meanwhile, the same comes of it. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { OutcomeRows } from "@leastwise/core";
import { openForReading } from "@leastwise/store";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { type Ended, leastwise, leastwiseIn, refined, temporaryFolder } from "../leastwise.ts";
import { contentOf } from "../run-content.ts";
import { stranger } from "./in-process.ts";
import { writeOrganization } from "./organization.ts";
import { type Running, started, until } from "./programs.ts";
import { HAS_REDIS, type RedisServer, startRedis } from "./redis-server.ts";

vi.setConfig({ testTimeout: 240_000 }); // several processes each, on whatever cores there are
const folder = temporaryFolder();

function made(name: string, accounts: number): string {
  const place = join(folder, name);
  mkdirSync(place);
  return writeOrganization(place, accounts);
}

function worker(url: string, ...args: readonly string[]): Running {
  return started(["worker", "--queue", url, "--threads", "1", ...args]);
}

/** What a finished run comes to, in any database. */
function content(path: string): ReadonlyMap<string, readonly string[]> {
  const db = openForReading(path);
  try {
    expect(db.prepare("SELECT state FROM run").pluck().all()).toEqual(["done"]);
    return contentOf(db, 1);
  } finally {
    db.close();
  }
}

function answered(path: string): number {
  try {
    const db = openForReading(path);
    const find = db.prepare<[], number>("SELECT count(*) FROM unit WHERE state <> 'planned'").pluck();
    const found = find.get() ?? 0;
    db.close();
    return found;
  } catch {
    return 0; // there are no tables yet
  }
}

async function ending({ child, ended }: Running): Promise<void> {
  child.kill("SIGTERM");
  expect((await ended).code).toBe(143);
}

describe.runIf(HAS_REDIS)("an organization of 500 attachments", async () => {
  const redis = HAS_REDIS ? await startRedis() : undefined!; // nothing of this runs without one
  const inputs = made("small", 1);
  const plain = join(folder, "plain.db");
  beforeAll(() => {
    refined(folder, "plain.db", inputs, "--threads", "1");
  });

  test("comes to the same on two threads", () => {
    const db = join(folder, "pool.db");
    expect(leastwise("refine", inputs, "--db", db, "--threads", "2", "--quiet").code).toBe(0);
    expect(content(db)).toEqual(content(plain));
  });

  test.each([1, 2, 4])("comes to the same with %d workers, who are told of", async (number) => {
    const db = join(folder, `queue-${number}.db`);
    const workers = Array.from({ length: number }, () => worker(redis.url));
    const { ended } = started(["refine", inputs, "--db", db, "--queue", redis.url, "--json"]);
    const { code, out } = await ended;
    expect(code).toBe(0);
    const { fleet } = JSON.parse(out) as { fleet: { members: { units: number; shards: number }[]; refused: string[] } }; // as `refine --json` writes it
    expect(fleet.members.reduce((sum, { units }) => sum + units, 0)).toBe(500);
    expect(fleet.members.length).toBeLessThanOrEqual(number);
    expect(fleet.refused).toEqual([]);
    expect(content(db)).toEqual(content(plain));
    expect(leastwise("verify", "--db", db, "--quiet").code).toBe(0);
    for (const each of workers) await ending(each);
    expect(await redis.client.keys("leastwise:*:about")).toEqual([]);
  });

  test("is refined by who comes late, which is said; and a worker goes when it has nothing to do", async () => {
    const db = join(folder, "late.db");
    const running = started(["refine", inputs, "--db", db, "--queue", redis.url]);
    await until(() => running.err().includes("no worker takes shards"));
    expect(running.err()).toContain(`start \`leastwise worker --queue ${redis.url}\``);
    const late = worker(redis.url, "--exit-when-idle", "2");
    const { code, out } = await running.ended;
    expect(code).toBe(0);
    expect(out).toMatch(/worker +threads +shards +units +units\/s +retried +refused\n/);
    expect(await late.ended).toMatchObject({ code: 0, err: expect.stringMatching(/500 units/) });
  });

  test("is not asked for ever: what was given up is listed, and removed", async () => {
    const db = join(folder, "given-up.db");
    const running = started(["refine", inputs, "--db", db, "--queue", redis.url, "--quiet"]);
    await until(async () => {
      const [waiting] = await redis.client.keys("leastwise:*:shards:wait");
      return waiting !== undefined && (await redis.client.llen(waiting)) > 10;
    });
    running.child.kill("SIGKILL");
    await running.ended;
    const listed = leastwise("queue", "list", "--queue", redis.url);
    expect(listed.out).toMatch(/^run +started +catalog +waiting +held +failed +outcomes\n[─ ]+\n[\da-f]{8} +\d{4}-/);
    const [line] = leastwise("queue", "list", "--queue", redis.url, "--json").out.split("\n");
    const { run, waiting } = JSON.parse(line ?? "") as { run: string; waiting: number };
    expect(waiting).toBeGreaterThan(10);
    await redis.client.set("somebody:else", "1");
    expect(leastwise("queue", "remove", "0".repeat(20), "--queue", redis.url).code).toBe(2);
    expect(leastwise("queue", "remove", run.slice(0, 8), "--queue", redis.url)).toMatchObject({ code: 0 });
    expect(leastwise("queue", "list", "--queue", redis.url).out).toBe("no runs\n");
    await until(async () => (await redis.client.dbsize()) === 1); // what other workers have looked at goes by itself
    await redis.client.flushall();
  });
});

/** Right by all that one can see without the verifier. */
function less(honest: OutcomeRows): OutcomeRows {
  return {
    ...honest,
    units: honest.units.map((unit) => (unit.ok ? { ...unit, actionsRemoved: unit.actionsRemoved - 1 } : unit)),
  };
}

/** Honest, but for the second shard, and for the fifth, of which everybody sees it. */
function turning(shards: number, honest: OutcomeRows): OutcomeRows {
  if (shards === 2) return less(honest);
  return shards === 5 ? { ...honest, grants: [] } : honest;
}

describe.runIf(HAS_REDIS)("a worker that lies", async () => {
  const redis = HAS_REDIS ? await startRedis() : undefined!; // nothing of this runs without one
  const inputs = made("lies", 1);
  /** The stranger answers as it likes from its first shard on. */
  async function refinedBy(
    name: string,
    answering: (shards: number, honest: OutcomeRows) => OutcomeRows,
    percent: string,
  ): Promise<Ended> {
    const db = join(folder, name);
    const running = started([
      "refine",
      inputs,
      "--db",
      db,
      "--queue",
      redis.url,
      "--check-outcomes",
      percent,
      "--json",
    ]);
    await until(async () => (await redis.client.scard("leastwise:runs")) === 1);
    let shards = 0;
    const [run = ""] = await redis.client.smembers("leastwise:runs");
    const { close } = stranger(redis, `leastwise:${run}`, (_, honest) => answering(++shards, honest));
    const ended = await running.ended;
    await close();
    return ended;
  }

  test("is found out where all is checked: nothing of it is stored, and the exit code says so", async () => {
    const { code, out, err } = await refinedBy("found.db", (_, honest) => less(honest), "100");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ fleet: { refused: ["stranger:1"], doubted: 0, failing: 0 } });
    expect(err).toMatch(
      /an outcome of worker stranger:1 does not hold \(unit \d+: the numbers of actions are not what the documents grant\); nothing is taken/,
    );
    expect(leastwise("verify", "--db", join(folder, "found.db"), "--quiet").code).toBe(0);
  });

  test("and was believed before is found out in the end, and what was stored of it is counted", async () => {
    const { code, out } = await refinedBy("believed.db", turning, "0");
    expect(code).toBe(1);
    const { fleet } = JSON.parse(out) as { fleet: { refused: string[]; doubted: number; failing: number } }; // as `refine --json` writes it
    expect(fleet.refused).toEqual(["stranger:1"]);
    expect(fleet.doubted).toBe(4 * 16); // shards of 16 units
    expect(fleet.failing).toBe(16);
    expect(leastwise("verify", "--db", join(folder, "believed.db"), "--quiet").code).toBe(1);
  });
});

describe.runIf(HAS_REDIS)("an organization of 4,000 attachments", () => {
  test("is complete and the same, and nothing stands twice, when workers, Redis and the coordinator are killed", async () => {
    const redis: RedisServer = await startRedis("--appendonly", "yes");
    const inputs = made("large", 8);
    const plain = join(folder, "large-plain.db");
    const whole = started(["refine", inputs, "--db", plain, "--threads", "2", "--quiet"]);
    expect((await whole.ended).code).toBe(0);
    const db = join(folder, "large-queue.db");
    const refine = ["refine", inputs, "--db", db, "--queue", redis.url, "--in-flight", "8", "--json"];
    const holders = async (): Promise<readonly (string | null)[]> => {
      const active = await redis.client.keys("leastwise:*:shards:active");
      const ids = active[0] === undefined ? [] : await redis.client.lrange(active[0], 0, -1);
      return Promise.all(ids.map((id) => redis.client.hget(active[0]!.replace(/active$/, id), "pb"))); // looked up above
    };

    const [first, second] = [worker(redis.url), worker(redis.url)];
    const attempt = started(refine);
    await until(async () => (await holders()).some((name) => name?.endsWith(`:${first.child.pid}`)));
    first.child.kill("SIGKILL"); // with shards in its hands
    const third = worker(redis.url);
    await until(() => answered(db) >= 1000);
    await redis.restart(); // with what its log has
    await until(async () => (await holders()).length > 0);
    attempt.child.kill("SIGKILL");
    await attempt.ended;
    expect(answered(db)).toBeLessThan(4000);
    const again = started(refine);
    await until(() => answered(db) >= 2000);
    await redis.restart({ signal: "SIGKILL", isWiped: true }); // with nothing
    const { code, out } = await again.ended;
    expect(code).toBe(0);
    const { resumed, fleet } = JSON.parse(out) as { resumed: boolean; fleet: { members: { worker: string }[] } }; // as `refine --json` writes it
    expect(resumed).toBe(true);
    expect(fleet.members.map(({ worker: name }) => Number(name.split(":").at(-1)))).toEqual(
      [second, third].map(({ child }) => child.pid).sort((a, b) => (String(a) < String(b) ? -1 : 1)),
    );
    expect(content(db)).toEqual(content(plain));
    for (const each of [second, third]) await ending(each);
    await until(async () => (await redis.client.dbsize()) === 0);
  }, 240_000);
});

describe.runIf(HAS_REDIS)("a queue with a password and a certificate", () => {
  test("lets in who has both, and nothing that anybody says, writes or keeps has the password in it", async () => {
    const SECRET = "pa/ss:w0rd-@+%-that-nobody-knows";
    const place = join(folder, "tls");
    mkdirSync(place);
    const [key, certificate] = [join(place, "key.pem"), join(place, "certificate.pem")];
    const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
    const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    execFileSync("openssl", ["req", "-x509", ...kind, "-keyout", key, "-out", certificate, ...names], {
      stdio: "ignore",
    });
    const tls = [
      "--tls-port",
      "PORT",
      "--tls-cert-file",
      certificate,
      "--tls-key-file",
      key,
      "--tls-ca-cert-file",
      certificate,
    ];
    const redis = await startRedis(...tls, "--tls-auth-clients", "no", "--requirepass", SECRET);
    const url = `rediss://default:${encodeURIComponent(SECRET)}@localhost:${redis.port}`;
    const inputs = made("secret", 1);
    const db = join(folder, "secret.db");
    const env = { NODE_EXTRA_CA_CERTS: certificate, LEASTWISE_QUEUE: url };
    const said: string[] = [];
    const helper = started(["worker", "--threads", "1"], env);
    const { code, out, err } = await started(["refine", inputs, "--db", db, "--json"], env).ended;
    expect({ code, fleet: JSON.parse(out) as unknown }).toMatchObject({
      code: 0,
      fleet: { fleet: { members: [{ units: 500 }] } },
    });
    await ending(helper);
    said.push(out, err, helper.out(), helper.err(), readFileSync(db, "latin1"));

    const told = (
      value: string,
      more: Readonly<Record<string, string>> = env,
      ...args: readonly string[]
    ): number | null => {
      for (const command of [
        ["worker", "--exit-when-idle", "1"],
        ["refine", inputs, "--db", join(folder, "no.db")],
        ["queue", "list"],
      ]) {
        const ended = leastwiseIn({ env: { ...more, LEASTWISE_QUEUE: value } }, ...command, ...args);
        said.push(ended.out, ended.err);
        codes.add(ended.code);
      }
      const [only, ...others] = codes;
      codes.clear();
      expect(others).toEqual([]);
      return only ?? null;
    };
    const codes = new Set<number | null>();
    expect(told(url.replace("default:", "default:wrong"))).toBe(4);
    expect(said.at(-1)).toMatch(/^leastwise: the queue rediss:\/\/localhost:\d+ cannot be reached: WRONGPASS/);
    expect(told(url, {})).toBe(4);
    expect(said.at(-1)).toMatch(/cannot be reached: self-signed certificate\n.*NODE_EXTRA_CA_CERTS/);
    expect(told(url.replace("rediss", "https"))).toBe(2);
    expect(told(`${url}/queue`)).toBe(2);
    expect(told(url, env, "--queue", `${url}?family=6`)).toBe(2);
    expect(said.at(-1)).toMatch(/^leastwise: the URL of the queue cannot be read\n/);
    expect(told(`rediss://default:${encodeURIComponent(SECRET)}@localhost:1`)).toBe(4);
    expect(said.at(-1)).toMatch(/cannot be reached: connect ECONNREFUSED/);
    await redis.stop();
    for (const each of said) {
      for (const secret of [SECRET, encodeURIComponent(SECRET), "nobody-knows"]) expect(each).not.toContain(secret);
    }
  });
});

describe.runIf(HAS_REDIS)("a worker that is ended", async () => {
  const redis = HAS_REDIS ? await startRedis() : undefined!; // nothing of this runs without one
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("by %s: ends with %d, also while Redis is away", async (signal, code) => {
    const one = worker(redis.url);
    await until(() => one.err().includes("1 threads at"));
    one.child.kill(signal);
    expect((await one.ended).code).toBe(code);
    const two = worker(redis.url);
    await until(() => two.err().includes("1 threads at"));
    const gone = redis.restart({ signal: "SIGKILL" });
    await until(() => two.err().includes("is away"));
    two.child.kill(signal);
    expect((await two.ended).code).toBe(code);
    await gone;
  });

  test("waits while Redis is away, says so once, and goes on", async () => {
    const one = worker(redis.url);
    await until(() => one.err().includes("1 threads at"));
    await redis.restart();
    await until(() => one.err().includes("is back"));
    expect(one.err().match(/is away/g)).toHaveLength(1);
    await ending(one);
  });
});

test.runIf(HAS_REDIS)("rights on keys of a prefix are enough, and those of another prefix are told of", async () => {
  const { client, url } = await startRedis();
  const rights = [">pw", "~mine:*", "+@all", "-@admin", "-@dangerous", "+info"]; // as docs/scale.md says
  await client.acl("SETUSER", "mine", "on", ...rights);
  const env = { LEASTWISE_QUEUE: url.replace("//", "//mine:pw@") };
  expect(leastwiseIn({ env }, "worker", "--queue-prefix", "mine", "--exit-when-idle", "1", "--threads", "1").code).toBe(
    0,
  );
  const { code, err } = leastwiseIn({ env }, "worker", "--exit-when-idle", "30", "--threads", "1");
  expect(code).toBe(4);
  expect(err).toMatch(/Redis refuses what the queue needs: NOPERM .*\ndocs\/scale\.md/);
});

test("where the queue is has to be said", () => {
  expect(leastwise("worker")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/it is not said where the queue is\n.*LEASTWISE_QUEUE/),
  });
});
