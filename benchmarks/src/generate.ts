/**
 * Writes a made-up organization: `node benchmarks/dist/generate.js FOLDER ACCOUNTS ROLES [SEED]`, uniform accounts, or with options the
 * one that they say. `--changed 0.01` writes only that share of the accounts, with other content, over what is there.
 */
import { parseArgs } from "node:util";
import { LOG_NORMAL, type OrganizationShape, UNIFORM } from "./organization/shape.ts";
import { writeOrganization } from "./organization/write-organization.ts";

const USAGE = `usage: generate FOLDER ACCOUNTS ROLES_PER_ACCOUNT [SEED]
       generate FOLDER (--accounts N | --attachments N) [--mean 25] [--sigma 1] [--baseline 0.2] [--findings 1]
                [--last-accessed 0] [--seed 1] [--gzip] [--changed SHARE [--changed-seed 2]]`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    accounts: { type: "string" },
    attachments: { type: "string" },
    mean: { type: "string" },
    sigma: { type: "string" },
    baseline: { type: "string" },
    findings: { type: "string" },
    "last-accessed": { type: "string" },
    seed: { type: "string" },
    gzip: { type: "boolean", default: false },
    changed: { type: "string" },
    "changed-seed": { type: "string", default: "2" },
  },
});

const [folder, accounts, roles, seed] = positionals;
const shape =
  accounts === undefined ? shapeOfOptions() : { ...shapeOfOptions(UNIFORM), ...uniform(accounts, roles, seed) };
const isBounded = (shape.accounts ?? 0) > 0 || (shape.attachments ?? 0) > 0;
const numbers = [shape.meanRoles, shape.sigma, shape.baselineShare, shape.findings, shape.lastAccessed, shape.seed];
if (folder === undefined || !isBounded || !(shape.meanRoles > 0) || numbers.some(Number.isNaN)) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  const written = await writeOrganization(folder, shape, shape.changed === undefined ? "all" : "changed");
  console.log(`${written.accounts} accounts, ${written.attachments} attachments`);
}

function uniform(count: string, perAccount = "", from = "1"): Partial<OrganizationShape> {
  return { accounts: Number(count), meanRoles: Number(perAccount), seed: Number(from) };
}

function shapeOfOptions(base: Omit<OrganizationShape, "accounts" | "attachments"> = LOG_NORMAL): OrganizationShape {
  return {
    seed: number(values.seed, base.seed),
    meanRoles: number(values.mean, base.meanRoles),
    sigma: number(values.sigma, base.sigma),
    baselineShare: number(values.baseline, base.baselineShare),
    findings: number(values.findings, base.findings),
    lastAccessed: number(values["last-accessed"], base.lastAccessed),
    lastUsed: base.lastUsed,
    gzip: values.gzip,
    ...(values.accounts === undefined ? {} : { accounts: Number(values.accounts) }),
    ...(values.attachments === undefined ? {} : { attachments: Number(values.attachments) }),
    ...(values.changed === undefined
      ? {}
      : { changed: { share: Number(values.changed), seed: Number(values["changed-seed"]) } }),
  };
}

function number(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : Number(text);
}
