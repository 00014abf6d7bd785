import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { loadCatalog } from "@leastwise/catalog";
import {
  DEFAULT_OPTIONS,
  type Granularity,
  NOTHING_UNUSED,
  type Unused,
  refineShard,
  settleReports,
} from "@leastwise/core";
import { decode, isUnusedAlone, parseOne, readDocument, readEvidence, readUnusedAlone } from "@leastwise/evidence";
import { EXIT, type ExitCode, Failure } from "../exit-code.ts";
import { changeLines } from "../format/changes.ts";
import { colourDiff, policyDiff, prettyJson } from "../format/diff.ts";
import { printable } from "../format/printable.ts";
import { count } from "../progress.ts";
import { reasonOf } from "../reason.ts";
import { type Terminal, write } from "../terminal.ts";
import { ENGINE_VERSION } from "../version.ts";
import { engineOf } from "../workers/refine-shards.ts";

export interface PolicyOptions {
  readonly unused: string;
  readonly catalog?: string;
  readonly serviceReference?: string;
  readonly granularity: Granularity;
  readonly format: "text" | "json" | "diff" | "policy";
}

/** `leastwise policy POLICY.json --unused UNUSED.json`: one policy and one report, nothing stored. */
export async function policyCommand(path: string, options: PolicyOptions, terminal: Terminal): Promise<ExitCode> {
  const catalog = loadCatalog(options.catalog, options.serviceReference);
  const original = readBytes(path);
  const { text } = readPolicy(path, textOf(path, original));
  const outcome = refineShard(engineOf(catalog.trie.buffer), {
    catalog: catalog.sha256,
    options: { ...DEFAULT_OPTIONS, granularity: options.granularity },
    origin: { engineVersion: ENGINE_VERSION, catalogSource: catalog.source, catalogDate: catalog.date },
    documents: [{ text, wantsGrants: false }],
    unused: [JSON.stringify(readUnused(options.unused, readBytes(options.unused)))],
    units: [{ unitId: 0, document: 0, unused: 0 }],
  });
  const unit = outcome.units[0]!; // one for the one unit
  if (!unit.ok)
    throw new Failure(EXIT.bug, `${unit.code}: ${unit.message}`, "nothing is recommended; please report this policy");
  const after = unit.recommendedAction === "NONE" ? text : unit.text;
  for (const { statement, entry } of unit.unknownActions) {
    const place = `statement ${statement}`;
    terminal.err.write(
      `warning unknown-action: the catalog has no action \`${printable(entry)}\` (${place}); kept unless reported unused\n`,
    );
  }
  const diff = (): string => policyDiff(basename(path), text, after);
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
            size,
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
      else await write(terminal.out, unit.recommendedAction === "NONE" ? original : prettyJson(after));
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
        ...(unit.changes.length === 0
          ? []
          : ["", ...changeLines(unit.changes, colours), "", colourDiff(diff(), colours).trimEnd()]),
      ];
      await write(terminal.out, `${lines.join("\n")}\n`);
    }
  }
  return EXIT.done;
}

function readPolicy(path: string, text: string): { readonly text: string } {
  const isEncoded = text.trimStart().startsWith("%");
  const parsed = isEncoded ? { value: text } : parseOne(text);
  if ("code" in parsed)
    throw new Failure(EXIT.refused, `\`${path}\`: ${parsed.message}`, "give a policy document as JSON");
  const result = readDocument(parsed.value);
  if ("record" in result) return result.record;
  throw new Failure(
    EXIT.refused,
    `\`${path}\`${at(result.pointer)}: ${result.message}`,
    "give a policy document as JSON",
  );
}

const UNUSED_HINT =
  'give [{ "serviceNamespace": …, "actions": […] }], alone or bound to a principal, or UnusedPermission findings';

/** U of a list, bound to a principal or not, or of one principal's findings, of which the newest counts. */
function readUnused(path: string, file: Uint8Array): Unused {
  const parsed = parseOne(textOf(path, file));
  if ("value" in parsed && isUnusedAlone(parsed.value)) {
    const alone = readUnusedAlone(parsed.value);
    if ("unused" in alone) return alone.unused;
    throw new Failure(EXIT.refused, `\`${path}\`${at(alone.pointer)}: ${alone.message}`, UNUSED_HINT);
  }
  const { usage, diagnostics } = readEvidence(path, file);
  const error = diagnostics.find(({ severity }) => severity === "error");
  if (error !== undefined)
    throw new Failure(EXIT.refused, `\`${path}\`${at(error.pointer)}: ${error.message}`, UNUSED_HINT);
  const principals = [...new Set(usage.map(({ principalArn }) => principalArn))];
  if (principals.length > 1) {
    const hint = "give the findings on one principal; `leastwise refine` takes those on all";
    throw new Failure(EXIT.refused, `\`${path}\` speaks of ${principals.length} principals`, hint);
  }
  if (usage.length === 0) throw new Failure(EXIT.refused, `\`${path}\` reports nothing unused`, UNUSED_HINT);
  return settleReports(usage) ?? NOTHING_UNUSED;
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Failure(EXIT.io, `\`${path}\` cannot be read: ${reasonOf(error)}`, "check the path", { cause: error });
  }
}

function textOf(path: string, file: Uint8Array): string {
  const decoded = decode(file);
  if ("text" in decoded) return decoded.text;
  throw new Failure(EXIT.refused, `\`${path}\`: ${decoded.message}`, decoded.hint);
}

function at(pointer: string): string {
  return pointer === "" ? "" : ` at ${pointer}`;
}
