import { type Connection, type PartRun, otherInput, plannedContent } from "@leastwise/store";
import { EXIT, Failure } from "../exit-code.ts";

/** A run in a file. */
export interface RunOfFile {
  readonly path: string;
  readonly db: Connection;
  readonly run: PartRun;
}

const SAME_FILES = "all shares of a run are made from the same files, with the same options and version";

/** Which option sets what, as settings name it. */
const OPTION_OF: Readonly<Record<string, string>> = {
  asOf: "--as-of",
  fit: "--fit",
  maxAge: "--max-age",
  minAge: "--min-age",
  protected: "--protect",
  windows: "--window",
  "options.granularity": "--granularity",
};

/**
 * Refuses runs that are not one job: other versions, catalogs, settings, days or files, or other content from the same. What differs is named.
 *
 * @param first with what `plannedContent` says of it
 * @throws Failure
 */
export function refuseOtherJob(
  first: RunOfFile & { readonly content: ReadonlyMap<string, string> },
  other: RunOfFile,
): void {
  const [a, b] = [first.run, other.run];
  const refuse = (what: string, hint = SAME_FILES): never => {
    throw new Failure(EXIT.usage, `\`${other.path}\` and \`${first.path}\` are not parts of one run: ${what}`, hint);
  };
  if (a.toolVersion !== b.toolVersion) refuse(`they were made by Leastwise ${b.toolVersion} and ${a.toolVersion}`);
  if (a.engineVersion !== b.engineVersion)
    refuse(`they were made by the engine's versions ${b.engineVersion} and ${a.engineVersion}`);
  if (a.catalogSha256 !== b.catalogSha256 || a.catalogSource !== b.catalogSource || a.catalogDate !== b.catalogDate)
    refuse(`their catalogs are ${catalogOf(b)} and ${catalogOf(a)}`);
  const setting = a.settings === b.settings ? undefined : differingSetting(b.settings, a.settings);
  if (setting !== undefined) refuse(setting);
  if (a.options !== b.options) refuse("their options are not the same");
  if (a.rulesKey !== b.rulesKey && a.rulesKey !== null && b.rulesKey !== null)
    refuse("what CloudTrail's names stand for is not the same");
  const input = otherInput(other.db, b.runId, first.db, a.runId);
  if (input !== undefined) refuse(`they have not read the same \`${input}\``);
  if (a.asOf !== b.asOf)
    refuse(`their ages are counted to ${b.asOf} and ${a.asOf}`, "give all shares of a run the same --as-of");
  const content = plannedContent(other.db, b.runId);
  const [table] = [...first.content].find(([name, hash]) => content.get(name) !== hash) ?? [];
  if (table !== undefined)
    refuse(
      `from the same files they have come to another \`${table}\``,
      "one of them is not what Leastwise made of these files, or its threads had too little memory or time; make it again",
    );
}

function catalogOf({ catalogSource, catalogSha256 }: PartRun): string {
  return `\`${catalogSource}\` (${catalogSha256.slice(0, 8)})`;
}

/** The first setting that differs, with both values. */
function differingSetting(one: string, other: string): string {
  const [here, there] = [leavesOf(one), leavesOf(other)];
  const name = [...new Set([...here.keys(), ...there.keys()])].find((key) => here.get(key) !== there.get(key));
  if (name === undefined) return "their settings are not the same";
  const option = OPTION_OF[name] ?? OPTION_OF[name.split(".")[0] ?? ""] ?? `the setting \`${name}\``;
  return `${option} is ${here.get(name) ?? "not set"} in one and ${there.get(name) ?? "not set"} in the other`;
}

/** The values in settings by their path, as JSON. */
function leavesOf(text: string): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) leaves.set(path, JSON.stringify(value));
    else for (const [key, item] of Object.entries(value)) visit(item, path === "" ? key : `${path}.${key}`);
  };
  try {
    visit(JSON.parse(text), "");
  } catch {
    leaves.set("", text); // no JSON: it differs as a whole
  }
  return leaves;
}
