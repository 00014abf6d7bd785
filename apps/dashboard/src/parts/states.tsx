import type { ApiFailure } from "@leastwise/api";
import type { ComponentChildren } from "preact";
import { Name } from "./name.tsx";

export function Waiting({ what = "loading" }: { readonly what?: string }) {
  return (
    <p class="state" role="status">
      <span class="spinner" aria-hidden="true" /> {what}…
    </p>
  );
}

export function Nothing({ children }: { readonly children: ComponentChildren }) {
  return <p class="state nothing">{children}</p>;
}

/** What the program says instead of a reply, and a way to ask again. */
export function Failed({ failure, again }: { readonly failure: ApiFailure; readonly again?: () => void }) {
  return (
    <div class="state failed" role="alert">
      <p>
        <strong>{capital(failure.message)}.</strong> {failure.hint === "" ? null : `${capital(failure.hint)}.`}
      </p>
      <p class="quiet">
        <Name text={failure.code} />
        {again === undefined || failure.code === "NOT_IN_REPORT" ? null : (
          <button type="button" onClick={again}>
            Ask again
          </button>
        )}
      </p>
    </div>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
