import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { COMMANDS, leastwise } from "./leastwise.ts";

const REFERENCE = fileURLToPath(new URL("../../../docs/cli.md", import.meta.url));

const SUBCOMMANDS = [
  ["queue", "list"],
  ["queue", "remove"],
  ["catalog", "info"],
  ["catalog", "diff"],
];

/** `LEASTWISE_UPDATE=1 npx vitest run apps/batch/test/cli-reference.test.ts` writes the page anew. */
test("docs/cli.md is what --help says", () => {
  const sections = [[], ...COMMANDS.map((command) => [command]), ...SUBCOMMANDS].map((words) => {
    const { code, out } = leastwise(...words, "--help");
    expect(code).toBe(0);
    return `## ${["leastwise", ...words].join(" ")}\n\n\`\`\`text\n${out.trimEnd()}\n\`\`\`\n`;
  });
  const { out: questions } = leastwise("query", "--list");
  sections.push(`## Named questions\n\n\`\`\`text\n${questions.trimEnd()}\n\`\`\`\n`);
  const page = `# Command line\n\nGenerated from \`--help\`; a test holds it.\n\n${sections.join("\n")}`;
  if (process.env["LEASTWISE_UPDATE"] !== undefined) writeFileSync(REFERENCE, page);
  expect(readFileSync(REFERENCE, "utf8")).toBe(page);
});
