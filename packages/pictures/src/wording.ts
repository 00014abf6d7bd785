import type { ShownNode } from "./shown-tree.ts";
import type { WordTree } from "@leastwise/api";
import { printable } from "./printable.ts";

/** A whole number as people write it. */
function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

function plural(value: number, one: string): string {
  return `${count(value)} ${value === 1 ? one : `${one}s`}`;
}

/** What the entry comes to, in one line. */
export function summaryOf({ pattern, root, replacedBy }: WordTree): string {
  const actions = root.kept + root.unused;
  if (replacedBy.length === 0)
    return actions === 0 ? "reported unused; goes" : `nothing is left of ${plural(actions, "action")}: it goes`;
  if (replacedBy.length === 1 && replacedBy[0] === pattern)
    return `nothing unused among ${plural(actions, "action")}: it stays as it is`;
  const entries = replacedBy.length === 1 ? "1 entry" : `${count(replacedBy.length)} entries`;
  return `${count(root.kept)} of ${plural(actions, "action")} ${root.kept === 1 ? "stays" : "stay"}, ${count(root.unused)} ${root.unused === 1 ? "goes" : "go"}; ${entries} in its place`;
}

/** What a node is called: its words, with `*` where the result has all that begins with it, cut to `room` characters. */
export function labelOf(node: ShownNode, room: number): string {
  if (node.is === "itself") return cut(`${bare(node.action ?? node.prefix)} itself`, room);
  if (node.is === "more") return listOf(node.words, room);
  const [word = ""] = node.words;
  const isPlain = node.entries.length === 1 && node.entries[0] === `${node.prefix}*`;
  return cut(printable(`${word}${isPlain ? "*" : ""}`) || "*", room);
}

/** How many of its actions stay; empty for a single one. */
export function figuresOf({ kept, unused, state, is }: ShownNode): string {
  if (is !== "more" && state === "leaf" && kept + unused <= 1) return "";
  if (unused === 0) return `${count(kept)} ${kept === 1 ? "stays" : "stay"}`;
  if (kept === 0) return `${count(unused)} ${unused === 1 ? "goes" : "go"}`;
  return `${count(kept)} of ${count(kept + unused)} stay`;
}

/** The entries of a node where its label does not say them already. */
export function entriesBeside({ entries, prefix, action, is }: ShownNode): readonly string[] {
  if (is === "more") return [];
  return entries.filter((entry) => entry !== `${prefix}*` && entry !== action);
}

/** As many as there is room for, and how many there are besides. */
function listOf(words: readonly string[], room: number): string {
  let text = "";
  for (let i = 0; i < words.length; i++) {
    const next = `${text}${i === 0 ? "" : ", "}${cut(printable(words[i]!), 24)}`; // i is inside
    const left = words.length - i - 1;
    const tail = left === 0 ? "" : ` … ${count(left)} more`;
    if (i > 0 && next.length + tail.length > room) return `${text} … ${count(left + 1)} more`;
    text = next;
  }
  return text;
}

/** A text of at most `room` characters, with its ends where it is longer. */
export function cut(text: string, room: number): string {
  if (text.length <= room) return text;
  const characters = Array.from(text); // so that none is cut in two
  if (characters.length <= room) return text;
  const tail = Math.floor((room - 1) / 2);
  return `${characters.slice(0, room - 1 - tail).join("")}…${characters.slice(characters.length - tail).join("")}`;
}

function bare(action: string): string {
  return printable(action.slice(action.indexOf(":") + 1));
}
