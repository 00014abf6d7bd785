import { useMemo, useState } from "preact/hooks";
import { CopyButton } from "../parts/copy-button.tsx";
import { Nothing } from "../parts/states.tsx";
import { count } from "../text/numbers.ts";
import { visible } from "../text/visible.ts";
import { textRows, type TextRow } from "./text-rows.ts";

const AT_A_TIME = 1000; // lines

/** Two documents beside each other, line by line. A policy that is split has several after it, one of which is shown. */
export function Documents({ before, after }: { readonly before: string; readonly after: readonly string[] }) {
  const [part, setPart] = useState(0);
  const [shown, setShown] = useState(AT_A_TIME);
  const chosen = after[part] ?? "";
  const rows = useMemo(() => textRows(before, chosen), [before, chosen]);
  return (
    <div class="documents">
      <div class="document-tools">
        <CopyButton text={before} label="Copy before" />
        {after.length === 0 ? (
          <span class="removed-text">− it is detached: nothing comes after it</span>
        ) : (
          <CopyButton text={chosen} label="Copy after" />
        )}
        {after.length < 2 ? null : (
          <label>
            split into {count(after.length)}, here{" "}
            <select value={part} onChange={(event) => setPart(Number(event.currentTarget.value))}>
              {after.map((_text, at) => (
                <option key={at} value={at}>
                  part {at + 1}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <div class="side-by-side" role="table" aria-label="policy before and after" tabIndex={0}>
        {rows.slice(0, shown).map((row, at) => (
          <div key={at} role="row" class={row.same ? "text-row" : "text-row changed-row"}>
            <TextLine side="before" line={row.before} same={row.same} />
            <TextLine side="after" line={row.after} same={row.same} />
          </div>
        ))}
      </div>
      {rows.length > shown ? (
        <p class="more">
          <button type="button" onClick={() => setShown(rows.length)}>
            {count(rows.length - shown)} more lines
          </button>
        </p>
      ) : null}
    </div>
  );
}

function TextLine({
  side,
  line,
  same,
}: {
  readonly side: "before" | "after";
  readonly line: TextRow["before"];
  readonly same: boolean;
}) {
  if (line === null) return <span role="cell" class={`text-cell ${side} none`} />;
  return (
    <span role="cell" class={`text-cell ${side}`}>
      <span class="line-number" aria-hidden="true">
        {line.number}
      </span>
      <span class="sign">{same ? " " : side === "before" ? "−" : "+"}</span>
      <code>{visible(line.text)}</code>
    </span>
  );
}

/** A text to be taken away, with a copy button. Lines of a patch are marked by their first character, which they keep. */
export function Takeaway({
  text,
  what,
  patch = false,
}: {
  readonly text: string | null;
  readonly what: string;
  readonly patch?: boolean;
}) {
  const [shown, setShown] = useState(AT_A_TIME);
  if (text === null || text === "") return <Nothing>Nothing is to be done, so there is no {what}.</Nothing>;
  const lines = text.split("\n");
  return (
    <div class="takeaway">
      <div class="document-tools">
        <CopyButton text={text} />
        <span class="quiet">{what}</span>
      </div>
      <pre tabIndex={0} aria-label={what}>
        {lines.slice(0, shown).map((line, at) => (
          <span key={at} class={patch ? `patch-line ${patchTone(line)}` : "patch-line"}>
            {`${patch ? visible(line) : visibleShell(line)}\n`}
          </span>
        ))}
      </pre>
      {lines.length > shown ? (
        <p class="more">
          <button type="button" onClick={() => setShown(lines.length)}>
            {count(lines.length - shown)} more lines
          </button>
        </p>
      ) : null}
    </div>
  );
}

function visibleShell(line: string): string {
  return line.split("\t").map(visible).join("\t");
}

function patchTone(line: string): string {
  if (line.startsWith("+++") || line.startsWith("---") || line.startsWith("@@")) return "meta";
  if (line.startsWith("+")) return "added";
  return line.startsWith("-") ? "removed" : "";
}
