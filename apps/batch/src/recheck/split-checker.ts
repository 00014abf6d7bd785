import { type PolicyDocument, optionsOf, splitPolicy, splitViolations } from "@leastwise/core";
import type { StoredSplit } from "@leastwise/store";

/** Why a stored split does not hold; nothing where it does. The parts are put together again by what shares no code with the splitting. */
export function splitProblems({ limit, parts, whole, options, places, texts }: StoredSplit): readonly string[] {
  if (whole === null) return ["the document that it splits is not there"];
  const keptSids = optionsOf(options ?? "")?.keptSids;
  if (keptSids === undefined) return ["its options are none"];
  if (parts !== places.length || places.some((place, i) => place !== i + 1))
    return [`it says that there are ${parts} parts, and has ${places.length}`];
  try {
    const document = JSON.parse(whole) as PolicyDocument; // the check takes whatever it is, here and below
    if (parts === 0)
      return splitPolicy(document, limit, keptSids) === undefined ? [] : ["it says that there is no split"];
    const documents = texts.map((text) => JSON.parse(text) as PolicyDocument);
    const odd = texts.flatMap((text, i) => (JSON.stringify(documents[i]) === text ? [] : [i + 1]));
    if (odd.length > 0) return odd.map((part) => `part ${part} is no minified JSON with each key once`); // others might read another document
    return splitViolations(document, documents, limit, keptSids);
  } catch (error) {
    return [`it cannot be read: ${error instanceof Error ? error.message : String(error)}`];
  }
}
