import { createTwoFilesPatch } from "diff";
import { printableJson, printableLines } from "./printable.ts";
import type { Colors } from "../terminal.ts";

/** Minified JSON as people read it: two spaces, a line feed at the end, and nothing that a terminal would not show. */
export function prettyJson(text: string): string {
  return `${printableJson(JSON.stringify(JSON.parse(text), null, 2))}\n`;
}

/**
 * A unified diff that `git apply` takes, between two documents given as minified JSON; a detached policy is a deleted file. Empty
 * when nothing changes.
 */
export function policyDiff(path: string, before: string, after: string | null): string {
  if (after === before) return "";
  const patch = createTwoFilesPatch(
    `a/${path}`,
    after === null ? "/dev/null" : `b/${path}`,
    prettyJson(before),
    after === null ? "" : prettyJson(after),
    undefined,
    undefined,
    { context: 3, headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true } },
  );
  const deleted = after === null ? "deleted file mode 100644\n" : "";
  return `diff --git a/${path} b/${path}\n${deleted}${patch}`;
}

/** A patch that makes a file of a document given as minified JSON. */
export function newPolicyDiff(path: string, text: string): string {
  const patch = createTwoFilesPatch("/dev/null", `b/${path}`, "", prettyJson(text), undefined, undefined, {
    context: 3,
    headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
  });
  return `diff --git a/${path} b/${path}\nnew file mode 100644\n${patch}`;
}

/**
 * The path of a policy's document in diffs, safe in any file system: account, kind and name of the principal, policy. `arn` is the
 * policy's own for a change in place, whose path then begins with `policy`.
 */
export function documentPath(accountId: string, arn: string, policyKind: string, policyName: string): string {
  const owner = arn.slice(arn.lastIndexOf(":") + 1);
  return [accountId, ...owner.split("/"), `${policyKind}-${policyName}.json`].map(safeName).join("/");
}

/** Everything but letters, digits and a few harmless signs becomes `%XX` or `%uXXXX`, so that no name leaves its folder. */
export function safeName(name: string): string {
  const escaped = name.replace(/[^\w.@=+,-]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).toUpperCase();
    return code.length > 2 ? `%u${code.padStart(4, "0")}` : `%${code.padStart(2, "0")}`;
  });
  return /^\.+$/.test(escaped) ? escaped.replaceAll(".", "%2E") : escaped;
}

/** A diff for a terminal. */
export function colourDiff(diff: string, colours: Colors): string {
  return printableLines(diff)
    .split("\n")
    .map((line) => {
      if (line.startsWith("+++") || line.startsWith("---") || line.startsWith("diff ")) return colours.bold(line);
      if (line.startsWith("+")) return colours.green(line);
      if (line.startsWith("-")) return colours.red(line);
      return line.startsWith("@@") ? colours.cyan(line) : line;
    })
    .join("\n");
}
