import { NOTHING_UNUSED, type Unused, settleReports } from "@leastwise/core";
import { isUnusedAlone, parseOne, readEvidence, readUnusedAlone } from "@leastwise/evidence";
import { EXIT, Failure } from "../exit-code.ts";
import { at, readBytes, textOf } from "./policy-file.ts";

const UNUSED_HINT =
  'give [{ "serviceNamespace": …, "actions": […] }], alone or bound to a principal, or UnusedPermission findings';

/** U of a list, bound to a principal or not, or of one principal's findings, of which the newest counts. @throws Failure */
export function readUnusedFile(path: string): Unused {
  const file = readBytes(path);
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
