import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { builtInCatalog } from "@leastwise/catalog";
import { type Account, type PolicyStock, accountOf, stockOf } from "./account.ts";
import { accountSizes, isChanged } from "./account-sizes.ts";
import { detailsText } from "./details.ts";
import { managedPolicies } from "./managed-policies.ts";
import { finding, lastAccessed } from "./reports.ts";
import { ATTACHMENTS_PER_ROLE, type OrganizationShape } from "./shape.ts";

/** What was written. */
export interface WrittenOrganization {
  readonly accounts: number;
  readonly attachments: number;
}

const CHUNK = 256 * 1024;

/**
 * Writes a made-up organization as AWS's exports: for each account a file of authorization details, one of findings and one of last
 * accessed reports, the latter where there are any. Documents are those of the AWS managed policies. The same shape gives the same bytes
 * (of gzipped files: once they are decompressed, since zlib differs between processors), and an account the same whatever stands beside
 * it. One account at a time is in memory.
 *
 * @param only `changed`: writes the accounts that differ from those of the same shape without a change, over what is there
 */
export async function writeOrganization(
  folder: string,
  shape: OrganizationShape,
  only: "all" | "changed" = "all",
): Promise<WrittenOrganization> {
  const stock = policyStock();
  const tracked = shape.lastAccessed > 0 ? trackedActions() : new Set<string>();
  for (const kind of ["details", "findings", ...(shape.lastAccessed > 0 ? ["last-accessed"] : [])])
    mkdirSync(join(folder, kind), { recursive: true });
  let accounts = 0;
  let roles = 0;
  for (const size of accountSizes(shape)) {
    if (only === "changed" && !isChanged(shape, size.index)) continue;
    const account = accountOf(shape, size, stock);
    await writeAccount(folder, account, tracked, shape);
    accounts++;
    roles += size.roles;
  }
  return { accounts, attachments: roles * ATTACHMENTS_PER_ROLE };
}

let known: PolicyStock | undefined;

/** Read once: parsing all versions of all AWS managed policies takes half a second. */
export function policyStock(): PolicyStock {
  return (known ??= stockOf(managedPolicies()));
}

/** Services whose API is all management, which IAM tracks; the built-in catalog does not say what else it does. */
const TRACKED_SERVICES = new Set([
  "autoscaling",
  "cloudformation",
  "cloudtrail",
  "ec2",
  "ecs",
  "eks",
  "elasticloadbalancing",
  "iam",
  "rds",
  "route53",
]);
const NEVER_TRACKED = "iam:PassRole";

function trackedActions(): ReadonlySet<string> {
  const { trie } = builtInCatalog();
  const names = Array.from({ length: trie.actionCount }, (_, id) => trie.name(id));
  return new Set(
    names.filter((name) => name !== NEVER_TRACKED && TRACKED_SERVICES.has(name.slice(0, name.indexOf(":")))),
  );
}

async function writeAccount(
  folder: string,
  account: Account,
  tracked: ReadonlySet<string>,
  { gzip }: OrganizationShape,
): Promise<void> {
  const { accountId, roles } = account;
  const pathOf = (kind: string, extension: string): string =>
    join(folder, kind, `${accountId}.${extension}${gzip ? ".gz" : ""}`);
  await writeText(pathOf("details", "json"), detailsText(account), gzip);
  const found = roles.filter(({ hasFinding }) => hasFinding);
  if (found.length > 0) await writeText(pathOf("findings", "jsonl"), lines(found, finding), gzip);
  const reported = roles.filter(({ hasLastAccessed }) => hasLastAccessed);
  if (reported.length > 0)
    await writeText(
      pathOf("last-accessed", "jsonl"),
      lines(reported, (role) => lastAccessed(role, tracked)),
      gzip,
    );
}

function* lines(roles: Account["roles"], of: (role: Account["roles"][number]) => object): Generator<string> {
  for (const role of roles) yield `${JSON.stringify(of(role))}\n`;
}

async function writeText(path: string, pieces: Iterable<string>, gzip: boolean): Promise<void> {
  const source = Readable.from(inChunks(pieces), { objectMode: true, highWaterMark: 1 });
  const target = createWriteStream(path);
  await (gzip ? pipeline(source, createGzip(), target) : pipeline(source, target));
}

function* inChunks(pieces: Iterable<string>): Generator<string> {
  let chunk = "";
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}
