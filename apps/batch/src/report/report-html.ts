import { createHash } from "node:crypto";
import { type AboutReport, REPORT_ID } from "@leastwise/api";
import { EXIT, Failure } from "../exit-code.ts";
import type { PageFile } from "../serve/page-files.ts";
import type { Recording } from "./recording.ts";

/** Stands at the beginning of every report, so that a report may be put in the place of an older one and of nothing else. */
export const REPORT_MARK = '<meta name="generator" content="leastwise report">';

/**
 * The page with the answers in it: one HTML file that loads nothing. Its policy of contents allows the page's own script and styles by their hashes, and
 * no connection at all.
 *
 * @throws Failure where the page is not built
 */
export function reportHtml(files: ReadonlyMap<string, PageFile>, about: AboutReport, recording: Recording): string {
  const page = files.get("/")?.bytes.toString("utf8");
  if (page === undefined)
    throw new Failure(
      EXIT.io,
      "the page is not built, so there is nothing to report with",
      "`npm run build` builds it",
    );
  const hashes = { script: [] as string[], style: [] as string[] };
  const named = (path: string): string => {
    const file = files.get(`/${path.replace(/^\.?\//, "")}`);
    if (file === undefined) throw new Error(`the page has no \`${path}\``);
    return file.bytes.toString("utf8");
  };
  const inlined = page
    .replace(
      /<script\b([^>]*?)\ssrc="([^"]+)"([^>]*)><\/script>/g,
      (_, before: string, path: string, after: string) => {
        const text = scriptText(named(path));
        hashes.script.push(hashOf(text));
        return `<script${withoutCrossOrigin(before)}${withoutCrossOrigin(after)}>${text}</script>`;
      },
    )
    .replace(/<link\b[^>]*?\srel="stylesheet"[^>]*?\shref="([^"]+)"[^>]*>/g, (_, path: string) => {
      const text = styleText(named(path));
      hashes.style.push(hashOf(text));
      return `<style>${text}</style>`;
    });
  const policy = [
    "default-src 'none'",
    `script-src ${hashes.script.join(" ")}`,
    `style-src ${hashes.style.join(" ") || "'none'"}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const data = `{"about":${JSON.stringify(about)},${recording.json()}}`.replaceAll("<", "\\u003c");
  return inlined
    .replace(
      "<head>",
      () => `<head>\n    ${REPORT_MARK}\n    <meta http-equiv="Content-Security-Policy" content="${policy}">`,
    )
    .replace("</body>", () => `<script id="${REPORT_ID}" type="application/json">${data}</script>\n  </body>`);
}

/** In a script element the text ends at `</script`, whatever JavaScript makes of it. */
function scriptText(text: string): string {
  return text.replace(/<\/(script)/gi, "<\\/$1").replaceAll("<!--", "<\\!--");
}

function styleText(text: string): string {
  return text.replace(/<\/(style)/gi, "<\\/$1");
}

function withoutCrossOrigin(attributes: string): string {
  return attributes.replace(/\scrossorigin(?:="[^"]*")?/g, "");
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
