import { pieces, visible } from "../text/visible.ts";

/**
 * Something that people or machines elsewhere have named: as text only, apart from the direction of what is around it, and with what one would not see made
 * visible. `title` where it may be cut off.
 */
export function Name({ text, cut = false }: { readonly text: string; readonly cut?: boolean }) {
  return (
    <bdi class={cut ? "name cut" : "name"} {...(cut ? { title: visible(text) } : {})}>
      {pieces(text).map(({ text: part, hidden }, at) =>
        hidden ? (
          <span key={at} class="hidden-character">
            {part}
          </span>
        ) : (
          part
        ),
      )}
    </bdi>
  );
}
