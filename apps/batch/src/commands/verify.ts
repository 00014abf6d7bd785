import {
  type Connection,
  type StoredCounts,
  StoredResults,
  holdSnapshot,
  misfitted,
  openForReading,
  readStoredSplits,
  unsound,
  wrongTotals,
} from "@leastwise/store";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { printable, printableJson } from "../format/printable.ts";
import { wordWrapped } from "../format/wrap.ts";
import { SILENT, count, duration, progressOn } from "../progress.ts";
import { type CheckedCatalog, checkedCatalogs } from "../recheck/checked-catalogs.ts";
import { checkAll, threadsFor } from "../recheck/pool.ts";
import { documentProblem, textProblem } from "../recheck/result-checker.ts";
import { splitProblems } from "../recheck/split-checker.ts";
import { type Terminal, write } from "../terminal.ts";

export interface VerifyOptions {
  readonly db: string;
  readonly sample?: number;
  readonly threads?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Something that does not hold, by name, with all reasons. */
interface Failing {
  readonly what:
    "result" | "catalog" | "database" | "document" | "unused set" | "option set" | "recommendation" | "split";
  readonly name: string;
  readonly attachments: number;
  readonly reasons: readonly string[];
}

interface Tally {
  checked: number;
  hold: number;
  /** Results and whatever else does not hold. */
  fails: number;
}

/** `leastwise verify`: derives every stored result again, with the verifier and nothing else. */
export async function verifyCommand(options: VerifyOptions, terminal: Terminal): Promise<ExitCode> {
  const db = openForReading(options.db);
  const progress = options.quiet === true ? SILENT : progressOn(terminal.err);
  try {
    holdSnapshot(db);
    const stored = new StoredResults(db);
    const catalogs = checkedCatalogs(stored);
    const counts = stored.count();
    const tally: Tally = { checked: 0, hold: 0, fails: 0 };
    const failing: Failing[] = [];
    const report = async (one: Failing): Promise<void> => {
      tally.fails++;
      progress.end();
      if (options.json === true) failing.push(one);
      else await write(terminal.out, failingText(one, terminal));
    };
    for (const one of failingCatalogs(catalogs)) await report(one);
    const units = stored.answered(options.sample);
    progress.enter("checking", "results", units.length, 0);
    const started = performance.now();
    for await (const part of checkAll(options.db, units, options.threads ?? threadsFor(units.length))) {
      tally.checked += part.checked;
      tally.hold += part.checked - part.failing.length;
      for (const { unitId, reasons } of part.failing) await report(failingResult(stored, unitId, reasons));
      progress.advance(part.checked, 0);
    }
    const seconds = (performance.now() - started) / 1000;
    if (options.sample === undefined) {
      for (const one of failingElsewhere(db, stored)) await report(one);
      if (tally.fails === 0) for (const one of failingTotals(db)) await report(one); // what they are made from holds
    }
    progress.end();
    const facts = { ...counts, ...tally, seconds };
    if (options.json === true) {
      const { fails, ...rest } = facts;
      await write(
        terminal.out,
        `${printableJson(JSON.stringify({ database: options.db, sample: options.sample ?? null, ...rest, fails, failing }))}\n`,
      );
    } else await write(terminal.out, summaryText(options, facts, [...catalogs.values()], terminal));
    return tally.fails === 0 ? EXIT.done : EXIT.checkFound;
  } finally {
    db.close();
  }
}

function* failingCatalogs(catalogs: ReadonlyMap<number, CheckedCatalog>): Generator<Failing> {
  for (const { source, problem } of catalogs.values()) {
    if (problem !== null) yield { what: "catalog", name: source, attachments: 0, reasons: [problem] };
  }
}

function failingResult(stored: StoredResults, unitId: number, reasons: readonly string[]): Failing {
  const attachments = stored.attachments(unitId);
  const first = attachments[0];
  const name = first === undefined ? `unit ${unitId}` : `${first.principalArn} ${first.policyName}`;
  return { what: "result", name, attachments: attachments.length, reasons };
}

function* failingElsewhere(db: Connection, stored: StoredResults): Generator<Failing> {
  for (const { name, what } of unsound(db)) yield { what: "database", name, attachments: 0, reasons: [what] };
  for (const row of stored.unreferenced()) {
    const problem = row.what === "document" ? documentProblem(row) : textProblem(row);
    if (problem !== null) yield { what: row.what, name: row.sha256, attachments: 0, reasons: [problem] };
  }
  for (const split of readStoredSplits(db)) {
    const reasons = splitProblems(split);
    const [first] = stored.attachments(split.unitId);
    const of = first === undefined ? `unit ${split.unitId}` : `${first.principalArn} ${first.policyName}`;
    if (reasons.length > 0) yield { what: "split", name: `${of}, limit ${split.limit}`, attachments: 0, reasons };
  }
  for (const { what, principalArn, policyName, runId } of [...stored.misplaced(), ...misfitted(db)]) {
    const name = `${[principalArn, policyName].filter((part) => part !== "").join(" ")}, run ${runId}`;
    yield { what: "recommendation", name, attachments: 1, reasons: [what] };
  }
}

function* failingTotals(db: Connection): Generator<Failing> {
  for (const name of wrongTotals(db))
    yield { what: "database", name, attachments: 0, reasons: ["does not say what the results come to"] };
}

function failingText({ what, name, attachments, reasons }: Failing, { colours, width }: Terminal): string {
  const more = attachments > 1 ? `, and ${count(attachments - 1)} more attachment${attachments > 2 ? "s" : ""}` : "";
  const room = width === null ? Infinity : width - 2;
  const lines = reasons.flatMap((reason) => wordWrapped(printable(reason), room));
  return `${colours.red("fails")} ${what} ${printable(name)}${more}\n${lines.map((line) => `  ${line}\n`).join("")}`;
}

function plural(number: number, thing: string): string {
  return `${count(number)} ${thing}${number === 1 ? "" : "s"}`;
}

function summaryText(
  { sample }: VerifyOptions,
  facts: Tally & StoredCounts & { readonly seconds: number },
  catalogs: readonly CheckedCatalog[],
  { colours }: Terminal,
): string {
  const { results, recommendations, unanswered, unfinished, checked, hold, fails, seconds } = facts;
  const whole = `the answers for ${plural(recommendations, "attachment")}`;
  const rate = seconds > 0 ? `, ${count(Math.round(checked / seconds))} results a second` : "";
  const lines: [string, string][] = [
    ["checked", `${plural(checked, "result")}${sample === undefined ? `, ${whole}` : ` drawn from ${count(results)}`}`],
    ["hold", count(hold)],
    ["fail", fails === 0 ? "0" : colours.red(count(fails))],
    ...(unanswered === 0 ? [] : [["no answer", plural(unanswered, "attachment")] as [string, string]]),
    ...(unfinished === 0
      ? []
      : [
          ["unfinished", `${plural(unfinished, "run")}; the same \`leastwise refine\` goes on with them`] as [
            string,
            string,
          ],
        ]),
    ...catalogs.map(({ source, actions }): [string, string] => [
      "catalog",
      `${printable(source)}, ${count(actions)} actions`,
    ]),
    ["time", `${duration(seconds)}${rate}`],
  ];
  return `${lines.map(([name, value]) => `${colours.dim(name.padStart(15))}  ${value}`).join("\n")}\n`;
}
