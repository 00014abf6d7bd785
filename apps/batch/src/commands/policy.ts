import { basename, extname } from "node:path";
import { loadCatalog } from "@leastwise/catalog";
import { type Granularity, type RefinementOptions, type UnitResult, refineShard } from "@leastwise/core";
import { EXIT, type ExitCode, Failure } from "../exit-code.ts";
import { changeLines } from "../format/changes.ts";
import { colourDiff, newPolicyDiff, policyDiff, prettyJson } from "../format/diff.ts";
import { partName } from "../format/fit-lines.ts";
import { printable } from "../format/printable.ts";
import { readBytes, readPolicy, textOf } from "../given/policy-file.ts";
import { readUnusedFile } from "../given/unused-file.ts";
import { count } from "../progress.ts";
import { type Terminal, write } from "../terminal.ts";
import { ENGINE_VERSION } from "../version.ts";
import { type FittedPolicy, fitPolicy } from "./fit-policy.ts";
import { engineOf } from "../workers/refine-shards.ts";

export interface PolicyOptions {
  readonly unused: string;
  readonly catalog?: string;
  readonly serviceReference?: string;
  readonly granularity: Granularity;
  readonly fit?: boolean;
  readonly format: "text" | "json" | "diff" | "policy";
}

/** `leastwise policy POLICY.json --unused UNUSED.json`: one policy and one report, nothing stored. */
export async function policyCommand(path: string, options: PolicyOptions, terminal: Terminal): Promise<ExitCode> {
  const catalog = loadCatalog(options.catalog, options.serviceReference);
  const original = readBytes(path);
  const { text } = readPolicy(path, textOf(path, original));
  const engine = engineOf(catalog.trie.buffer);
  const unused = JSON.stringify(readUnusedFile(options.unused));
  const answer = (refinement: RefinementOptions): UnitResult => {
    const outcome = refineShard(engine, {
      catalog: catalog.sha256,
      options: refinement,
      origin: { engineVersion: ENGINE_VERSION, catalogSource: catalog.source, catalogDate: catalog.date },
      documents: [{ text, wantsGrants: false }],
      unused: [unused],
      units: [{ unitId: 0, document: 0, unused: 0 }],
    });
    const result = outcome.units[0]!; // one for the one unit
    if (result.ok) return result;
    const hint = "nothing is recommended; please report this policy";
    throw new Failure(EXIT.bug, `${result.code}: ${result.message}`, hint);
  };
  const { unit, form, fit, limit, parts } = fitPolicy(answer, options.granularity, options.fit === true);
  const after = unit.recommendedAction === "NONE" ? text : unit.text;
  for (const { statement, entry } of unit.unknownActions) {
    const place = `statement ${statement}`;
    terminal.err.write(
      `warning unknown-action: the catalog has no action \`${printable(entry)}\` (${place}); kept unless reported unused\n`,
    );
  }
  const name = basename(path);
  const diff = (): string => (parts === null ? policyDiff(name, text, after) : splitDiff(name, text, parts));
  const size = { before: text.length, after: after === null ? 0 : after.length };
  switch (options.format) {
    case "json":
      await write(
        terminal.out,
        `${JSON.stringify(
          {
            recommendedAction: unit.recommendedAction,
            recommendedPolicy: after === null ? null : (JSON.parse(after) as unknown),
            changes: unit.changes,
            grants: unit.grants,
            size: { ...size, limit },
            form,
            fit,
            parts: parts?.map((part) => JSON.parse(part) as unknown) ?? null,
            catalog: { version: catalog.source, date: catalog.date, sha256: catalog.sha256 },
            verified: true,
          },
          null,
          2,
        )}\n`,
      );
      break;
    case "diff":
      await write(terminal.out, diff());
      break;
    case "policy":
      if (after === null) terminal.err.write("nothing is left: detach the policy\n");
      else if (parts !== null) await write(terminal.out, parts.map(prettyJson).join(""));
      else await write(terminal.out, unit.recommendedAction === "NONE" ? original : prettyJson(after));
      if (fit === "does-not-fit" || fit === "too-large")
        terminal.err.write(`over the limit of ${count(limit)} characters for a managed policy\n`);
      break;
    case "text": {
      const { colours } = terminal;
      const heading = {
        CREATE_POLICY: "replace this policy",
        DETACH_POLICY: "detach this policy: nothing of it is used",
        NONE: "nothing to remove",
      }[unit.recommendedAction];
      const { before, removed } = unit.grants;
      const lines = [
        colours.bold(heading),
        `actions ${count(before)} → ${count(unit.grants.after)} (${count(removed)} removed), characters ${count(size.before)} → ${count(size.after)}, verified`,
        ...sizeLines({ form, fit, limit, parts }, size.after),
        ...(unit.changes.length === 0
          ? []
          : ["", ...changeLines(unit.changes, colours, terminal.width), "", colourDiff(diff(), colours).trimEnd()]),
      ];
      await write(terminal.out, `${lines.join("\n")}\n`);
    }
  }
  return EXIT.done;
}

/** Each part as a file of its own, NAME-1.json and so on, in place of the one there was. */
function splitDiff(name: string, before: string, parts: readonly string[]): string {
  const stem = basename(name, extname(name));
  const files = parts.map((part, i) => newPolicyDiff(`${partName(stem, i)}${extname(name)}`, part));
  return [policyDiff(name, before, null), ...files].join("");
}

/** How the answer stands to the limit; nothing where it fits as it is first written. */
function sizeLines({ form, fit, limit, parts }: Omit<FittedPolicy, "unit">, size: number): readonly string[] {
  if (fit === "split") {
    const sizes = (parts ?? []).map((part) => count(part.length)).join(", ");
    return [`split into ${count(parts?.length ?? 0)} policies of ${sizes} characters, form ${form}`];
  }
  if (fit === "fits") return form === "prefixes" ? [] : [`fits into ${count(limit)} characters in the form ${form}`];
  const way = fit === "too-large" ? "; --fit makes it fit where it can" : ` in its smallest form, ${form}`;
  return [`over the limit for a managed policy: ${count(size)} of ${count(limit)} characters${way}`];
}
