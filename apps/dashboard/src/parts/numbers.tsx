import type { ComponentChildren } from "preact";
import { count, percent, share } from "../text/numbers.ts";

/** A length from 0 to 1 that a style sheet turns into a bar; a style attribute would not be allowed. */
export function Fill({ part, class: name = "" }: { readonly part: number; readonly class?: string }) {
  return <span class={`fill ${name}`} style={{ "--part": String(part) }} aria-hidden="true" />;
}

/** `1,200 → 300 −75 %` */
export function Reduction({ before, after }: { readonly before: number | null; readonly after: number | null }) {
  if (before === null) return <span class="quiet">–</span>;
  if (after === null) return <span>{count(before)}</span>;
  return (
    <span class="reduction">
      <span>{count(before)}</span>
      <span class="quiet"> → </span>
      <span>{count(after)}</span>
    </span>
  );
}

/** What goes, as a share with a bar behind it. */
export function Goes({ before, after }: { readonly before: number | null; readonly after: number | null }) {
  if (before === null || after === null) return <span class="quiet">–</span>;
  const gone = before - after;
  return (
    <span class="goes">
      <Fill part={share(gone, before)} class="removed" />
      <span>{gone === 0 ? "0" : `−${count(gone)}`}</span>
      <span class="share">{percent(gone, before)}</span>
    </span>
  );
}

/** A number with a word below it, which leads to the list behind it. */
export function Figure({
  value,
  of,
  href,
  tone = "",
  children,
}: {
  readonly value: string;
  readonly of: ComponentChildren;
  readonly href: string;
  readonly tone?: string;
  readonly children?: ComponentChildren;
}) {
  return (
    <a class={`figure ${tone}`} href={href}>
      <span class="value">{value}</span>
      <span class="of">{of}</span>
      {children}
    </a>
  );
}

/** How much of a limit is taken. */
export function Meter({
  value,
  limit,
  label,
}: {
  readonly value: number;
  readonly limit: number;
  readonly label: string;
}) {
  const over = value > limit;
  return (
    <span class={over ? "meter over" : "meter"}>
      <span class="meter-text">
        {label} {count(value)} of {count(limit)} characters{over ? ", over the limit" : ""}
      </span>
      <span class="meter-bar" aria-hidden="true">
        <Fill part={share(value, limit)} />
      </span>
    </span>
  );
}
