import { useEffect } from "preact/hooks";
import { go, link } from "../routing/location.ts";

const PLACES: Readonly<Record<string, string>> = {
  o: "/",
  a: "/actions",
  p: "/principals",
  l: "/policies",
  s: "/services",
};
const SECOND = 1000; // ms between `g` and the letter after it

/** The keys that work everywhere but in a field: `/`, `?`, Escape, `g` with a letter. */
export function useKeys(help: () => void): void {
  useEffect(() => {
    let lead = 0;
    const pressed = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target;
      if (document.querySelector("dialog[open]") !== null) return;
      if (target instanceof HTMLElement && target.matches("input, textarea, select")) {
        if (event.key === "Escape") target.blur();
        return;
      }
      if (event.key === "/") {
        event.preventDefault();
        document.querySelector<HTMLInputElement>("#search")?.focus();
      } else if (event.key === "?") help();
      else if (event.key === "Escape") history.back();
      else if (event.key === "g") lead = event.timeStamp;
      else if (lead > 0 && event.timeStamp - lead < SECOND) {
        const path = PLACES[event.key];
        if (path !== undefined) go(link(path));
        lead = 0;
      }
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [help]);
}
