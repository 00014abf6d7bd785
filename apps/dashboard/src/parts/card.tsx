import type { ComponentChildren } from "preact";

/** A part of a page with a heading of its own. */
export function Card({
  title,
  more,
  children,
}: {
  readonly title: string;
  readonly more?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  return (
    <section class="card">
      <header>
        <h2>{title}</h2>
        {more}
      </header>
      {children}
    </section>
  );
}
