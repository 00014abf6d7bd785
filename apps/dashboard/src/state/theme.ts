import { createStore, type Store } from "./store.ts";

/** Light, dark, or as the system has it. */
export type Theme = "light" | "dark" | "system";

const KEY = "leastwise-theme";

/** What one has chosen; kept in this browser where it allows that. */
export const theme: Store<Theme> = createStore<Theme>(kept());

/** Dresses the page as chosen, now and whenever the choice changes. Call it once. */
export function dressPage(): void {
  const dress = (): void => {
    const chosen = theme.get();
    if (chosen === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = chosen;
    try {
      localStorage.setItem(KEY, chosen);
    } catch {
      return; // a browser that keeps nothing: the choice lasts as long as the page
    }
  };
  theme.subscribe(dress);
  dress();
}

function kept(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system"; // as above
  }
}
