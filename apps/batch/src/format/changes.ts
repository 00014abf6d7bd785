import type { Change } from "@leastwise/core";
import type { Colors } from "../terminal.ts";
import { count } from "../progress.ts";
import { printable } from "./printable.ts";
import { wordWrapped } from "./wrap.ts";

const SHOWN = 12;
/** Characters beside the places of statements, however narrow a terminal is. */
const LEAST_ROOM = 20;

/**
 * What happened to each entry; long lists are cut and say so. A change is a text, of several lines where it has
 * more than `room` characters, of which the later ones stand below its entry.
 */
export function changeLines(changes: readonly Change[], colours: Colors, room: number | null): readonly string[] {
  return changes.map(({ statement, element, entry, replacedBy }) => {
    const place = colours.dim(`statement ${statement}`);
    if (element === "NotAction") {
      return entry === null && replacedBy.length > 0
        ? hanging(`${place}  `, `statement ${statement}  `.length, `NotAction gains ${list(replacedBy)}`, room)
        : `${place}  ${colours.red("the whole statement goes")}`;
    }
    const name = printable(entry ?? "");
    return replacedBy.length === 0
      ? `${place}  ${colours.red("−")} ${name}`
      : hanging(
          `${place}  ${colours.yellow("~")} `,
          `statement ${statement}  ~ `.length,
          `${name} → ${list(replacedBy)}`,
          room,
        );
  });
}

/** A start of so many characters, beside colours, and a text whose later lines stand two further in than its first. */
function hanging(start: string, characters: number, text: string, room: number | null): string {
  if (room === null) return start + text;
  const lines = wordWrapped(text, Math.max(LEAST_ROOM, room - characters - 2));
  return start + lines.join(`\n${" ".repeat(characters + 2)}`);
}

function list(entries: readonly string[]): string {
  const shown = entries.slice(0, SHOWN).map(printable).join(", ");
  return entries.length > SHOWN ? `${shown} and ${count(entries.length - SHOWN)} more` : shown;
}
