import type { WordTree } from "@leastwise/api";
import { type PlacedNode, layoutTree, shownTree, summaryOf } from "@leastwise/pictures";
import { useMemo, useState } from "preact/hooks";
import { useReply } from "../asking/use-reply.ts";
import { CopyButton } from "../parts/copy-button.tsx";
import { Name } from "../parts/name.tsx";
import { Failed, Nothing, Waiting } from "../parts/states.tsx";
import { change, link } from "../routing/location.ts";
import type { Route } from "../routing/route.ts";
import { count, counted } from "../text/numbers.ts";
import { TreeLegend } from "../tree/tree-legend.tsx";
import { TreeList } from "../tree/tree-list.tsx";
import { TreePicture } from "../tree/tree-picture.tsx";
import { foldingOf, toggled } from "../tree/unfolding.ts";
import { runOf } from "./organization.tsx";
import { nameOfArn } from "./words.ts";

/** The words behind a wildcard, and where what stands in its place stands among them. */
export function TreeView({ route }: { readonly route: Route }) {
  const { policy, principal, statement, entry } = route.query;
  const isAsked = policy !== undefined && statement !== undefined && entry !== undefined;
  const { reply, failure, busy, again } = useReply(
    "tree",
    isAsked ? { ...runOf(route), policy, statement, entry, ...(principal === undefined ? {} : { principal }) } : null,
  );
  if (!isAsked)
    return (
      <Nothing>
        A tree is of one entry of a policy. <a href={link("/policies")}>To the policies</a>
      </Nothing>
    );
  return (
    <article class="tree-view">
      <header class="page-head">
        <nav aria-label="where this is" class="crumbs">
          {principal === undefined ? null : (
            <>
              <a href={link("/principal", { arn: principal })}>
                <Name text={nameOfArn(principal)} cut />
              </a>
              <span aria-hidden="true">›</span>
            </>
          )}
          <a href={link("/policy", { policy, principal })}>
            <Name text={policyNameOf(policy)} cut />
          </a>
          <span aria-hidden="true">›</span>
          <span>statement {Number(statement) + 1}</span>
        </nav>
        <h1 class={entry.length > 80 ? "long" : ""}>
          <code>
            <Name text={entry} />
          </code>
        </h1>
      </header>
      {failure === null ? null : <Failed failure={failure} again={again} />}
      {failure === null && (reply === null || busy) ? <Waiting what="growing the tree" /> : null}
      {failure !== null || reply === null || busy ? null : (
        <Shown key={`${policy} ${statement} ${entry}`} tree={reply} route={route} />
      )}
    </article>
  );
}

function Shown({ tree, route }: { readonly tree: WordTree; readonly route: Route }) {
  const { open, closed, all } = route.query;
  const folding = useMemo(() => foldingOf({ open, closed, all }), [open, closed, all]);
  const layout = useMemo(() => layoutTree(tree, folding), [tree, folding]);
  const [node, setNode] = useState<PlacedNode | null>(null);
  const [listed, setListed] = useState(false);
  const { root, replacedBy } = tree;
  const isSingle = root.children.length === 0;
  const summary = summaryOf(tree);
  const isUnfolded = all === "yes" || layout.nodes.every(({ state }) => state !== "closed");
  return (
    <>
      <p class="summary-line">
        <span>{summary}</span>
        <a href={link("/actions", { q: root.prefix, granted: "yes" })}>the actions that begin so</a>
      </p>
      <Replacement entries={replacedBy} pattern={tree.pattern} />
      {isSingle ? (
        <Nothing>Nothing branches off below it, so there is no tree.</Nothing>
      ) : (
        <>
          <TreeLegend />
          <p class="tree-tools">
            {isUnfolded && all !== "yes" ? null : (
              <button
                type="button"
                aria-pressed={all === "yes"}
                onClick={() =>
                  change({ all: all === "yes" ? undefined : "yes", open: undefined, closed: undefined }, "replace")
                }
              >
                Everything unfolded
              </button>
            )}
            {open === undefined && closed === undefined ? null : (
              <button type="button" onClick={() => change({ open: undefined, closed: undefined }, "replace")}>
                As it was
              </button>
            )}
            <span class="quiet tree-hint">
              Arrows walk, Enter opens and closes; drag or Shift with arrows moves it, + − 0 or Ctrl with the wheel
              zooms.
            </span>
          </p>
          <TreePicture
            layout={layout}
            label={`${tree.pattern.slice(0, 200)}: ${summary}`}
            picked={setNode}
            toggle={(which) => {
              const next = toggled(route.query, which);
              if (next !== null) change(next, "replace");
            }}
          />
          <p class="tree-said">
            <Said node={node ?? layout.nodes[0]} />
          </p>
          <details onToggle={(event) => setListed(event.currentTarget.open)}>
            <summary>The same as a list</summary>
            {listed ? <TreeList root={shownTree(tree, folding)} /> : null}
          </details>
        </>
      )}
    </>
  );
}

/** What stands in its place. */
function Replacement({ entries, pattern }: { readonly entries: readonly string[]; readonly pattern: string }) {
  if (entries.length === 0) return <p class="replacement">− Nothing stands in its place.</p>;
  if (entries.length === 1 && entries[0] === pattern) return <p class="replacement">= It stays as it is.</p>;
  const list = (
    <ul class="replacement-entries">
      {entries.map((entry) => (
        <li key={entry}>
          <span class="sign" aria-hidden="true">
            +
          </span>
          <code>
            <Name text={entry} />
          </code>
        </li>
      ))}
    </ul>
  );
  return (
    <section class="replacement" aria-label="what stands in its place">
      <p class="document-tools">
        <strong>{counted(entries.length, "entry stands", "entries stand")} in its place</strong>
        <CopyButton text={JSON.stringify(entries, null, 2)} />
      </p>
      {entries.length <= FEW ? (
        list
      ) : (
        <details>
          <summary>all {count(entries.length)}</summary>
          {list}
        </details>
      )}
    </section>
  );
}

const FEW = 24;

/** What is to be said of the node that one has gone to, and where it leads. */
function Said({ node }: { readonly node: PlacedNode | undefined }) {
  if (node === undefined) return null;
  const isAction = node.state === "leaf" && /^[a-z0-9-]+:[a-z0-9]+$/iu.test(node.prefix);
  return (
    <>
      <bdi>{node.title}</bdi>
      {isAction ? (
        <>
          {" · "}
          <a href={link("/holders", { action: node.prefix, when: "after" })}>who can call it</a>
        </>
      ) : null}
    </>
  );
}

function policyNameOf(key: string): string {
  const inline = key.indexOf("#");
  return inline < 0 ? nameOfArn(key) : key.slice(inline + 1);
}
