import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import type { Diagnostic, Evidence } from "@leastwise/core";
import { MAX_TEXT_BYTES, readEvidence } from "@leastwise/evidence";
import { reasonOf } from "../reason.ts";

/** Worker task: reads and parses files. What cannot be read is a diagnostic of that file. */
export default function readFiles(paths: readonly string[]): readonly Evidence[] {
  return paths.map((path) => {
    try {
      const bytes = readRegularFile(path);
      return bytes instanceof Uint8Array ? readEvidence(path, bytes) : refused(path, bytes);
    } catch (error) {
      return refused(path, {
        code: "unreadable-file",
        message: `cannot be read: ${reasonOf(error)}`,
        hint: "check the file and its permissions",
      });
    }
  });
}

type Refusal = Pick<Diagnostic, "code" | "message" | "hint">;

/** Opens without waiting, so that a pipe that nobody writes to cannot hold the run up. */
function readRegularFile(path: string): Uint8Array | Refusal {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile())
      return { code: "not-a-file", message: "this is not a regular file", hint: "name files or folders" };
    if (stats.size > MAX_TEXT_BYTES) {
      return {
        code: "too-large",
        message: `the file has ${stats.size} bytes`,
        hint: "export it in pages or by account",
      };
    }
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

function refused(path: string, refusal: Refusal): Evidence {
  return evidenceOf({ ...refusal, severity: "error", path, pointer: "" });
}

/** What a file said of which nothing but a diagnostic is known. */
export function evidenceOf(diagnostic: Diagnostic): Evidence {
  const { path } = diagnostic;
  return {
    path,
    kinds: [],
    principals: [],
    policies: [],
    attachments: [],
    documents: [],
    usage: [],
    diagnostics: [diagnostic],
  };
}
