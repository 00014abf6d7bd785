import { prettyJson } from "../format/diff.ts";

/**
 * A policy document as its file has it: for reading, and in ASCII alone, so that it means the same whatever the locale of the machine
 * that sends it. A backtick, the one sign that ends a JMESPath literal, is escaped too.
 */
export function documentText(minified: string): string {
  return prettyJson(minified).replace(
    /[\u007f-\uffff`]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
