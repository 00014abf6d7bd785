/** `npm run bench:verify -- [ACCOUNTS] [ROLES_PER_ACCOUNT]`: how fast stored results are checked again, and by the verifier alone. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Claim, type PolicyDocument, type Unused, Verifier } from "@leastwise/core";
import { StoredResults, openForReading } from "@leastwise/store";
import { UNIFORM } from "./organization/shape.ts";
import { writeOrganization } from "./organization/write-organization.ts";

const PROGRAM = fileURLToPath(new URL("../../apps/batch/dist/main.js", import.meta.url));
const ROUNDS = 5;
const MOST_CLAIMS = 8000;

const accounts = Number(process.argv[2] ?? 20);
const rolesPerAccount = Number(process.argv[3] ?? 250);
const folder = mkdtempSync(join(tmpdir(), "leastwise-bench-"));
const database = join(folder, "org.db");
try {
  await writeOrganization(join(folder, "exports"), { ...UNIFORM, accounts, meanRoles: rolesPerAccount });
  leastwise("refine", join(folder, "exports"), "--db", database, "--quiet", "--json");
  console.log(`node ${process.version}, ${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores`);
  for (const threads of new Set([1, cpus().length])) {
    const rounds = Array.from({ length: ROUNDS }, () => verify(threads));
    const [{ checked, recommendations }] = rounds as [Checked]; // there are ROUNDS
    const seconds = rounds.map((round) => round.seconds);
    const rate = (one: number): number => Math.round(one / median(seconds));
    console.log(
      `leastwise verify, ${threads} threads: ${checked} results for ${recommendations} attachments in ${spread(seconds)} s; ` +
        `median ${rate(checked)} results/s, ${rate(recommendations)} attachments/s`,
    );
  }
  const perSecond = Array.from({ length: ROUNDS }, verifierAlone);
  console.log(`the verifier alone, on parsed documents, one thread: ${spread(perSecond)} results/s`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

interface Checked {
  readonly checked: number;
  readonly recommendations: number;
  readonly seconds: number;
  readonly fails: number;
}

function verify(threads: number): Checked {
  const out = leastwise("verify", "--db", database, "--threads", String(threads), "--quiet", "--json");
  return JSON.parse(out) as Checked; // what the program prints
}

function leastwise(...args: readonly string[]): string {
  return execFileSync(process.execPath, [PROGRAM, ...args], { encoding: "utf8", maxBuffer: 1 << 28 });
}

/** Results a second, with documents and sets of unused actions that nobody has looked at since they were parsed. */
function verifierAlone(): number {
  const db = openForReading(database);
  const stored = new StoredResults(db);
  const verifier = new Verifier(stored.catalogs().flatMap(({ actions }) => actions.map(({ action }) => action))); // there is one catalog
  const claims = claimsOf(stored);
  db.close();
  const start = performance.now();
  for (const claim of claims) {
    if (verifier.verify(claim).violations.length > 0) throw new Error("a stored result does not hold");
  }
  return Math.round(claims.length / ((performance.now() - start) / 1000));
}

function claimsOf(stored: StoredResults): readonly Claim[] {
  const documents = new Map<number, PolicyDocument>();
  const sets = new Map<number, Unused>();
  const claims: Claim[] = [];
  for (const result of stored.results(stored.answered().slice(0, MOST_CLAIMS))) {
    const { documentId, unusedId, finalDocumentId, finalDocument, recommendedAction } = result;
    const before = documents.get(documentId) ?? (JSON.parse(stored.document(documentId)?.text ?? "") as PolicyDocument); // stored by refine
    documents.set(documentId, before);
    const unused = sets.get(unusedId) ?? (JSON.parse(stored.unused(unusedId)?.text ?? "") as Unused); // as above
    sets.set(unusedId, unused);
    const other = finalDocument === null ? before : (JSON.parse(finalDocument.text) as PolicyDocument); // as above
    claims.push({ before, after: finalDocumentId === null ? null : other, unused, recommendedAction });
  }
  return claims;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

function spread(values: readonly number[]): string {
  return `${short(median(values))} (${short(Math.min(...values))} to ${short(Math.max(...values))})`;
}

function short(value: number): string {
  return value < 100 ? value.toFixed(1) : String(value);
}
