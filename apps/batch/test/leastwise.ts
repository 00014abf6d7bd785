import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

/** The program as it is built, the made-up organization, and the packages that tests read data from. */
export const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));
export const DEMO = fileURLToPath(new URL("../../../test-data/orgs/demo", import.meta.url));
export const GOLDEN = fileURLToPath(new URL("../../../test-data/golden/", import.meta.url));

export const CATALOGS = fileURLToPath(new URL("../../../test-data/catalogs/", import.meta.url));

/** Nothing of the surroundings, so that a CI machine and a terminal see the same. */
export const CLEAN = { PATH: process.env["PATH"] ?? "", HOME: tmpdir() };

export const COMMANDS = [
  "refine",
  "worker",
  "queue",
  "merge",
  "policy",
  "trie",
  "query",
  "show",
  "explain",
  "compare",
  "verify",
  "export",
  "diff-runs",
  "drift",
  "serve",
  "report",
  "runs",
  "catalog",
];

/** What a run of the program came to. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the program with these arguments, its output piped. */
export function leastwise(...args: readonly string[]): Ended {
  return leastwiseIn({}, ...args);
}

/** The same in another folder or with more variables. */
export function leastwiseIn(
  { cwd, env }: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> },
  ...args: readonly string[]
): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...CLEAN, ...env },
    encoding: "utf8",
    maxBuffer: 1 << 28,
    timeout: 50_000,
  });
  return { code: status, out: stdout, err: stderr };
}

/** A folder that goes away after the tests of the file. Call it at the top of a file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "leastwise-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file, its folders too, and gives its path. Whatever is not text already is written as JSON. */
export function write(folder: string, name: string, content: unknown): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === "string" || content instanceof Uint8Array ? content : JSON.stringify(content));
  return path;
}

/** Refines the paths into a new database and gives its path. */
export function refined(folder: string, name: string, ...args: readonly string[]): string {
  const path = join(folder, name);
  const { code, err } = leastwise("refine", ...args, "--db", path, "--quiet");
  if (code !== 0 && code !== 3) throw new Error(`refine ended with ${code}: ${err}`);
  return path;
}

export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[];
}

/** A line of the JSONL export. */
export interface Recommendation {
  readonly accountId: string;
  readonly principalArn: string;
  readonly principalKind: string;
  readonly policyId: string;
  readonly policyName: string;
  readonly policyKind: string;
  readonly scope: string;
  readonly recommendedAction: string;
  readonly existingPolicy: PolicyDocument;
  readonly recommendedPolicy: PolicyDocument | null;
  readonly actionsBefore: number;
  readonly actionsAfter: number;
  readonly charactersBefore: number;
  readonly charactersAfter: number;
  readonly catalog: string;
  readonly verified: boolean;
}

/** Every recommendation of a database, byte for byte. */
export function exported(db: string): string {
  return leastwise("export", "--db", db, "--format", "jsonl").out;
}

/** Every recommendation for a principal of a database, as values. */
export function recommendations(db: string): readonly Recommendation[] {
  const all = jsonLines(exported(db)) as readonly Recommendation[]; // what the program wrote
  return all.filter(({ scope }) => scope === "principal");
}

/** Lines of JSON as values. */
export function jsonLines(text: string): readonly unknown[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as unknown);
}

/** The rows of a question, as objects. */
export function asked(db: string, ...question: readonly string[]): readonly Readonly<Record<string, unknown>>[] {
  const { out } = leastwise("query", "--db", db, ...question, "--format", "json");
  return JSON.parse(out) as readonly Record<string, unknown>[]; // --format json gives a list of objects
}

/** A managed or inline policy that allows the actions. */
export function allowing(...actions: readonly string[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] };
}

/** `aws iam get-account-authorization-details` of an account with these roles, each with inline policies by name. */
export function accountWith(
  account: string,
  roles: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Readonly<Record<string, unknown>> {
  const RoleDetailList = Object.entries(roles).map(([name, policies]) => ({
    RoleName: name,
    RoleId: `AROA${name.toUpperCase()}`,
    Arn: `arn:aws:iam::${account}:role/${name}`,
    Path: "/",
    CreateDate: "2026-01-01T00:00:00+00:00",
    AssumeRolePolicyDocument: {},
    RolePolicyList: Object.entries(policies).map(([PolicyName, PolicyDocument]) => ({ PolicyName, PolicyDocument })),
    AttachedManagedPolicies: [],
  }));
  return { UserDetailList: [], GroupDetailList: [], RoleDetailList, Policies: [] };
}
