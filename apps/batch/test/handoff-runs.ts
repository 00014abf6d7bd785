import { join } from "node:path";
import { expect } from "vitest";
import { HandoffAccount } from "./handoff-account.ts";
import { type PolicyDocument, temporaryFolder } from "./leastwise.ts";
import { type RunScript, stubAws } from "./stub-aws/run-script.ts";
import { type Failing, type StubIam, isWrite } from "./stub-aws/stub-iam.ts";

/** An account, and the scripts that were written for it. */
export interface Made {
  readonly account: HandoffAccount;
  readonly iam: StubIam;
  readonly folder: string;
  readonly apply: string;
  readonly rollback: string;
}

export type Build = (account: HandoffAccount) => void;

/** Does it, without waiting. */
export const NOW = ["--apply", "--settle", "0"];

/** Scripts in a folder of an awkward name, and what runs them. */
export interface Handoffs {
  readonly made: (...cases: readonly Build[]) => Made;
  readonly madeIn: (partition: string, ...cases: readonly Build[]) => Made;
  readonly run: RunScript;
}

/** Call it at the top of a file. */
export function handoffs(how: { readonly asFunction?: boolean } = {}): Handoffs {
  const folder = temporaryFolder();
  let folders = 0;
  const madeIn = (partition: string, ...cases: readonly Build[]): Made => {
    const account = new HandoffAccount(partition);
    for (const one of cases) one(account);
    const written = account.write(join(folder, `it's $(a) ${folders++}`));
    const [apply, rollback] = [join(written, "apply.sh"), join(written, "rollback.sh")];
    return { account, iam: account.iam, folder: written, apply, rollback };
  };
  return { made: (...cases) => madeIn("aws", ...cases), madeIn, run: stubAws(how) };
}

/** The action patterns that a principal's Allow statements have. */
function allowed(iam: StubIam, key: string): readonly string[] {
  return (iam.effective(key) as readonly PolicyDocument[]).flatMap(({ Statement }) =>
    [Statement].flat().flatMap((statement) => [statement["Action"]].flat().map(String)),
  );
}

function covers(wide: string, narrow: string): boolean {
  return wide === narrow || (wide.endsWith("*") && narrow.startsWith(wide.slice(0, -1)));
}

/** Whether each of these patterns grants nothing that none of those does: they end in `*` or have none. */
function isCovered(these: readonly string[], those: readonly string[]): boolean {
  return these.every((narrow) => those.some((wide) => covers(wide, narrow)));
}

/** What everybody has of permissions, by principal. */
export function permissions(iam: StubIam): ReadonlyMap<string, readonly string[]> {
  return new Map([...iam.principals.keys()].map((key) => [key, allowed(iam, key)]));
}

/** From now on it fails the test when somebody ever has less than `least` or more than `most`. */
export function watch(
  iam: StubIam,
  least: ReadonlyMap<string, readonly string[]>,
  most: ReadonlyMap<string, readonly string[]>,
): string[] {
  const broken: string[] = [];
  iam.watch = () => {
    for (const [key, now] of permissions(iam)) {
      const what = `after \`${iam.calls.at(-1)?.join(" ") ?? ""}\` ${key} has ${now.join(" ")}`;
      if (!isCovered(least.get(key) ?? [], now)) broken.push(`${what}: too little`);
      if (!isCovered(now, most.get(key) ?? [])) broken.push(`${what}: too much`);
    }
  };
  return broken;
}

/** Runs it with one call failing: it says so, and how to go on. */
export async function failing(run: RunScript, iam: StubIam, how: Failing, script: string): Promise<void> {
  iam.calls.length = 0;
  iam.failing = how;
  const { code, err } = await run(iam, script, ...NOW);
  iam.failing = undefined;
  expect({ how, code }).toEqual({ how, code: 4 });
  expect(err).toContain("Could not connect to the endpoint URL");
  if (how.call > 1) expect(err).toContain("The same command goes on from here");
}

/** Every way in which one of these calls may fail: a call that reads leaves nothing behind, so its answer cannot be lost. */
export function failures(calls: readonly (readonly string[])[]): readonly Failing[] {
  return calls.flatMap((words, i): readonly Failing[] => {
    const before: Failing = { call: i + 1, when: "before" };
    return isWrite(words) ? [before, { call: i + 1, when: "after" }] : [before];
  });
}
