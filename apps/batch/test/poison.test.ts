/** What no thread gets done: it is told of, and costs nobody else anything. Real inputs, and limits that are small for them. */
import { join } from "node:path";
import { builtInCatalog } from "@leastwise/catalog";
import { DEFAULT_OPTIONS, type Shard, type UsageBatch } from "@leastwise/core";
import { afterAll, describe, expect, test } from "vitest";
import { allowanceOf } from "../dist/workers/allowance.js";
import { type Executor, inlineExecutor, poolExecutor } from "../dist/workers/executor.js";
import { isolatingExecutor } from "../dist/workers/isolating-executor.js";
import type { ReadBatch } from "../dist/workers/read-files.js";
import { TaskFault, outOfMemory } from "../dist/workers/task-fault.js";
import {
  accountWith,
  allowing,
  asked,
  exported,
  leastwise,
  recommendations,
  temporaryFolder,
  write,
} from "./leastwise.ts";

const folder = temporaryFolder();
const ACCOUNT = "111122223333";
const arnOf = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const LETTERS = "abcdefghijklmnopqrstuvwxyz";

function letter(place: number): string {
  return LETTERS[place % LETTERS.length]!; // a remainder is inside
}

/** Patterns with stars everywhere, none like another: each is held against every action, more than once. */
function slowPolicy(entries: number): ReturnType<typeof allowing> {
  return allowing(
    ...Array.from({ length: entries }, (_, i) => `*:*${letter(i)}*${letter(i * 7)}*${letter(i * 11 + 3)}*${i}`),
  );
}

const FINE = ["one", "two", "three", "four"];

/** An organization of four roles and perhaps another one, all with the same evidence. */
function organization(name: string, others: Readonly<Record<string, ReturnType<typeof allowing>>> = {}): string {
  const place = join(folder, name);
  const fine = Object.fromEntries(FINE.map((role) => [role, { own: allowing("s3:Get*", "sqs:*", `ec2:*${role}*`) }]));
  const more = Object.fromEntries(Object.entries(others).map(([role, document]) => [role, { own: document }]));
  write(place, "account.json", accountWith(ACCOUNT, { ...fine, ...more }));
  const arns = [...FINE, ...Object.keys(others)].map(arnOf);
  write(
    place,
    "unused.json",
    arns.map((arn) => ({ arn, unused: [{ serviceNamespace: "sqs" }] })),
  );
  return place;
}

function refused(db: string): readonly unknown[] {
  return asked(db, "refused").map(({ severity, code, path, hint }) => ({ severity, code, path, hint }));
}

describe("a policy that takes longer than a thread may take", () => {
  const inputs = organization("slow", { slow: slowPolicy(400) });
  const db = join(folder, "slow.db");

  test("has no answer and says what allows more; all others have theirs", () => {
    const { code } = leastwise("refine", inputs, "--db", db, "--quiet", "--task-seconds", "1");
    expect(code).toBe(3);
    const hint = "nothing was stored for this policy; refine into another file with more --task-seconds";
    expect(refused(db)).toEqual([{ severity: "error", code: "out-of-time", path: arnOf("slow"), hint }]);
    expect(asked(db, "--sql", "SELECT principal_name FROM recommendations WHERE state = 'done' ORDER BY 1")).toEqual(
      FINE.toSorted().map((principal_name) => ({ principal_name })),
    );
    expect(leastwise("verify", "--db", db).code).toBe(0);
  });
});

describe("a file that is more than the memory of a thread", () => {
  const inputs = organization("memory");
  const large = write(inputs, "large.json", `{"details":[${"[{}],".repeat(400_000)}[]]}`); // much more once it is parsed
  const larger = write(inputs, "larger.json", `{"details":[${"[{}],".repeat(2_400_000)}[]]}`);

  test("is told of; the others are read, in the batch with it or not", () => {
    const db = join(folder, "memory.db");
    const { code } = leastwise("refine", inputs, "--db", db, "--quiet", "--worker-memory", "32");
    expect(code).toBe(3);
    const hint = "allow more with --worker-memory";
    expect(refused(db)).toEqual(
      [large, larger].map((path) => ({ severity: "error", code: "out-of-memory", path, hint })),
    );
    expect(recommendations(db)).toHaveLength(FINE.length);
    expect(asked(db, "--sql", "SELECT inputs FROM runs")).toEqual([{ inputs: 4 }]);
  });

  test("is read by the next run, which may be allowed more, and so is everything else", () => {
    const db = join(folder, "memory.db");
    const { out } = leastwise("refine", inputs, "--db", db, "--quiet", "--json");
    expect(JSON.parse(out)).toMatchObject({ filesKept: 0, baseRunId: null });
    expect(refused(db)).toMatchObject([{ code: "unrecognised-input" }, { code: "unrecognised-input" }]);
  });

  test("is read with what is usual for its size", () => {
    const db = join(folder, "enough.db");
    leastwise("refine", inputs, "--db", db, "--quiet");
    expect(refused(db)).toMatchObject([{ code: "unrecognised-input" }, { code: "unrecognised-input" }]);
  });
});

test("settings of threads change nothing else: a run may be finished with others", () => {
  const inputs = organization("settings");
  const [plain, limited] = [join(folder, "plain.db"), join(folder, "limited.db")];
  leastwise("refine", inputs, "--db", plain, "--quiet");
  leastwise("refine", inputs, "--db", limited, "--quiet", "--worker-memory", "64", "--task-seconds", "0");
  const told = "SELECT run_key, settings FROM run";
  expect(asked(limited, "--sql", told)).toEqual(asked(plain, "--sql", told));
  expect(exported(limited)).toBe(exported(plain));
});

/** An executor of which some work fails. */
const image = builtInCatalog().trie.buffer as SharedArrayBuffer; // catalogs are opened in shared memory
const inline = inlineExecutor(image);
const shard: Shard = {
  catalog: builtInCatalog().sha256,
  options: DEFAULT_OPTIONS,
  origin: { engineVersion: 1, catalogSource: "made up", catalogDate: "" },
  documents: [allowing("s3:Get*"), allowing("sqs:*", "s3:Get*")].map((document) => ({
    text: JSON.stringify(document),
    wantsGrants: true,
  })),
  unused: [JSON.stringify([]), JSON.stringify([{ service: "sqs", whole: true, names: [] }])],
  units: [
    { unitId: 11, document: 0, unused: 0 },
    { unitId: 12, document: 1, unused: 0 },
    { unitId: 13, document: 1, unused: 1 },
    { unitId: 14, document: 0, unused: 1 },
  ],
};
const has = ({ units }: Shard, id: number): boolean => units.some(({ unitId }) => unitId === id);

describe("a shard that a thread does not finish", () => {
  test("says the same unit by unit as at once, where it was only too much at once", async () => {
    const sizes: number[] = [];
    const refine: Executor["refine"] = (some) => {
      sizes.push(some.units.length);
      return some.units.length > 1 ? Promise.reject(outOfMemory(1)) : inline.refine(some);
    };
    expect(await isolatingExecutor({ ...inline, refine }).refine(shard)).toEqual(await inline.refine(shard));
    expect(sizes).toEqual([4, 1, 1, 1, 1]);
  });

  test("has failures for the units that fail alone, and for no others", async () => {
    const refine: Executor["refine"] = (some) => {
      if (has(some, 12)) return Promise.reject(new TaskFault("out-of-time", "it takes longer than 1 s"));
      return has(some, 14) ? Promise.reject(new Error("a law was broken")) : inline.refine(some);
    };
    const { units, grants } = await isolatingExecutor({ ...inline, refine }).refine(shard);
    const whole = await inline.refine(shard);
    expect(units).toEqual([
      whole.units[0],
      { unitId: 12, ok: false, code: "out-of-time", message: "it takes longer than 1 s" },
      whole.units[2],
      { unitId: 14, ok: false, code: "refinement-failed", message: "a law was broken" },
    ]);
    expect(grants).toEqual(whole.grants);
  });

  test("is nobody's fault where a shard without units fails too: that ends the run", async () => {
    const other = { ...shard, catalog: "0".repeat(64) };
    await expect(isolatingExecutor(inline).refine(other)).rejects.toThrow(/catalog/);
  });

  test("is not tried again once the threads have been ended", async () => {
    let times = 0;
    const refine: Executor["refine"] = async () => {
      times++;
      await executor.close();
      throw new Error("the thread was ended");
    };
    const executor = isolatingExecutor({ ...inline, refine });
    await expect(executor.refine(shard)).rejects.toThrow("the thread was ended");
    expect(times).toBe(1);
  });
});

/** A log with one call. */
function trail(name: string): string {
  return write(folder, name, {
    Records: [
      {
        eventVersion: "1.08",
        eventSource: "s3.amazonaws.com",
        eventName: "ListBuckets",
        eventTime: "2026-11-01T00:00:00Z",
        awsRegion: "eu-west-1",
        recipientAccountId: ACCOUNT,
        userIdentity: { type: "IAMUser", arn: `arn:aws:iam::${ACCOUNT}:user/a`, accountId: ACCOUNT },
      },
    ],
  });
}

describe("who is the one of a batch", () => {
  test("whose evidence cannot be settled is known for nothing, so nothing goes", async () => {
    const principal = { createdAt: null, pages: [], events: [] };
    const poison = { ...principal, createdAt: "2026-01-01T00:00:00Z" };
    const settle: Executor["settle"] = (some) =>
      some.principals.includes(poison) ? Promise.reject(outOfMemory(64)) : inline.settle(some);
    const judgement = {
      windows: { accessAnalyzer: null, lastAccessed: 400, cloudTrail: null },
      maxAge: null,
      minAge: null,
      asOf: "",
    };
    const batch = { judgement, protected: [], principals: [principal, poison, principal] } as unknown as UsageBatch; // settings that matter to nobody here
    const [first, second, third] = await isolatingExecutor({ ...inline, settle }).settle(batch);
    expect(second).toMatchObject({ evidence: "none", unused: { text: "[]" }, failure: { code: "out-of-memory" } });
    expect(second?.unused).toEqual(first?.unused);
    expect([first?.failure, third?.failure]).toEqual([undefined, undefined]);
  });

  test("that breaks the reader is a diagnostic, and the events of the others count once", async () => {
    const [one, poison, two] = [trail("one.json"), trail("poison.json"), trail("two.json")];
    const read: Executor["read"] = (task) =>
      task.files.includes(poison) ? Promise.reject(new Error("no such shape")) : inline.read(task);
    const { files, events } = await isolatingExecutor({ ...inline, read }).read({
      files: [one, poison, two],
      attempt: "a",
    });
    expect(files.map(({ path }) => path)).toEqual([one, poison, two]);
    expect(files.map(({ diagnostics }) => diagnostics)).toEqual([
      [],
      [expect.objectContaining({ code: "reading-failed", path: poison, message: "no such shape", severity: "error" })],
      [],
    ]);
    expect(events).toMatchObject([{ events: 2 }]);
  });

  test.each([
    ["whenever it is read stands for all of its parts", 2],
    ["once is read once more, and that stands for all of its parts", 1],
  ])("that breaks the reader behind some of its parts %s", async (_what, failures) => {
    const part: ReadBatch = { files: [], events: [] };
    const tasks: object[] = [];
    const readLarge: Executor["readLarge"] = async function* (task) {
      tasks.push(task);
      const isLast = tasks.length > failures;
      yield part;
      if (!isLast) throw outOfMemory(64);
      yield part;
    };
    const said: ReadBatch[] = [];
    const task = { path: "a.json", attempt: "a" };
    for await (const each of isolatingExecutor({ ...inline, readLarge }).readLarge(task)) said.push(each);
    expect(tasks).toEqual([task, { path: "a.json" }]);
    expect(said.slice(0, 2)).toEqual([part, { ...part, isInstead: true }]);
    const failed = { isInstead: true, files: [{ path: "a.json", diagnostics: [{ code: "out-of-memory" }] }] };
    expect(said.slice(2)).toMatchObject([failures === 2 ? failed : part]);
  });
});

describe("the threads", () => {
  const pool = poolExecutor(image, 1, { memoryMb: 64, taskSeconds: 1 });
  afterAll(() => pool.close());
  const slow: Shard = {
    ...shard,
    documents: [{ text: JSON.stringify(slowPolicy(400)), wantsGrants: true }],
    units: [{ unitId: 1, document: 0, unused: 0 }],
  };

  test("end what takes too long, and not what waits behind it", async () => {
    const [late, ...others] = await Promise.allSettled([pool.refine(slow), pool.refine(shard), pool.refine(shard)]);
    expect(late).toMatchObject({ status: "rejected", reason: { code: "out-of-time" } });
    expect(others.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
  });
});

test("a thread that is busy itself takes nobody's time: what has arrived meanwhile counts", async () => {
  let isSpent = false;
  const allowance = allowanceOf(0.05, () => (isSpent = true));
  const { port1, port2 } = new MessageChannel();
  const arrived = new Promise<void>((resolve) => {
    port1.addEventListener("message", () => {
      allowance.end();
      resolve();
    });
    port1.start();
  });
  allowance.begin();
  port2.postMessage("done");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200); // longer than the allowance
  await arrived;
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(isSpent).toBe(false);
  port1.close();
});
