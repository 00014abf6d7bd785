import { hash } from "node:crypto";
import { shapeText } from "@leastwise/core";

/** SHA-256 of what is left of a document's text without its account ids; null where it names none. */
export function shapeOf(text: string): string | null {
  const shape = shapeText(text);
  return shape === null ? null : hash("sha256", shape);
}
