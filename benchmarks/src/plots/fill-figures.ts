import type { Results } from "../measure/figures.ts";
import { sourceLine, stagesTable, suiteTable } from "../measure/tables.ts";
import { SUITES } from "../suites/suites.ts";
import type { Picture } from "./pictures.ts";

/** What may stand between `<!-- figures: NAME -->` and `<!-- /figures -->`: each suite with its heading, `source` and `pictures`. */
export function figureBlocks(results: Results, drawn: readonly Picture[], folder: string): ReadonlyMap<string, string> {
  const blocks = new Map<string, string>([
    ["source", `Measured: ${sourceLine(results)}.`],
    ["pictures", drawn.map(({ title, file }) => `![${title}](${folder}/${file})`).join("\n\n")],
  ]);
  for (const { name, columns } of SUITES) {
    const suite = results.suites.find((one) => one.name === name);
    if (suite === undefined) continue;
    const staged = suite.cases.filter(({ stages }) => stages.length > 0);
    const parts = [`### ${suite.title}`, suiteTable(suite, columns)];
    if (staged.length > 0) parts.push("Each stage's share, by the clock and of the processor:", stagesTable(staged));
    blocks.set(name, parts.join("\n\n"));
  }
  return blocks;
}

/**
 * Writes blocks between their marks and leaves everything else as it is. A block without figures becomes empty.
 *
 * @throws Error where a mark is not closed
 */
export function fillFigures(markdown: string, blocks: ReadonlyMap<string, string>): string {
  const [head = "", ...parts] = markdown.split("<!-- figures: ");
  return parts.reduce((out, part) => {
    const [, name = "", rest] = /^([\w -]+?) -->[^]*?<!-- \/figures -->([^]*)$/.exec(part) ?? [];
    if (rest === undefined) throw new Error(`the figures \`${part.slice(0, 20)}\` have no end`);
    const block = blocks.get(name);
    return `${out}<!-- figures: ${name} -->\n\n${block === undefined ? "" : `${block}\n\n`}<!-- /figures -->${rest}`;
  }, head);
}
