import { theme, type Theme } from "../state/theme.ts";
import { useStore } from "../state/store.ts";

const NEXT: Readonly<Record<Theme, Theme>> = { system: "light", light: "dark", dark: "system" };
const SIGN: Readonly<Record<Theme, string>> = { system: "◐", light: "○", dark: "●" };

/** Light, dark, or as the system has it. */
export function ThemeSwitch() {
  const chosen = useStore(theme);
  return (
    <button
      type="button"
      class="plain-button"
      aria-label={`theme: ${chosen}; change to ${NEXT[chosen]}`}
      title={`theme: ${chosen}`}
      onClick={() => theme.set(NEXT[chosen])}
    >
      <span aria-hidden="true">{SIGN[chosen]}</span>
    </button>
  );
}
