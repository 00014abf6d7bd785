import { readFileSync } from "node:fs";
import { decode, parseOne, readDocument } from "@leastwise/evidence";
import { EXIT, Failure } from "../exit-code.ts";
import { isFileOrFolder } from "../file-or-folder.ts";
import { reasonOf } from "../reason.ts";

/** A policy document, minified, from the text of a file: JSON, or JSON that is URL-encoded. @throws Failure */
export function readPolicy(path: string, text: string): { readonly text: string } {
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

/** What `<(command)` of a shell and standard input are: somebody has opened them for this process, so that somebody writes. */
const OPEN_ALREADY = /^\/(?:dev|proc\/self)\/(?:fd\/\d+|stdin)$/;

/** A whole file. Neither a pipe nor a device, unless it is open already. @throws Failure where it cannot be read */
export function readBytes(path: string): Uint8Array {
  try {
    if (!OPEN_ALREADY.test(path) && !isFileOrFolder(path))
      throw new Failure(EXIT.io, `\`${path}\` is no regular file`, "name a file, or `<(command)`");
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(EXIT.io, `\`${path}\` cannot be read: ${reasonOf(error)}`, "check the path", { cause: error });
  }
}

/** A file as text. @throws Failure where it is none */
export function textOf(path: string, file: Uint8Array): string {
  const decoded = decode(file);
  if ("text" in decoded) return decoded.text;
  throw new Failure(EXIT.refused, `\`${path}\`: ${decoded.message}`, decoded.hint);
}

/** A place in a document, for a message; nothing for the document as a whole. */
export function at(pointer: string): string {
  return pointer === "" ? "" : ` at ${pointer}`;
}
