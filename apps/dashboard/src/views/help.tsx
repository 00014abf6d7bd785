import { useEffect, useRef } from "preact/hooks";

const KEYS: readonly (readonly [keys: string, does: string])[] = [
  ["/", "search everything: an action shows who can call it"],
  ["↑ ↓", "through the rows of a list, the suggestions, the tree"],
  ["Page Up, Page Down, Home, End", "faster through a list"],
  ["Enter", "open what is marked; on a changed entry: why"],
  ["← →", "between tabs; in the tree: close, open"],
  ["Esc", "close what is open; otherwise one step back"],
  ["g then o, a, p, l, s", "organization, actions, principals, policies, services"],
  ["?", "this"],
];

/** What the keys do, and what the signs mean. */
export function Help({ close }: { readonly close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class="help"
      aria-labelledby="help-title"
      onClose={close}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div>
        <h2 id="help-title">Keys and signs</h2>
        <table class="plain">
          <tbody>
            {KEYS.map(([keys, does]) => (
              <tr key={keys}>
                <th scope="row">
                  <kbd>{keys}</kbd>
                </th>
                <td>{does}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p>
          <span class="removed-text">− goes</span>, <span class="kept-text">+ is generated in its place</span>, = stays,
          ± is replaced, <span class="unknown-text">? unknown</span>, <span class="removed-text">! no answer</span>.
          Characters that one would not see are shown by number, such as <span class="hidden-character">‹U+202E›</span>.
        </p>
        <button type="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
    </dialog>
  );
}
