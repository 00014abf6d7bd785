import { count } from "../progress.ts";
import type { RefusedAnswer } from "../stages/take-answers.ts";
import type { Terminal } from "../terminal.ts";
import { printable } from "./printable.ts";
import { wordWrapped } from "./wrap.ts";

/** An answer of a part that did not hold, with whose it would have been, where that is known. */
export interface RefusedView extends RefusedAnswer {
  readonly principal: string | null;
  readonly policy: string | null;
}

/** Answers that were not taken over: the first of them, and how many more there are; empty where there are none. */
export function refusedText(refused: readonly RefusedView[], all: number, { colours, width }: Terminal): string {
  const room = width === null ? Infinity : width - 2;
  const texts = refused.map(({ path, principal, policy, unitId, reasons }) => {
    const whose = principal === null ? `unit ${unitId}` : `${principal} ${policy ?? ""}`;
    const lines = reasons.flatMap((reason) => wordWrapped(printable(reason), room));
    return `${colours.red("refused")} ${printable(whose)}, of ${printable(path)}\n${lines.map((line) => `  ${line}\n`).join("")}`;
  });
  const more = all - refused.length;
  return `${texts.join("")}${more === 0 ? "" : `and ${count(more)} more\n`}`;
}
