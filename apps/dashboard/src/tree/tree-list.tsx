import { type ShownNode, LOOKS, lookOf } from "@leastwise/pictures";
import { Name } from "../parts/name.tsx";
import { count } from "../text/numbers.ts";

const WORDS = new Map(LOOKS);

/** The same tree as a nested list, for those who would rather read or hear it. */
export function TreeList({ root }: { readonly root: ShownNode }) {
  return (
    <ul class="tree-list">
      <Item node={root} />
    </ul>
  );
}

function Item({ node }: { readonly node: ShownNode }) {
  const { is, prefix, words, action, kept, unused, entries, children } = node;
  return (
    <li>
      <code>
        <Name text={is === "more" ? words.slice(0, 40).join(", ") : (action ?? `${prefix}*`)} />
      </code>
      {is === "itself" ? " itself" : ""}
      {is === "more" && words.length > 40 ? ` and ${count(words.length - 40)} more` : ""}: {WORDS.get(lookOf(node))}
      {kept + unused > 1 ? `; ${count(kept)} stay, ${count(unused)} go` : ""}
      {entries.length === 0 ? null : (
        <>
          ; written as{" "}
          {entries.map((entry, at) => (
            <span key={entry}>
              {at === 0 ? "" : ", "}
              <code>
                <Name text={entry} />
              </code>
            </span>
          ))}
        </>
      )}
      {children.length === 0 ? null : (
        <ul>
          {children.map((child) => (
            <Item key={`${child.is} ${child.verdict} ${child.chosen ?? ""} ${child.prefix}`} node={child} />
          ))}
        </ul>
      )}
    </li>
  );
}
