import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CASES, type HandoffAccount } from "./handoff-account.ts";
import { NOW, handoffs } from "./handoff-runs.ts";
import { allowing } from "./leastwise.ts";
import { type StubIam, isWrite } from "./stub-aws/stub-iam.ts";

const { made, run } = handoffs({ asFunction: true });

const OWN = "arn:aws:iam::123456789012:policy/Own";
const S3_ALL = "arn:aws:iam::aws:policy/service-role/S3All";
const SHARED = "arn:aws:iam::123456789012:policy/Shared";

function own(account: HandoffAccount): void {
  account.managed("role/checkout", OWN, { before: allowing("s3:*"), after: [allowing("s3:Get*")] });
}
function inline(account: HandoffAccount): void {
  account.inline("role/checkout", "orders", { before: allowing("s3:*"), after: [allowing("s3:Get*")] });
}
const copied = CASES["an AWS managed policy gets a copy"]!; // one of them
const shared = CASES["a shared policy in place"]!; // one of them

describe("apply stops, with nothing changed, when AWS has not what was analysed:", () => {
  const drifts: readonly (readonly [string, (account: HandoffAccount) => void, (iam: StubIam) => void, string])[] = [
    [
      "an inline policy",
      inline,
      (iam) => void iam.principal("role/checkout").inline.set("orders", JSON.stringify(allowing("s3:*", "sqs:*"))),
      "is not the one that was analysed",
    ],
    [
      "an inline policy that is gone",
      inline,
      (iam) => iam.principal("role/checkout").inline.clear(),
      "the policy is gone",
    ],
    [
      "a principal that is gone",
      copied,
      (iam) => void iam.principals.delete("role/checkout"),
      "there is no such role any more",
    ],
    [
      "a customer managed policy",
      own,
      (iam) => void iam.managed(OWN, allowing("s3:*"), allowing("s3:List*")),
      "is not the one that was analysed",
    ],
    ["a customer managed policy that is gone", own, (iam) => void iam.policies.delete(OWN), "the policy is gone"],
    [
      "a policy that somebody else has by now",
      own,
      (iam) => void iam.principal("user/new one".replace(" ", "-")).attached.add(OWN),
      "somebody who was not looked at: user new-one",
    ],
    [
      "a shared policy that one more has",
      shared,
      (iam) => void iam.principal("role/None").attached.add(SHARED),
      "somebody who was not looked at: role None",
    ],
    [
      "a policy that is a boundary by now",
      own,
      (iam) => void (iam.policies.get(OWN)!.boundaries = 1),
      "it is a permissions boundary",
    ], // it was made so
    [
      "an AWS managed policy that AWS has changed",
      copied,
      (iam) => void iam.managed(S3_ALL, allowing("s3:*"), allowing("s3:*", "s3express:*")),
      "is not the one that was analysed",
    ],
    [
      "an AWS managed policy that is not attached any more",
      copied,
      (iam) => void iam.principal("role/checkout").attached.delete(S3_ALL),
      "the policy is not attached any more",
    ],
    [
      "a policy that has the name of the copy",
      copied,
      (iam) => void iam.managed(copyOf(iam), allowing("iam:*")),
      "with another document",
    ],
    [
      "a principal with as many policies as may be",
      copied,
      (iam) => void (iam.quota = 1),
      "more than 1 managed policies",
    ],
  ];

  test.each(drifts)("%s", async (_name, build, drift, message) => {
    const { iam, apply, folder } = made(build);
    drift(iam);
    const before = iam.snapshot();
    const dry = await run(iam, apply);
    expect(dry.code).toBe(1);
    expect(dry.err).toContain(message);
    const { code, err } = await run(iam, apply, ...NOW);
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(err).toContain("--keep-going");
    expect({ writes: iam.writes, state: iam.snapshot() }).toEqual({ writes: [], state: before });
    expect(readFileSync(join(folder, "applied.log"), "utf8")).not.toMatch(/\tbegin\t/);
    const left = await run(iam, join(folder, "rollback.sh"), ...NOW); // what it has not touched it does not take back
    expect({ code: left.code, writes: iam.writes, state: iam.snapshot() }).toEqual({
      code: 0,
      writes: [],
      state: before,
    });
  });

  function copyOf(iam: StubIam): string {
    const [change] = made(copied).account.plan().flat();
    if (change?.type !== "swap") throw new Error("its one change is a swap");
    return `arn:aws:iam::${iam.account}:policy/leastwise/${change.copies[0] ?? ""}`;
  }
});

test("an order of keys and spaces of AWS's own is no difference", async () => {
  const { iam, apply } = made(inline);
  iam
    .principal("role/checkout")
    .inline.set(
      "orders",
      '{ "Statement":[{"Resource":"*", "Action":["s3:*"],"Effect":"Allow"}],\n"Version":"2012-10-17"}',
    );
  expect(await run(iam, apply, ...NOW)).toMatchObject({ code: 0, err: "" });
});

test("every character that a document may hold survives the comparison and the way there", async () => {
  const odd = {
    Version: "2012-10-17",
    Statement: [
      { Sid: "a", Effect: "Allow", Action: ["s3:*"], Resource: "arn:aws:s3:::${aws:username}/`'\"\\$(id)é%{x}\t*" },
    ],
  };
  const { iam, apply, rollback } = made((account) =>
    account.inline("role/checkout", "odd", {
      before: odd,
      after: [{ ...odd, Statement: [{ ...odd.Statement[0], Action: ["s3:Get*"] }] }],
    }),
  );
  const before = iam.snapshot();
  expect(await run(iam, apply, ...NOW)).toMatchObject({ code: 0, err: "" });
  const put = JSON.parse(iam.principal("role/checkout").inline.get("odd") ?? "") as typeof odd;
  expect(put.Statement[0]).toEqual({ ...odd.Statement[0], Action: ["s3:Get*"] });
  expect(await run(iam, rollback, ...NOW)).toMatchObject({ code: 0, err: "" });
  expect(iam.snapshot()).toEqual(before);
});

test("--keep-going passes over what differs, does the rest and ends with 1", async () => {
  const { iam, apply } = made(inline, own);
  iam.principal("role/checkout").inline.set("orders", JSON.stringify(allowing("sqs:*")));
  const { code, out, err } = await run(iam, apply, ...NOW, "--keep-going");
  expect(code).toBe(1);
  expect(err).toContain("the policy in AWS is not the one that was analysed");
  expect(out).toContain("changes made: 1; as they should be already: 0; passed over: 1");
  expect(iam.writes).toHaveLength(1);
});

test.each(["checkout", "role/checkout", "orders", "role/checkout/inline-orders"])(
  "--only %s means the changes of that principal or policy and no others",
  async (name) => {
    const { iam, apply } = made(inline, (account) => {
      account.inline("user/checkout2", "orders2", { before: allowing("s3:*"), after: [allowing("s3:Get*")] });
    });
    expect(await run(iam, apply, ...NOW, "--only", name)).toMatchObject({ code: 0 });
    expect(iam.writes).toEqual([expect.stringContaining("put-role-policy --role-name=checkout --policy-name=orders ")]);
  },
);

test("--only of a name that nothing has is an error", async () => {
  const { iam, apply } = made(inline);
  expect(await run(iam, apply, ...NOW, "--only", "Checkout")).toMatchObject({ code: 2 });
  expect(iam.writes).toEqual([]);
});

test("an option that it does not know changes nothing", async () => {
  const { iam, apply } = made(inline);
  expect(await run(iam, apply, "--aply")).toMatchObject({
    code: 2,
    err: "apply.sh: unknown option `--aply`\nsee --help\n",
  });
  expect(iam.calls).toEqual([]);
});

test("credentials of another account change nothing, either way", async () => {
  const { iam, apply, rollback } = made(inline);
  iam.account = "999999999999";
  for (const script of [apply, rollback]) {
    const { code, err } = await run(iam, script, ...NOW);
    expect(code).toBe(3);
    expect(err).toContain("these are credentials of account 999999999999, the changes are for account 123456789012");
  }
  expect(iam.calls).toHaveLength(2);
});

test("an edited document is the one that is applied: people may give back what they miss", async () => {
  const { iam, apply, folder } = made(inline);
  writeFileSync(
    join(folder, "policies/role/checkout/inline-orders.after.json"),
    JSON.stringify(allowing("s3:Get*", "s3:`x")),
  );
  expect(await run(iam, apply, ...NOW)).toMatchObject({ code: 0, err: "" });
  expect(JSON.parse(iam.principal("role/checkout").inline.get("orders") ?? "")).toEqual(allowing("s3:Get*", "s3:`x"));
  expect(await run(iam, apply, ...NOW)).toMatchObject({
    code: 0,
    out: expect.stringContaining("already applied") as string,
  });
});

describe("rollback", () => {
  test("leaves what was changed after it was applied, takes back the rest, and ends with 1", async () => {
    const { iam, apply, rollback } = made(own, inline); // taken back from the last
    await run(iam, apply, ...NOW);
    iam.principal("role/checkout").inline.set("orders", JSON.stringify(allowing("s3:Get*", "sqs:*")));
    const { code, err } = await run(iam, rollback, ...NOW);
    expect(code).toBe(1);
    expect(err).toContain("the policy in AWS is not the one that was applied");
    expect(JSON.parse(iam.principal("role/checkout").inline.get("orders") ?? "")).toEqual(allowing("s3:Get*", "sqs:*"));
    expect(iam.effective("role/checkout")).toContainEqual(allowing("s3:*"));
  });

  test("brings a changed copy's original back all the same, and leaves the copy, detached", async () => {
    const { iam, apply, rollback } = made(copied);
    await run(iam, apply, ...NOW);
    const [copy = ""] = iam.principal("role/checkout").attached;
    iam.managed(copy, allowing("s3:Get*", "sqs:*"));
    expect(await run(iam, rollback, ...NOW)).toMatchObject({
      code: 0,
      out: expect.stringContaining(`${copy} was changed since and is left`) as string,
    });
    expect([...iam.principal("role/checkout").attached]).toEqual([S3_ALL]);
    expect(iam.policies.has(copy)).toBe(true);
  });

  test("deletes a copy only when nobody else has got it", async () => {
    const { iam, apply, rollback } = made(copied);
    await run(iam, apply, ...NOW);
    const [copy = ""] = iam.principal("role/checkout").attached;
    iam.principal("user/other").attached.add(copy);
    expect(await run(iam, rollback, ...NOW)).toMatchObject({ code: 0 });
    expect(iam.policies.has(copy)).toBe(true);
    iam.principal("user/other").attached.delete(copy);
    expect(await run(iam, rollback, ...NOW)).toMatchObject({ code: 0 });
    expect(iam.policies.has(copy)).toBe(false);
  });

  test("does not attach again what somebody else detached: it was not applied from here", async () => {
    const { iam, rollback, apply } = made(CASES["a customer managed policy is detached"]!); // one of them
    iam.principal("group/team").attached.clear();
    expect(await run(iam, apply, ...NOW)).toMatchObject({ code: 0 });
    expect(await run(iam, rollback, ...NOW)).toMatchObject({ code: 0 });
    expect([...iam.principal("group/team").attached]).toEqual([]);
  });

  test("goes by the last that the log says", async () => {
    const { iam, apply, rollback, folder } = made(inline);
    await run(iam, apply, ...NOW);
    const after = iam.snapshot();
    appendFileSync(join(folder, "applied.log"), "2026-01-01T00:00:00Z\tundone\trole/checkout/inline-orders\n");
    expect(await run(iam, rollback, ...NOW)).toMatchObject({ code: 0 });
    expect(iam.snapshot()).toEqual(after);
  });

  test("goes on with the others where a call fails, and ends with 4", async () => {
    const { iam, apply, rollback } = made(inline, copied, (account) =>
      account.inline("user/ops", "ops", { before: allowing("ec2:*"), after: [allowing("ec2:Describe*")] }),
    );
    const before = iam.snapshot();
    await run(iam, apply, ...NOW);
    iam.calls.length = 0;
    await run(iam, rollback, ...NOW);
    const writes = iam.calls.flatMap((words, i) => (isWrite(words) ? [i + 1] : []));
    expect(writes.length).toBeGreaterThan(4);
    for (const call of writes) {
      await run(iam, apply, ...NOW);
      iam.calls.length = 0;
      iam.failing = { call, when: "before" };
      const { code, out, err } = await run(iam, rollback, ...NOW);
      iam.failing = undefined;
      expect(code).toBe(4);
      expect(err).toContain("calls of AWS that failed: 1");
      expect(out).toContain("changes taken back: 2;");
      expect(await run(iam, rollback, ...NOW)).toMatchObject({ code: 0, err: "" });
      expect(iam.snapshot()).toEqual(before);
    }
  });

  test("gives versions back to the policy they were of, and to none whose name begins the same", async () => {
    const { iam, apply, rollback } = made((account) => {
      for (const name of ["Own", "Own.v1", "Own.v1.x"]) {
        const change = { before: allowing("s3:*"), after: [allowing("s3:Get*")] };
        account.managed(
          "role/checkout",
          account.arn(`policy/${name}`),
          change,
          [1, 2, 3, 4].map((n) => allowing(`s3:${name}${n}`)),
        );
      }
    });
    const before = iam.snapshot();
    await run(iam, apply, ...NOW);
    iam.policies.get(OWN)!.versions.splice(0, 1); // it has five; somebody has made room since
    await run(iam, rollback, ...NOW);
    const texts = iam.policies
      .get(OWN)!
      .versions.map(({ text }) => text)
      .join(); // it has versions
    expect(texts).toContain("s3:Own1");
    expect(texts).not.toContain("s3:Own.v1");
    expect(iam.snapshot()).not.toEqual(before);
  });

  test("without the log says so: there may be much to take back, and it cannot be told", async () => {
    const { iam, apply, rollback, folder } = made(inline);
    await run(iam, apply, ...NOW);
    rmSync(join(folder, "applied.log"));
    const { code, err } = await run(iam, rollback, ...NOW);
    expect(code).toBe(2);
    expect(err).toContain("there is no applied.log here");
  });
});

test("a list of holders that is missing lets nobody pass", async () => {
  const { iam, apply, folder } = made(own);
  rmSync(join(folder, "policies/role/checkout/customer-Own.holders.txt"));
  const { code, err } = await run(iam, apply, ...NOW);
  expect({ code, writes: iam.writes }).toEqual({ code: 4, writes: [] });
  expect(err).toContain("customer-Own.holders.txt` cannot be read");
});

test("indentation is no part of what the CLI is given: an argument has a limit", async () => {
  const actions = Array.from({ length: 200 }, (_, i) => `s3:Get${i}`);
  const { iam, apply } = made((account) =>
    account.inline("role/checkout", "orders", { before: allowing(...actions), after: [allowing("s3:Get1")] }),
  );
  expect(await run(iam, apply)).toMatchObject({ code: 0 });
  const queries = iam.calls.flat().filter((word) => word.startsWith("PolicyDocument == "));
  expect(queries).toHaveLength(1);
  expect(queries[0]).not.toMatch(/\n| {2}/);
});

test("somebody's own settings of the CLI's output do not hide that a policy is gone", () => {
  const { apply, folder } = made(inline);
  const aws = join(folder, "bin/aws");
  mkdirSync(join(folder, "bin"));
  const refusal = "An error occurred (NoSuchEntity) when calling the GetRolePolicy operation: none";
  writeFileSync(
    aws,
    `#!/usr/bin/env bash
if [ "$1" = sts ]; then echo 123456789012; exit; fi
if [ "$AWS_CLI_ERROR_FORMAT $AWS_DEFAULT_OUTPUT" = "legacy json" ]; then echo '${refusal}' >&2; else echo '{"Code": "NoSuchEntity"}' >&2; fi
exit 254
`,
    { mode: 0o755 },
  );
  const env = {
    PATH: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}`,
    AWS_CLI_ERROR_FORMAT: "json",
    AWS_DEFAULT_OUTPUT: "yaml",
  };
  const { status, stderr } = spawnSync("bash", [apply], { env, encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining("the policy is gone") as string });
});

test("the log tells every call that may change something, before it is made", async () => {
  const { iam, apply, folder } = made(copied);
  iam.failing = { call: 8, when: "after" };
  await run(iam, apply, ...NOW);
  const log = readFileSync(join(folder, "applied.log"), "utf8");
  const calls = log.split("\n").filter((line) => line.includes("\tcall\taws iam "));
  expect(calls).toHaveLength(iam.writes.length);
  expect(log).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\tstart\t123456789012\n/);
  expect(existsSync(join(folder, "removed-versions"))).toBe(false);
});

test("a folder in which the log cannot be written is no place to apply from", async () => {
  const { iam, apply, folder } = made(inline);
  mkdirSync(join(folder, "applied.log"));
  const { code, err } = await run(iam, apply, ...NOW);
  expect(code).toBe(4);
  expect(err).toContain("`applied.log` cannot be written");
  expect(iam.writes).toEqual([]);
});
