import { useEffect, useState } from "preact/hooks";
import { client } from "./asking/open-client.ts";
import { gone } from "./asking/server-client.ts";
import { link, route as routeStore } from "./routing/location.ts";
import { useStore } from "./state/store.ts";
import { useKeys } from "./state/use-keys.ts";
import { CurrentView } from "./views/current-view.tsx";
import { Help } from "./views/help.tsx";
import { Navigation } from "./views/navigation.tsx";
import { ReportNote } from "./views/report-note.tsx";
import { RunChooser } from "./views/run-chooser.tsx";
import { SearchBox } from "./views/search-box.tsx";
import { ThemeSwitch } from "./views/theme-switch.tsx";

/** The frame around every view. */
export function App() {
  const route = useStore(routeStore);
  const [help, setHelp] = useState(false);
  const away = useStore(gone);
  useKeys(() => setHelp(true));
  useEffect(() => {
    document.title = titleOf(route.path, route.query);
    const main = document.querySelector("main");
    if (main !== null) main.scrollTop = 0;
  }, [route.path, route.query["policy"], route.query["arn"], route.query["action"]]);
  return (
    <div class="frame">
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.querySelector("main")?.focus();
        }}
      >
        To the content
      </a>
      <header class="top">
        <a class="wordmark" href={link("/")}>
          leastwise
        </a>
        <SearchBox route={route} />
        <RunChooser route={route} />
        <ThemeSwitch />
        <button type="button" class="plain-button" aria-label="keys and signs" onClick={() => setHelp(true)}>
          ?
        </button>
      </header>
      <Navigation route={route} />
      <main tabIndex={-1} id="main">
        {away === null ? null : (
          <p class="gone" role="alert">
            The server is gone. What is shown may be old; it is asked again until it answers.
          </p>
        )}
        {client.report === null ? null : <ReportNote about={client.report} />}
        <CurrentView route={route} />
      </main>
      {help ? <Help close={() => setHelp(false)} /> : null}
    </div>
  );
}

function titleOf(path: string, query: Readonly<Record<string, string>>): string {
  const what = path === "/" ? "organization" : path.slice(1);
  const which = query["action"] ?? query["arn"] ?? "";
  return which === "" ? `${what} · leastwise` : `${which.slice(0, 80)} · ${what} · leastwise`;
}
