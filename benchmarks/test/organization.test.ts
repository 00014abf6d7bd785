import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { builtInCatalog } from "@leastwise/catalog";
import { type PolicyDocument, entriesOf, matches, parsePattern, statementsOf } from "@leastwise/core";
import { readEvidence } from "@leastwise/evidence";
import { beforeAll, describe, expect, test } from "vitest";
import { MOST_ROLES, accountSizes, attachmentsOf, isChanged } from "../src/organization/account-sizes.ts";
import { LOG_NORMAL, type OrganizationShape, UNIFORM } from "../src/organization/shape.ts";
import { writeOrganization } from "../src/organization/write-organization.ts";
import { temporaryFolder, textsOf } from "./folder.ts";

const folder = temporaryFolder();
const MIXED: OrganizationShape = { ...LOG_NORMAL, meanRoles: 10, attachments: 600, findings: 0.7, lastAccessed: 0.5 };

async function written(name: string, shape: OrganizationShape): Promise<ReadonlyMap<string, string>> {
  await writeOrganization(join(folder, name), shape);
  return textsOf(join(folder, name));
}

function hashOf(texts: ReadonlyMap<string, string>): string {
  const hash = createHash("sha256");
  for (const [name, text] of texts) hash.update(`${name} ${text.length}\n${text}`);
  return hash.digest("hex").slice(0, 16);
}

function rolesOf(shape: OrganizationShape): readonly number[] {
  return Array.from(accountSizes(shape), ({ roles }) => roles);
}

describe("a made-up organization", () => {
  let texts: ReadonlyMap<string, string>;
  beforeAll(async () => {
    texts = await written("mixed", MIXED);
  });

  test("is the same bytes for the same seed, on any machine; these change only with the generator, its policies or the catalog", async () => {
    expect(hashOf(texts)).toBe("75278df2367e516e");
    expect(hashOf(await written("uniform", { ...UNIFORM, accounts: 2, meanRoles: 10 }))).toBe("45b112ceb619cb7a");
  });

  test("is another one for another seed", async () => {
    const other = await written("seed", { ...MIXED, seed: 2 });
    expect(other.get("details/100000000000.json")).toMatch(/^\{\n {4}"UserDetailList"/);
    expect(other.get("details/100000000000.json")).not.toBe(texts.get("details/100000000000.json"));
  });

  test("is the same once decompressed when it is gzipped", async () => {
    expect(await written("gzip", { ...MIXED, gzip: true })).toEqual(texts);
  });

  test("has accounts that depend on no other account: a larger one begins as a smaller one", async () => {
    const smaller = await written("smaller", { ...MIXED, attachments: 500 });
    const names = [...smaller.keys()];
    const last = names.findLast((name) => name.startsWith("details/")) ?? "";
    const whole = names.filter((name) => !name.includes(last.slice(8, 20))); // a total cuts the last account
    expect(whole.length).toBeGreaterThan(4);
    for (const name of whole) expect(texts.get(name), `of ${name}`).toBe(smaller.get(name));
  });

  test("is written as JSON.stringify with four spaces would", () => {
    const details = [...texts].filter(([name]) => name.startsWith("details/"));
    expect(details.map(([, text]) => text)).toEqual(
      details.map(([, text]) => JSON.stringify(JSON.parse(text), null, 4)),
    );
  });

  test("has as many attachments as were asked for", () => {
    const roles = [...texts].flatMap(([name, text]) =>
      name.startsWith("details/") ? detailsOf(text).RoleDetailList : [],
    );
    const managed = roles.flatMap(({ AttachedManagedPolicies }) => AttachedManagedPolicies);
    const inline = roles.flatMap(({ RolePolicyList }) => RolePolicyList);
    expect([managed.length, inline.length]).toEqual([450, 150]);
    expect(attachmentsOf(MIXED)).toBe(600);
  });
});

interface Details {
  readonly RoleDetailList: readonly {
    readonly Arn: string;
    readonly AttachedManagedPolicies: readonly { readonly PolicyArn: string }[];
    readonly RolePolicyList: readonly { readonly PolicyDocument: PolicyDocument }[];
  }[];
  readonly Policies: readonly {
    readonly Arn: string;
    readonly PolicyVersionList: readonly { readonly Document: PolicyDocument }[];
  }[];
}

function detailsOf(text: string): Details {
  return JSON.parse(text) as Details; // what the generator writes
}

function linesOf(text = ""): readonly unknown[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);
}

describe("what is reported", () => {
  let texts: ReadonlyMap<string, string>;
  /** By role: the documents that it holds. */
  const documents = new Map<string, readonly PolicyDocument[]>();
  beforeAll(async () => {
    texts = await written("fit", MIXED);
    for (const [name, text] of texts) {
      if (!name.startsWith("details/")) continue;
      const { RoleDetailList, Policies } = detailsOf(text);
      const byArn = new Map(Policies.map((policy) => [policy.Arn, policy.PolicyVersionList[0]?.Document]));
      for (const role of RoleDetailList) {
        const held = [
          ...role.AttachedManagedPolicies.map(({ PolicyArn }) => byArn.get(PolicyArn)),
          ...role.RolePolicyList.map(({ PolicyDocument }) => PolicyDocument),
        ];
        documents.set(role.Arn, held as readonly PolicyDocument[]); // each policy stands in the export, as the next test says
      }
    }
  });

  test("is read without a word of complaint, as the three forms that AWS exports", () => {
    const kinds = new Set<string>();
    for (const [name, text] of texts) {
      const { diagnostics, kinds: found } = readEvidence(name, Buffer.from(text));
      expect(diagnostics, `of ${name}`).toEqual([]);
      for (const kind of found) kinds.add(kind);
    }
    expect(kinds.size).toBe(3);
  });

  test("is of roles that there are, whose policies all stand in the export", () => {
    expect(documents.size).toBe(150);
    const missing = [...documents.values()].flatMap((held) => held.filter((one) => one === undefined));
    expect(missing).toEqual([]);
    const reported = [...texts].flatMap(([name, text]) => {
      if (name.startsWith("findings/")) return linesOf(text).map((line) => (line as { resource: string }).resource);
      return name.startsWith("last-accessed/") ? linesOf(text).map((line) => (line as { arn: string }).arn) : [];
    });
    expect(reported.length).toBeGreaterThan(150);
    for (const arn of reported) expect(documents.has(arn), `of ${arn}`).toBe(true);
  });

  test("is granted: every action, and of every service something", () => {
    let actions = 0;
    for (const { arn, service, names } of [...texts].flatMap(([name, text]) => reportsIn(name, text))) {
      const patterns = (documents.get(arn) ?? [])
        .flatMap((document) => statementsOf(document))
        .filter(({ Effect }) => Effect === "Allow")
        .flatMap(({ Action }) => entriesOf(Action).map((entry) => parsePattern(entry)));
      const own = builtIn.filter(([prefix]) => prefix === service).map(([, action]) => action);
      expect(
        own.some((action) => patterns.some((pattern) => matches(pattern, action))),
        `${arn} ${service}`,
      ).toBe(true);
      for (const name of names.slice(0, 20)) {
        const action = `${service}:${name}`.toLowerCase();
        expect(
          patterns.some((pattern) => matches(pattern, action)),
          `${arn} ${action}`,
        ).toBe(true);
        actions++;
      }
    }
    expect(actions).toBeGreaterThan(1000);
  });

  test("agrees: what a finding calls unused no last accessed report has seen", () => {
    const unused = new Map<string, ReadonlySet<string> | null>();
    const all = [...texts];
    for (const [name, text] of all)
      if (name.startsWith("findings/"))
        for (const { arn, service, names, isWhole } of reportsIn(name, text))
          unused.set(`${arn} ${service}`, isWhole ? null : new Set(names));
    let compared = 0;
    for (const [name, text] of all) {
      if (!name.startsWith("last-accessed/")) continue;
      for (const line of linesOf(text) as readonly LastAccessed[]) {
        for (const service of line.details.ServicesLastAccessed) {
          const said = unused.get(`${line.arn} ${service.ServiceNamespace}`);
          if (said === undefined) continue;
          expect(service.LastAuthenticated === undefined, `${line.arn} ${service.ServiceNamespace}`).toBe(
            said === null,
          );
          for (const { ActionName, LastAccessedTime } of service.TrackedActionsLastAccessed ?? []) {
            expect(LastAccessedTime === undefined, `${line.arn} ${ActionName}`).toBe(said?.has(ActionName) === true);
            compared++;
          }
        }
      }
    }
    expect(compared).toBeGreaterThan(100);
  });
});

const { trie } = builtInCatalog();
const builtIn = Array.from({ length: trie.actionCount }, (_, id) => {
  const action = trie.name(id).toLowerCase();
  return [action.slice(0, action.indexOf(":")), action] as const;
});

interface LastAccessed {
  readonly arn: string;
  readonly details: {
    readonly ServicesLastAccessed: readonly {
      readonly ServiceNamespace: string;
      readonly LastAuthenticated?: string;
      readonly TrackedActionsLastAccessed?: readonly {
        readonly ActionName: string;
        readonly LastAccessedTime?: string;
      }[];
    }[];
  };
}

interface Finding {
  readonly resource: string;
  readonly findingDetails: readonly {
    readonly unusedPermissionDetails: {
      readonly serviceNamespace: string;
      readonly actions?: readonly { readonly action: string }[];
    };
  }[];
}

interface Reported {
  readonly arn: string;
  readonly service: string;
  readonly names: readonly string[];
  readonly isWhole: boolean;
}

function reportsIn(name: string, text: string): readonly Reported[] {
  if (name.startsWith("findings/"))
    return (linesOf(text) as readonly Finding[]).flatMap(({ resource, findingDetails }) =>
      findingDetails.map(({ unusedPermissionDetails: { serviceNamespace, actions } }) => ({
        arn: resource,
        service: serviceNamespace,
        names: (actions ?? []).map(({ action }) => action),
        isWhole: actions === undefined,
      })),
    );
  if (!name.startsWith("last-accessed/")) return [];
  return (linesOf(text) as readonly LastAccessed[]).flatMap(({ arn, details }) =>
    details.ServicesLastAccessed.map(({ ServiceNamespace, TrackedActionsLastAccessed = [] }) => ({
      arn,
      service: ServiceNamespace,
      names: TrackedActionsLastAccessed.map(({ ActionName }) => ActionName),
      isWhole: false,
    })),
  );
}

describe("account sizes", () => {
  const shape = { ...LOG_NORMAL, accounts: 10_000 };
  const roles = rolesOf(shape);

  test("are log-normal: their logarithms have the mean and deviation asked for, and as many lie beyond one deviation on each side", () => {
    const large = rolesOf({ ...shape, meanRoles: 400, sigma: 0.8 }); // far from 1, where rounding is all, and from the most
    const logs = large.map((count) => Math.log(count));
    const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
    const deviation = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / logs.length);
    expect(mean).toBeCloseTo(Math.log(400) - 0.8 ** 2 / 2, 1);
    expect(deviation).toBeCloseTo(0.8, 1);
    const beyond = (side: number): number => logs.filter((log) => side * (log - mean) > deviation).length / logs.length;
    expect(beyond(1)).toBeCloseTo(0.159, 1);
    expect(beyond(-1)).toBeCloseTo(0.159, 1);
  });

  test("have the arithmetic mean asked for, many small ones and a few large ones", () => {
    const sum = roles.reduce((all, count) => all + count, 0);
    expect(sum / roles.length).toBeGreaterThan(24);
    expect(sum / roles.length).toBeLessThan(26);
    expect(Math.min(...roles)).toBe(1);
    expect(Math.max(...roles)).toBeGreaterThan(400);
    expect(roles.toSorted((a, b) => a - b)[5000]).toBeLessThan(18); // half of them are smaller than the mean by much
  });

  test("never exceed what IAM allows in an account", () => {
    const largest = rolesOf({ ...shape, meanRoles: 3000, sigma: 1 });
    expect(Math.max(...largest)).toBe(MOST_ROLES);
  });

  test("are all the mean without a deviation", () => {
    expect(new Set(rolesOf({ ...UNIFORM, accounts: 50 }))).toEqual(new Set([250]));
  });

  test("add up to millions of attachments with 10,000 accounts", () => {
    expect(attachmentsOf({ ...shape, meanRoles: 100 })).toBeGreaterThan(3_900_000);
  });

  test("end where the total or the number of accounts does, whichever comes first", () => {
    expect(rolesOf({ ...UNIFORM, attachments: 2600 })).toEqual([250, 250, 150]);
    expect(rolesOf({ ...UNIFORM, attachments: 2600, accounts: 2 })).toEqual([250, 250]);
    expect(rolesOf({ ...UNIFORM, attachments: 4 })).toEqual([1]);
    expect(() => rolesOf(UNIFORM)).toThrow("neither accounts nor attachments");
  });
});

describe("a share of accounts that have changed", () => {
  const before: OrganizationShape = { ...LOG_NORMAL, accounts: 40, meanRoles: 8, sigma: 0.5 };
  const after = { ...before, changed: { share: 0.1, seed: 77 } };

  test("is that share, evenly spread", () => {
    const changed = Array.from({ length: 1000 }, (_, i) => i).filter((i) =>
      isChanged({ ...before, changed: { share: 0.01, seed: 2 } }, i),
    );
    expect(changed).toHaveLength(10);
    expect(changed.map((i) => Math.floor(i / 100))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(isChanged(before, 49)).toBe(false);
  });

  test("is written over what is there, and nothing else is", async () => {
    const first = await written("before", before);
    await writeOrganization(join(folder, "before"), after, "changed");
    const second = textsOf(join(folder, "before"));
    expect([...second.keys()]).toEqual([...first.keys()]);
    const differing = [...first].filter(([name, text]) => second.get(name) !== text).map(([name]) => name);
    expect(differing).toHaveLength(8); // of four accounts the details and the findings
    expect(second).toEqual(await written("after", after));
  });

  test("keeps the roles that all accounts have alike, and how many there are", async () => {
    const [first, second] = [await written("one", before), await written("two", after)];
    const name =
      [...first.keys()].find((one) => one.startsWith("details/") && first.get(one) !== second.get(one)) ?? "";
    const [one, two] = [first, second].map((texts) => detailsOf(texts.get(name) ?? "").RoleDetailList);
    expect(two).toHaveLength(one?.length ?? 0);
    const same = (one ?? []).map((role, i) => JSON.stringify(role) === JSON.stringify(two?.[i]));
    expect(same.slice(0, Math.ceil(0.2 * same.length))).not.toContain(false);
    expect(same.slice(Math.ceil(0.2 * same.length))).not.toContain(true);
  });
});

describe("roles that every account has alike", () => {
  test.each([
    [0, 0],
    [0.2, 2],
    [0.5, 5],
  ])("are the share %d: they hold the same documents and use the same", async (baselineShare, expected) => {
    const texts = await written(`share-${baselineShare}`, {
      ...UNIFORM,
      accounts: 2,
      meanRoles: 10,
      baselineShare,
      lastAccessed: 0.5,
    });
    const [a, b] = ["100000000000", "100000000001"].map((account) => {
      const { RoleDetailList, Policies } = detailsOf(texts.get(`details/${account}.json`) ?? "");
      const byArn = new Map(Policies.map((policy) => [policy.Arn, policy.PolicyVersionList[0]?.Document]));
      const said = [
        ...linesOf(texts.get(`findings/${account}.jsonl`)),
        ...linesOf(texts.get(`last-accessed/${account}.jsonl`)),
      ];
      return RoleDetailList.map((role) =>
        JSON.stringify([
          role.AttachedManagedPolicies.map(({ PolicyArn }) => byArn.get(PolicyArn)),
          role.RolePolicyList,
          said.filter((one) => JSON.stringify(one).includes(`${role.Arn}"`)),
        ]).replaceAll(account, "ACCOUNT"),
      );
    });
    expect((a ?? []).filter((role, i) => role === b?.[i])).toHaveLength(expected);
  });
});

const GENERATE = fileURLToPath(new URL("../dist/generate.js", import.meta.url));

function run(...args: readonly string[]): string {
  return spawnSync(process.execPath, [GENERATE, ...args], { encoding: "utf8" }).stdout;
}

describe("the program that writes one", () => {
  test("writes uniform accounts from two numbers, and what options say", async () => {
    expect(run(join(folder, "by-numbers"), "2", "10")).toBe("2 accounts, 80 attachments\n");
    const uniform = await written("by-shape", { ...UNIFORM, accounts: 2, meanRoles: 10 });
    expect(textsOf(join(folder, "by-numbers"))).toEqual(uniform);
    const options = ["--attachments", "600", "--mean", "10", "--findings", "0.7", "--last-accessed", "0.5", "--gzip"];
    run(join(folder, "by-options"), ...options);
    expect(textsOf(join(folder, "by-options"))).toEqual(await written("mixed again", MIXED));
    expect(run(join(folder, "by-options"), ...options, "--changed", "1")).toMatch(/, 600 attachments\n$/);
    expect(textsOf(join(folder, "by-options"))).not.toEqual(textsOf(join(folder, "mixed again")));
  });

  test.each([
    ["no size", ["x"]],
    ["a size that is no number", ["x", "many", "10"]],
    ["a deviation that is no number", ["x", "--accounts", "1", "--sigma", "wide"]],
  ])("with %s writes nothing and says how it is called", (_, args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [GENERATE, ...args], {
      cwd: folder,
      encoding: "utf8",
    });
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^usage: generate FOLDER/);
  });
});
