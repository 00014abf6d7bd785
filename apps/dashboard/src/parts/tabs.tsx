import type { ComponentChildren } from "preact";

export interface Tab {
  readonly id: string;
  readonly title: string;
  readonly content: () => ComponentChildren;
}

/** Tabs as WAI-ARIA has them: left and right go from one to the next. Which one is open lives with the caller, in the address. */
export function Tabs({
  tabs,
  open,
  choose,
  label,
}: {
  readonly tabs: readonly Tab[];
  readonly open: string | undefined;
  readonly choose: (id: string) => void;
  readonly label: string;
}) {
  const current = tabs.find(({ id }) => id === open) ?? tabs[0];
  if (current === undefined) return null;
  const step = (by: number, target: EventTarget | null): void => {
    const next = tabs[(tabs.indexOf(current) + by + tabs.length) % tabs.length];
    if (next === undefined) return;
    choose(next.id);
    if (target instanceof HTMLElement) target.parentElement?.querySelector<HTMLElement>(`#tab-${next.id}`)?.focus();
  };
  return (
    <div class="tabs">
      <div role="tablist" aria-label={label}>
        {tabs.map(({ id, title }) => (
          <button
            key={id}
            id={`tab-${id}`}
            type="button"
            role="tab"
            aria-selected={id === current.id}
            aria-controls="tab-panel"
            tabIndex={id === current.id ? 0 : -1}
            onClick={() => choose(id)}
            onKeyDown={(event) => {
              if (event.key === "ArrowRight") step(1, event.currentTarget);
              else if (event.key === "ArrowLeft") step(-1, event.currentTarget);
            }}
          >
            {title}
          </button>
        ))}
      </div>
      <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${current.id}`}>
        {current.content()}
      </div>
    </div>
  );
}
