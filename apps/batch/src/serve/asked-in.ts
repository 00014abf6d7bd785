import type { ApiFailure } from "@leastwise/api";
import { printable } from "../format/printable.ts";

/**
 * The parameters of an address, each once and each known: a misspelled filter would otherwise show everything. A name that ends with a dot allows
 * whatever begins so.
 */
export function askedIn(
  query: URLSearchParams,
  parameters: readonly string[],
): { readonly asked: Readonly<Record<string, string>> } | ApiFailure {
  const asked: Record<string, string> = Object.create(null) as Record<string, string>; // no name is anything but a name
  for (const [name, value] of query) {
    const isKnown = parameters.some((one) => one === name || (one.endsWith(".") && name.startsWith(one)));
    if (!isKnown)
      return {
        code: "bad-parameter",
        message: `there is no parameter \`${printable(name.slice(0, 64))}\``,
        hint: parameters.length === 0 ? "it takes none" : `there are ${parameters.join(", ")}`,
      };
    if (name in asked) return { code: "bad-parameter", message: `\`${name}\` is given twice`, hint: "give it once" };
    asked[name] = value;
  }
  return { asked: { ...asked } };
}
