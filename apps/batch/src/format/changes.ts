import type { Change } from "@leastwise/core";
import type { Colors } from "../terminal.ts";
import { printable } from "./printable.ts";

const SHOWN = 12;

/** What happened to each entry, a line each; long lists are cut and say so. */
export function changeLines(changes: readonly Change[], colours: Colors): readonly string[] {
  return changes.map(({ statement, element, entry, replacedBy }) => {
    const place = colours.dim(`statement ${statement}`);
    if (element === "NotAction") {
      return entry === null && replacedBy.length > 0
        ? `${place}  NotAction gains ${list(replacedBy)}`
        : `${place}  ${colours.red("the whole statement goes")}`;
    }
    const name = printable(entry ?? "");
    return replacedBy.length === 0
      ? `${place}  ${colours.red("−")} ${name}`
      : `${place}  ${colours.yellow("~")} ${name} → ${list(replacedBy)}`;
  });
}

function list(entries: readonly string[]): string {
  const shown = entries.slice(0, SHOWN).map(printable).join(", ");
  return entries.length > SHOWN ? `${shown} and ${entries.length - SHOWN} more` : shown;
}
