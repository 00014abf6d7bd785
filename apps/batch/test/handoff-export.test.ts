import { spawnSync } from "node:child_process";
import { lstatSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { OutputFolder } from "../src/handoff/output-folder.ts";
import {
  DEMO,
  type PolicyDocument,
  type Recommendation,
  accountWith,
  allowing,
  exported,
  jsonLines,
  leastwise,
  refined,
  temporaryFolder,
  write,
} from "./leastwise.ts";
import { stubAws } from "./stub-aws/run-script.ts";
import { StubIam } from "./stub-aws/stub-iam.ts";

const folder = temporaryFolder();
const run = stubAws();
const db = refined(folder, "org.db", DEMO);
const all = jsonLines(exported(db)) as readonly Recommendation[]; // what the program wrote
const SHARED = "arn:aws:iam::123456789012:policy/shop/ShopCatalogAccess";

/** Exports into a new folder and gives it. */
function handed(name: string, ...args: readonly string[]): string {
  const out = join(folder, name);
  const { code, out: data } = leastwise("export", "--db", db, "--out", out, ...args);
  expect({ code, data }).toEqual({ code: 0, data: "" });
  return out;
}

/** The account as its recommendations say that it is. */
function stubOf(account: string): StubIam {
  const iam = new StubIam();
  iam.account = account;
  for (const { accountId, scope, principalArn, policyId, policyName, policyKind, existingPolicy } of all) {
    if (accountId !== account || scope !== "principal") continue;
    const principal = iam.principal(keyOf(principalArn));
    if (policyKind === "inline") principal.inline.set(policyName, JSON.stringify(existingPolicy));
    else {
      if (!iam.policies.has(policyId)) iam.managed(policyId, existingPolicy);
      principal.attached.add(policyId);
    }
  }
  return iam;
}

function keyOf(arn: string): string {
  const [kind = ""] = arn.slice(arn.lastIndexOf(":") + 1).split("/");
  return `${kind}/${arn.slice(arn.lastIndexOf("/") + 1)}`;
}

/** By principal, the documents it should have in the end: Identity Center roles keep theirs, shared policies change in place. */
function wantedOf(account: string): ReadonlyMap<string, readonly unknown[]> {
  const inPlace = new Map(all.filter(({ scope }) => scope === "policy").map((line) => [line.policyId, line]));
  const wanted = new Map<string, unknown[]>();
  for (const line of all) {
    if (line.accountId !== account || line.scope !== "principal") continue;
    const answer = inPlace.get(line.policyId) ?? line;
    const isKept = answer.recommendedAction === "NONE" || line.principalArn.includes("AWSReservedSSO_");
    const document = isKept ? line.existingPolicy : answer.recommendedPolicy;
    wanted.set(keyOf(line.principalArn), [
      ...(wanted.get(keyOf(line.principalArn)) ?? []),
      ...(document === null ? [] : [document]),
    ]);
  }
  return wanted;
}

function sorted(documents: readonly unknown[]): readonly string[] {
  return documents.map((document) => JSON.stringify(document)).sort();
}

describe("export --format aws-cli of the demo organization", () => {
  const out = handed("changes", "--format", "aws-cli");
  const accounts = readdirSync(out).filter((name) => name !== "README.txt");

  test("has a folder for each account in which something changes", () => {
    const changing = all
      .filter(({ recommendedAction }) => recommendedAction !== "NONE")
      .map(({ accountId }) => accountId);
    expect(accounts).toEqual([...new Set(changing)].sort());
  });

  test.each(accounts)(
    "%s: apply gives every principal the recommended documents, rollback the old ones",
    async (account) => {
      const iam = stubOf(account);
      const before = iam.snapshot();
      const wanted = wantedOf(account);
      expect(await run(iam, join(out, account, "apply.sh"), "--apply", "--settle", "0")).toMatchObject({
        code: 0,
        err: "",
      });
      for (const [key, documents] of wanted) {
        expect([key, sorted(iam.effective(key))]).toEqual([key, sorted(documents)]);
      }
      expect(await run(iam, join(out, account, "rollback.sh"), "--apply", "--settle", "0")).toMatchObject({
        code: 0,
        err: "",
      });
      expect(iam.snapshot()).toEqual(before);
    },
  );

  test("leaves Identity Center roles to a person: with both documents, and not in the script", () => {
    const list = readFileSync(join(out, "111122223333/not-applied.txt"), "utf8");
    expect(list).toMatch(
      /AWSReservedSSO_PlatformAdmin_8f3c1d2e4b5a6978\tCloudWatchReadOnlyAccess\tthe change belongs in the permission set/,
    );
    expect(readFileSync(join(out, "111122223333/apply.sh"), "utf8")).not.toContain("AWSReservedSSO");
    const stem = join(
      out,
      "111122223333/permission-sets/role/AWSReservedSSO_PlatformAdmin_8f3c1d2e4b5a6978/aws-CloudWatchReadOnlyAccess",
    );
    const line = all.find(({ policyName }) => policyName === "CloudWatchReadOnlyAccess");
    expect(JSON.parse(readFileSync(`${stem}.before.json`, "utf8"))).toEqual(line?.existingPolicy);
    expect(JSON.parse(readFileSync(`${stem}.after.json`, "utf8"))).toEqual(line?.recommendedPolicy);
  });

  test("says by which rule somebody is left alone", () => {
    expect(readFileSync(join(out, "123456789012/not-applied.txt"), "utf8")).toContain(
      "shop-emergency-restore\trestore-orders\tleft alone: unused-principal\n",
    );
  });

  test("changes a shared policy once, or with --shared copies gives each holder its own", () => {
    const inPlace = readFileSync(join(out, "123456789012/apply.sh"), "utf8");
    expect(inPlace.match(/ShopCatalogAccess/g)).toHaveLength(2); // in one line: its id and its ARN
    expect(inPlace).toContain(`new_version 'policy/ShopCatalogAccess' '${SHARED}'`);
    const copies = readFileSync(
      join(handed("copies", "--format", "aws-cli", "--shared", "copies"), "123456789012/apply.sh"),
      "utf8",
    );
    expect(copies).not.toContain("new_version 'policy/ShopCatalogAccess'");
    const changing = all.filter(
      ({ scope, policyId, recommendedAction }) =>
        scope === "principal" && policyId === SHARED && recommendedAction !== "NONE",
    );
    expect(changing.length).toBeGreaterThan(0);
    expect(
      copies
        .split("\n")
        .filter((line) => line.startsWith("  swap ") && line.includes(`'${SHARED}' 'ShopCatalogAccess-`)),
    ).toHaveLength(changing.length);
  });

  test("says the same a second time, byte for byte", () => {
    const again = handed("again", "--format", "aws-cli");
    const { status, stdout } = spawnSync("diff", ["-r", "-x", "applied.log", out, again], { encoding: "utf8" });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  });

  test("scripts may be executed, and hold nothing unfinished", () => {
    expect(lstatSync(join(out, "123456789012/apply.sh")).mode & 0o111).not.toBe(0);
    expect((readdirSync(out, { recursive: true }) as string[]).filter((name) => name.endsWith(".part"))).toEqual([]);
  });
});

describe("names of a hostile export", () => {
  const names = ["a b", "x\nrm -rf ~", "$(id)", "`id`", "'; id; '", "../../etc/passwd", "-rf", "..", "\u202e"];
  const policies = Object.fromEntries(names.map((name) => [name, allowing("s3:*", "sqs:GetQueueUrl")]));
  const inputs = [
    write(folder, "hostile.json", accountWith("123456789012", { fine: policies })),
    write(folder, "unused.json", [
      { arn: "arn:aws:iam::123456789012:role/fine", unused: [{ serviceNamespace: "s3" }] },
    ]),
  ];
  const hostile = refined(folder, "hostile.db", ...inputs);
  const out = join(folder, "hostile-out");
  const { code, err } = leastwise("export", "--db", hostile, "--format", "aws-cli", "--out", out);

  test("get into no script where IAM does not allow them, and are told of", () => {
    expect(code).toBe(3);
    expect(err).toContain("of these 7 with names that IAM does not allow");
    const calls = readFileSync(join(out, "123456789012/apply.sh"), "utf8")
      .split("\n")
      .filter((line) => line.startsWith("  put_inline"));
    expect(calls).toEqual([
      "  put_inline 'role/fine/inline--rf' 'role' 'fine' '-rf'",
      "  put_inline 'role/fine/inline-..' 'role' 'fine' '..'",
    ]);
    const list = readFileSync(join(out, "123456789012/not-applied.txt"), "utf8").trimEnd().split("\n");
    expect(list).toHaveLength(7);
    for (const line of list)
      expect(line).toMatch(/^arn:aws:iam::123456789012:role\/fine\t[ -~]+\tIAM allows no such name/);
  });

  test("leave nothing outside the folder", () => {
    const files = (readdirSync(out, { recursive: true }) as string[]).filter((name) =>
      lstatSync(join(out, name)).isFile(),
    );
    expect(files.sort()).toEqual(
      [
        "README.txt",
        ...[
          "apply.sh",
          "rollback.sh",
          "not-applied.txt",
          ...["-rf", ".."].flatMap((name) => [
            `policies/role/fine/inline-${name}.before.json`,
            `policies/role/fine/inline-${name}.after.json`,
          ]),
        ].map((name) => `123456789012/${name}`),
      ].sort(),
    );
  });

  test("a legal name that looks like an option is none", async () => {
    const iam = new StubIam();
    const principal = iam.principal("role/fine");
    for (const name of ["-rf", ".."]) principal.inline.set(name, JSON.stringify(policies[name]));
    expect(await run(iam, join(out, "123456789012/apply.sh"), "--apply")).toMatchObject({ code: 0, err: "" });
    expect(iam.effective("role/fine")).toEqual([allowing("sqs:GetQueueUrl"), allowing("sqs:GetQueueUrl")]);
  });
});

describe("names that IAM gives but once in an account", () => {
  const wide = allowing("s3:*", "sqs:GetQueueUrl");
  const account = accountWith("123456789012", { Twin: { read: wide }, other: { read: wide } });
  const [twin, other] = account["RoleDetailList"] as readonly Readonly<Record<string, unknown>>[]; // as it was made
  const twins: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    "of another path, from before it was made anew": { Path: "/old/", Arn: "arn:aws:iam::123456789012:role/old/Twin" },
    "of another case": { RoleName: "twin", Arn: "arn:aws:iam::123456789012:role/twin" },
    "of another partition": { Arn: "arn:aws-cn:iam::123456789012:role/Twin" },
  };

  test.each(Object.entries(twins))("a second one %s is left out, and the rest written", (name, change) => {
    const second: Readonly<Record<string, unknown>> = { ...twin, RoleId: "AROASECOND", ...change };
    const arns = [twin?.["Arn"], other?.["Arn"], second["Arn"]];
    const inputs = [
      write(folder, `${name}.json`, { ...account, RoleDetailList: [twin, other, second] }),
      write(
        folder,
        `${name}.unused.json`,
        arns.map((arn) => ({ arn, unused: [{ serviceNamespace: "s3" }] })),
      ),
    ];
    const twinDb = refined(folder, `${name}.db`, ...inputs);
    for (const format of ["aws-cli", "terraform"]) {
      const out = join(folder, `${name} ${format}`);
      const { code } = leastwise("export", "--db", twinDb, "--format", format, "--out", out);
      expect(code).toBe(3);
      const list = readFileSync(join(out, "123456789012/not-applied.txt"), "utf8").trimEnd().split("\n");
      expect(list).toEqual(
        list.map(() => expect.stringContaining("another one of the account has its name") as string),
      );
      expect(list).toHaveLength(name === "of another partition" ? 2 : 1);
    }
  });
});

describe("the folder", () => {
  test("is needed for what is no single stream", () => {
    for (const format of ["aws-cli", "terraform", "patches"]) {
      const { code, err } = leastwise("export", "--db", db, "--format", format);
      expect({ code, err }).toEqual({
        code: 2,
        err: `leastwise: \`--format ${format}\` needs --out DIR\nname a folder that is not there yet\n`,
      });
    }
  });

  test("is not written into where something lies in it", () => {
    const full = join(folder, "full");
    write(full, "applied.log", "precious");
    const { code, err } = leastwise("export", "--db", db, "--format", "aws-cli", "--out", full);
    expect(code).toBe(2);
    expect(err).toContain("is not empty");
    expect(readdirSync(full)).toEqual(["applied.log"]);
  });

  test("that cannot be made is an I/O error", () => {
    const { code, err } = leastwise(
      "export",
      "--db",
      db,
      "--format",
      "aws-cli",
      "--out",
      join(write(folder, "file", "x"), "out"),
    );
    expect(code).toBe(4);
    expect(err).toContain("cannot be written");
  });

  test("takes safe names alone, and never follows a link that somebody puts there", () => {
    const root = join(folder, "safe");
    const output = new OutputFolder(root);
    for (const path of ["../x", "a/../../x", "/etc/x", "a//b", ".", "a\nb", "a b"])
      expect(() => output.write(path, "")).toThrow("safe path");
    symlinkSync(join(folder, "elsewhere"), join(root, "link"));
    writeFileSync(join(folder, "elsewhere"), "kept");
    expect(() => output.write("link", "gone")).toThrow("cannot be written");
    symlinkSync(join(folder, "elsewhere"), join(root, "script.part"));
    expect(() => output.begin("script")).toThrow("cannot be written");
    expect(readFileSync(join(folder, "elsewhere"), "utf8")).toBe("kept");
  });

  test("--shared is for what is applied by program", () => {
    expect(
      leastwise("export", "--db", db, "--format", "patches", "--out", join(folder, "p"), "--shared", "copies").code,
    ).toBe(2);
    expect(leastwise("export", "--db", db, "--format", "jsonl", "--shared", "copies").code).toBe(2);
  });
});

describe("export --format patches", () => {
  test("gives a patch an account that `git apply` takes, on the tree that the paths name", () => {
    const out = handed("patches", "--format", "patches");
    const tree = join(folder, "tree");
    const patches = readdirSync(out);
    expect(patches).toEqual(
      [
        ...new Set(
          all
            .filter(({ recommendedAction }) => recommendedAction !== "NONE")
            .map(({ accountId }) => `${accountId}.patch`),
        ),
      ].sort(),
    );
    const joined = patches.map((name) => readFileSync(join(out, name), "utf8")).join("");
    for (const piece of leastwise("export", "--db", db, "--format", "diff").out.split(/^(?=diff --git )/m))
      expect(joined).toContain(piece);
    const changed = all.filter(({ recommendedAction }) => recommendedAction !== "NONE");
    for (const line of changed) {
      const owner = line.scope === "policy" ? line.policyId : line.principalArn;
      const path = `${line.accountId}/${owner.slice(owner.lastIndexOf(":") + 1)}/${line.policyKind}-${line.policyName}.json`;
      write(tree, path, `${JSON.stringify(line.existingPolicy, null, 2)}\n`);
    }
    for (const name of patches) {
      const text = readFileSync(join(out, name), "utf8");
      expect(text).toMatch(new RegExp(`^diff --git a/${name.slice(0, 12)}/`));
      for (const flags of [["--check"], []]) {
        const { status, stderr } = spawnSync("git", ["apply", ...flags, join(out, name)], {
          cwd: tree,
          encoding: "utf8",
          env: { PATH: process.env["PATH"] ?? "", GIT_CEILING_DIRECTORIES: dirname(tree) },
        });
        expect({ name, status, stderr }).toEqual({ name, status: 0, stderr: "" });
      }
    }
    const mine = JSON.parse(
      readFileSync(join(tree, "123456789012/role/MyRole/inline-MyRolePolicy.json"), "utf8"),
    ) as PolicyDocument; // it was one
    expect(mine).toEqual(all.find(({ policyName }) => policyName === "MyRolePolicy")?.recommendedPolicy);
  });
});

describe("export --format csv", () => {
  test("is a row for each line of the JSON, with the same answers", () => {
    const { code, out } = leastwise("export", "--db", db, "--format", "csv");
    expect(code).toBe(0);
    const [head = "", ...rows] = out.trimEnd().split("\n");
    expect(head).toBe(
      "account_id,scope,principal_arn,principal_kind,policy_key,policy_kind,policy_name,recommended_action,actions_before,actions_after,characters_before,characters_after,size_before,size_after,size_limit,form,fit,parts,left_because,existing_policy,recommended_policy,catalog_sha256",
    );
    expect(rows.map((row) => row.split(",").slice(0, 2))).toEqual(
      all.map(({ accountId, scope }) => [accountId, scope]),
    );
    for (const [i, { recommendedPolicy, recommendedAction }] of all.entries()) {
      expect(rows[i]).toContain(`,${recommendedAction},`);
      const text = recommendedPolicy === null ? "" : JSON.stringify(recommendedPolicy);
      expect(rows[i]).toContain(text.replaceAll('"', '""'));
    }
    const path = join(folder, "all.csv");
    expect(leastwise("export", "--db", db, "--format", "csv", "--out", path)).toEqual({ code: 0, out: "", err: "" });
    expect(readFileSync(path, "utf8")).toBe(out);
  });

  test("gives a spreadsheet no formula and a terminal no control character", () => {
    const input = write(
      folder,
      "formula.json",
      accountWith("123456789012", { fine: { "=HYPERLINK(1)": allowing("s3:*"), '@\u001b[2J,"': allowing("s3:*") } }),
    );
    const { out } = leastwise("export", "--db", refined(folder, "formula.db", input), "--format", "csv");
    expect(out).toContain(",'=HYPERLINK(1),");
    expect(out).toContain(`,"'@\\u001B[2J,""",`);
    expect(out).not.toContain("\u001b");
  });
});
