import type { PolicyDocument } from "../policy/document.ts";

/** Characters of texts in one generation; what is kept of a document takes a few times as much as its text. */
const MOST_CHARACTERS = 4_000_000;

let younger = new Map<string, PolicyDocument>();
let older = new Map<string, PolicyDocument>();
let characters = 0;

/**
 * A document that more than one shard asks about, parsed; the same object as long as it is asked for now and then, so that whoever reads
 * documents finds what was made of it. AWS's managed policies come in shard after shard. Memory: O(characters of two generations).
 */
export function knownDocument(text: string): PolicyDocument {
  const young = younger.get(text);
  if (young !== undefined) return young;
  const document = older.get(text) ?? (JSON.parse(text) as PolicyDocument); // the edge has checked it
  if (characters + text.length > MOST_CHARACTERS) {
    older = younger;
    younger = new Map();
    characters = 0;
  }
  younger.set(text, document);
  characters += text.length;
  return document;
}
