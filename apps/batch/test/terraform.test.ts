import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fileText, resourceName, templateText } from "../src/handoff/terraform-names.ts";
import { CASES, HandoffAccount } from "./handoff-account.ts";
import { DEMO, allowing, leastwise, refined, temporaryFolder } from "./leastwise.ts";

type Values = Readonly<Record<string, unknown>>;
interface Item {
  readonly import?: readonly { readonly to: string; readonly id: string }[];
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Values>>>>;
}
interface Configuration {
  readonly imports: ReadonlyMap<string, string>;
  /** By address. */
  readonly resources: ReadonlyMap<string, Values>;
  readonly folder: string;
}

const folder = temporaryFolder();
let folders = 0;

function written(...builds: readonly ((account: HandoffAccount) => void)[]): Configuration {
  const account = new HandoffAccount();
  for (const build of builds) build(account);
  return read(account.writeTerraform(join(folder, String(folders++))));
}

function read(path: string): Configuration {
  const items = JSON.parse(readFileSync(join(path, "main.tf.json"), "utf8")) as readonly Item[]; // what was just written
  const addresses = items.flatMap(({ resource = {} }) =>
    Object.entries(resource).flatMap(([type, named]) =>
      Object.entries(named).map(([name, values]) => [`${type}.${name}`, values] as const),
    ),
  );
  expect(new Set(addresses.map(([address]) => address)).size).toBe(addresses.length);
  const imports = items.flatMap((item) => item.import ?? []);
  return { folder: path, imports: new Map(imports.map(({ to, id }) => [to, id])), resources: new Map(addresses) };
}

/** Resources of a type, with the ids by which they are imported. */
function ofType(
  { resources, imports }: Configuration,
  type: string,
): readonly (readonly [Values, string | undefined])[] {
  return [...resources]
    .filter(([address]) => address.startsWith(`${type}.`))
    .map(([address, values]) => [values, imports.get(address)]);
}

const ARN = "arn:aws:iam::123456789012:policy";

describe("of each kind of change", () => {
  test("inline policies are imported as OWNER:NAME, their documents taken from files", () => {
    const configuration = written(CASES["an inline policy gets smaller"]!); // one of them
    const [[role, id] = []] = ofType(configuration, "aws_iam_role_policy");
    expect({ role, id }).toEqual({
      role: {
        role: "-checkout",
        name: "read,orders=@+.",
        policy: '${file("${path.module}/policies/role/-checkout/inline-read,orders=@+..${var.documents}.json")}',
        lifecycle: { prevent_destroy: true },
      },
      id: "-checkout:read,orders=@+.",
    });
    expect(ofType(configuration, "aws_iam_user_policy")).toMatchObject([[{ user: "ops" }, "ops:ops"]]);
    expect(ofType(configuration, "aws_iam_group_policy")).toMatchObject([[{ group: "team" }, "team:team"]]);
    for (const stage of ["before", "after"]) {
      expect(
        existsSync(join(configuration.folder, `policies/role/-checkout/inline-read,orders=@+..${stage}.json`)),
      ).toBe(true);
    }
  });

  test("a customer managed policy is imported by its ARN and never made anew", () => {
    const path = "/t${x}%{y}$$/";
    const configuration = written((account) => {
      account.managed("role/a", `${ARN}${path}Own`, { before: allowing("s3:*"), after: [allowing("s3:Get*")] });
    });
    expect(ofType(configuration, "aws_iam_policy")).toEqual([
      [
        {
          name: "Own",
          path: "/t$${x}%%{y}$$/",
          policy: '${file("${path.module}/policies/role/a/customer-Own.${var.documents}.json")}',
          lifecycle: { prevent_destroy: true, ignore_changes: ["description", "tags", "tags_all"] },
        },
        `${ARN}/t$\${x}%%{y}$$/Own`,
      ],
    ]);
  });

  test("a copy is attached before the exclusive list, which is imported, leaves the old one out", () => {
    const configuration = written(CASES["an AWS managed policy gets a copy"]!, (account) => {
      account.managed("role/checkout", `${ARN}/Kept`, { before: allowing("sqs:*"), after: [allowing("sqs:*")] });
    });
    const [[copy, imported] = []] = ofType(configuration, "aws_iam_policy");
    expect({ path: copy?.["path"], policy: copy?.["policy"], imported }).toEqual({
      path: "/leastwise/",
      policy: '${file("${path.module}/policies/role/checkout/aws-S3All.after-1.json")}',
      imported: undefined,
    });
    const attachments = [...configuration.resources.keys()].filter((address) =>
      address.startsWith("aws_iam_role_policy_attachment."),
    );
    expect(attachments).toHaveLength(1);
    const [[exclusive, id] = []] = ofType(configuration, "aws_iam_role_policy_attachments_exclusive");
    expect(id).toBe("checkout");
    expect(exclusive).toMatchObject({ role_name: "checkout", depends_on: attachments });
    const copyArn = `${ARN}/leastwise/${String(copy?.["name"])}`;
    const old = "arn:aws:iam::aws:policy/service-role/S3All";
    expect(exclusive?.["policy_arns"]).toBe(
      `\${var.documents == "before" ? ["${old}", "${ARN}/Kept", "${copyArn}"] : ["${ARN}/Kept", "${copyArn}"]}`,
    );
  });

  test("an inline policy that goes is left out of the exclusive list, and comes back with documents=before", () => {
    const configuration = written(CASES["an inline policy goes"]!); // one of them
    expect(ofType(configuration, "aws_iam_role_policies_exclusive")).toEqual([
      [
        { role_name: "checkout", policy_names: '${var.documents == "before" ? ["old", "other"] : ["other"]}' },
        "checkout",
      ],
    ]);
    expect(ofType(configuration, "aws_iam_role_policy")).toEqual([
      [
        {
          count: '${var.documents == "before" ? 1 : 0}',
          role: "checkout",
          name: "old",
          policy: '${file("${path.module}/policies/role/checkout/inline-old.before.json")}',
        },
        undefined,
      ],
    ]);
  });

  test("the parts of a split inline policy are attached before it goes", () => {
    const configuration = written(CASES["an inline policy is split"]!); // one of them
    expect(ofType(configuration, "aws_iam_policy")).toHaveLength(2);
    const [[exclusive] = []] = ofType(configuration, "aws_iam_role_policies_exclusive");
    expect(exclusive?.["depends_on"]).toHaveLength(2);
    expect(exclusive?.["policy_names"]).toBe('${var.documents == "before" ? ["wide"] : []}');
  });

  test("a shared policy that goes is in no holder's exclusive list, beside what else goes, and all of it comes back", () => {
    const configuration = written(CASES["a shared policy that goes"]!, (account) => {
      account.managed("role/a", "arn:aws:iam::aws:policy/Gone", { before: allowing("s3:*"), after: [] });
    });
    expect(ofType(configuration, "aws_iam_policy")).toEqual([]);
    const [[exclusive] = [], ...others] = ofType(configuration, "aws_iam_role_policy_attachments_exclusive");
    expect(others).toEqual([]);
    expect(exclusive?.["policy_arns"]).toBe(
      `\${var.documents == "before" ? ["${ARN}/Shared", "arn:aws:iam::aws:policy/Gone"] : []}`,
    );
    expect(ofType(configuration, "aws_iam_user_policy_attachments_exclusive")).toMatchObject([
      [{ user_name: "b" }, "b"],
    ]);
  });
});

test("every import and every reference is to a resource that is declared", () => {
  const { imports, resources } = written(
    ...Object.entries(CASES)
      .filter(([name]) => !/shared|detached|split|five|one principal/.test(name))
      .map(([, build]) => build),
  );
  for (const address of imports.keys()) expect(resources.has(address)).toBe(true);
  for (const values of resources.values()) {
    const [, reference] = /^\$\{(aws_iam_policy\.\w+)\.arn\}$/.exec(String(values["policy_arn"])) ?? [];
    for (const address of [
      ...(reference === undefined ? [] : [reference]),
      ...((values["depends_on"] as readonly string[] | undefined) ?? []),
    ])
      expect(resources.has(address)).toBe(true);
  }
});

test("names are legal and stay apart; templates begin only where they are meant to", () => {
  const names = [
    "role/a-b/inline-x",
    "role/a_b/inline-x",
    "role/A-b/inline-x",
    `role/${"x".repeat(200)}`,
    `role/${"x".repeat(201)}`,
  ].map(resourceName);
  for (const name of names) expect(name).toMatch(/^[A-Za-z]\w{0,100}$/);
  expect(new Set(names).size).toBe(5);
  expect(templateText("${aws:username} %{if} $${x} $x {y}")).toBe("$${aws:username} %%{if} $$${x} $x {y}");
  expect(fileText("a.json")).toBe('${file("${path.module}/a.json")}');
});

const isInstalled = spawnSync("terraform", ["-version"]).error === undefined;

test.runIf(isInstalled)("Terraform itself reads what is written for the demo organization", () => {
  const out = join(folder, "demo");
  const { code } = leastwise("export", "--db", refined(folder, "demo.db", DEMO), "--format", "terraform", "--out", out);
  expect(code).toBe(0);
  const shop = read(join(out, "123456789012"));
  expect(shop.resources.size).toBeGreaterThan(10);
  const { status, stdout } = spawnSync("terraform", ["providers"], { cwd: shop.folder, encoding: "utf8" });
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: expect.stringContaining("hashicorp/aws] >= 5.72.0") as string,
  });
});
