import type { AlignedEntry, AlignedStatement, EntryEvidence } from "@leastwise/api";
import { useState } from "preact/hooks";
import { Mark } from "../parts/marks.tsx";
import { Name } from "../parts/name.tsx";
import { age, day } from "../text/dates.ts";
import { count, counted } from "../text/numbers.ts";
import { foldEntries, tally } from "./fold.ts";

const AT_A_TIME = 400; // lines; a policy has up to 4,533 entries

/** A statement before beside after, its entries aligned. */
export function Statement({
  statement,
  search,
  treeHref,
}: {
  readonly statement: AlignedStatement;
  readonly search: string;
  readonly treeHref: (entry: string) => string;
}) {
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  const [shown, setShown] = useState(AT_A_TIME);
  const { before, after, sid, effect, element, entries, rest, untouched } = statement;
  const lines = foldEntries(entries, search).flatMap((line) =>
    line.is === "fold" && unfolded.has(line.from)
      ? line.entries.map((entry, at) => ({ is: "entry" as const, at: line.from + at, entry }))
      : [line],
  );
  const sums = tally(entries);
  return (
    <section class={after === null ? "statement gone" : "statement"} aria-label={`statement ${before + 1}`}>
      <header>
        <h3>
          Statement {before + 1}
          {sid === null ? null : (
            <>
              {" "}
              <span class="sid">
                <Name text={sid} />
              </span>
            </>
          )}
        </h3>
        <span class="quiet">
          {effect} <code>{element}</code>
        </span>
        <span class="tally">
          {after === null ? (
            <Mark tone="removed" sign="−">
              the statement goes
            </Mark>
          ) : null}
          {sums.removed > 0 ? <span class="removed-text">−{count(sums.removed)} removed</span> : null}
          {sums.replaced > 0 ? (
            <span>
              ±{count(sums.replaced)} replaced by {count(sums.added)}
            </span>
          ) : null}
          {sums.kept > 0 ? <span class="quiet">={count(sums.kept)} kept</span> : null}
        </span>
      </header>
      {untouched === null ? null : <p class="untouched">= Not touched: {untouched}</p>}
      <div class="entries" role="table" aria-label={`entries of statement ${before + 1}, before and after`}>
        <div role="row" class="entry-head">
          <span role="columnheader">before</span>
          <span role="columnheader">after</span>
        </div>
        {lines.slice(0, shown).map((line) =>
          line.is === "fold" ? (
            <div key={`fold ${line.from}`} role="row" class="fold">
              <span role="cell">
                <button type="button" onClick={() => setUnfolded(new Set([...unfolded, line.from]))}>
                  ⋯ {count(line.entries.length)} unchanged entries
                </button>
              </span>
            </div>
          ) : (
            <Entry key={line.at} entry={line.entry} treeHref={treeHref} />
          ),
        )}
      </div>
      {lines.length > shown ? (
        <p class="more">
          <button type="button" onClick={() => setShown(shown + AT_A_TIME)}>
            {count(Math.min(AT_A_TIME, lines.length - shown))} more of {count(lines.length - shown)}
          </button>
          <button type="button" onClick={() => setShown(lines.length)}>
            all
          </button>
        </p>
      ) : null}
      {lines.length === 0 ? <p class="quiet">No entry contains it.</p> : null}
      {rest === "" || rest === "{}" ? null : (
        <details class="rest">
          <summary>Resource, Condition and the rest: unchanged</summary>
          <pre>
            <Name text={rest} />
          </pre>
        </details>
      )}
    </section>
  );
}

function Entry({ entry, treeHref }: { readonly entry: AlignedEntry; readonly treeHref: (entry: string) => string }) {
  const [open, setOpen] = useState(false);
  if (entry.is === "kept") {
    return (
      <div role="row" class="entry kept">
        <span role="cell" class="before">
          <span class="sign">=</span>
          <code>
            <Name text={entry.before} />
          </code>
        </span>
        <span role="cell" class="after">
          <span class="sign">=</span>
          <code>
            <Name text={entry.after} />
          </code>
        </span>
      </div>
    );
  }
  const before = entry.is === "added" ? null : entry.before;
  const after = entry.is === "removed" ? [] : entry.after;
  return (
    <div class={open ? `changed ${entry.is} open` : `changed ${entry.is}`} role="rowgroup">
      <div role="row" class="entry">
        <span role="cell" class="before">
          {before === null ? null : (
            <span class="sign">
              −<span class="visually-hidden"> {entry.is}</span>
            </span>
          )}
          <button type="button" class="why" aria-expanded={open} onClick={() => setOpen(!open)}>
            {before === null ? (
              <span class="quiet">not there</span>
            ) : (
              <code>
                <Name text={before} />
              </code>
            )}
            <span class="why-word" aria-hidden="true">
              why
            </span>
          </button>
          {entry.is === "replaced" && entry.hasTree ? (
            <a class="tree-link" href={treeHref(entry.before)} aria-label={`tree of ${entry.before}`}>
              tree
            </a>
          ) : null}
        </span>
        <span role="cell" class="after">
          {after.length === 0 ? (
            <span class="quiet nothing-left">nothing</span>
          ) : (
            after.map((text) => (
              <span key={text} class="added">
                <span class="sign">
                  +<span class="visually-hidden"> generated</span>
                </span>
                <code>
                  <Name text={text} />
                </code>
              </span>
            ))
          )}
        </span>
      </div>
      {open ? (
        <div role="row" class="reason">
          <div role="cell">
            <Reason evidence={entry.evidence} />
          </div>
        </div>
      ) : null}
    </div>
  );
}

function Reason({ evidence }: { readonly evidence: readonly EntryEvidence[] }) {
  if (evidence.length === 0)
    return <p class="quiet">It matches no action of AWS, or one that no source speaks of by name.</p>;
  return (
    <ul>
      {evidence.map(({ source, updatedAt, ageDays, actions, first }) => (
        <li key={`${source} ${updatedAt ?? ""}`}>
          <strong>
            <Name text={source} />
          </strong>{" "}
          says that {counted(actions, "action")} {actions === 1 ? "is" : "are"} not used
          <span class="quiet">
            {updatedAt === null ? ", without a date" : `, ${day(updatedAt)}`}
            {ageDays === null ? "" : `, ${age(ageDays)} before the run`}
          </span>
          <span class="action-names">
            {first.map((action) => (
              <code key={action}>
                <Name text={action} />
              </code>
            ))}
            {actions > first.length ? <span class="quiet">and {count(actions - first.length)} more</span> : null}
          </span>
        </li>
      ))}
    </ul>
  );
}
