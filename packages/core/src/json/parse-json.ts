import { type KeyTwice, keyTwice } from "./key-twice.ts";
import { lookAtJson } from "./look-at-json.ts";

/**
 * A JSON text's value; the key that an object of it has twice; or why there is neither: more than `MOST_LEVELS` objects and lists lie inside
 * one another, or it is not one JSON value.
 */
export type ParsedJson = { readonly value: unknown } | { readonly twice: KeyTwice } | "too-deep" | "not-json";

/**
 * JSON.parse for text of unknown hands: of a key that stands twice the last would win without a word, and depth asks for memory. O(length).
 *
 * @param bytes the text as UTF-8
 */
export function parseJson(text: string, bytes: Uint8Array): ParsedJson {
  const look = lookAtJson(bytes);
  if (look === "too-deep") return "too-deep";
  if (look === "several") return "not-json";
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "not-json"; // the message differs between Node versions: whoever wants a place finds it himself
  }
  const twice = look === "perhaps-twice" ? keyTwice(text) : undefined;
  return twice === undefined ? { value } : { twice };
}
