import { change } from "../routing/location.ts";
import type { Route } from "../routing/route.ts";
import { Name } from "../parts/name.tsx";
import { ListView } from "./list-view.tsx";
import { HOLDERS } from "./lists/holders.tsx";

/** Who may call an action, today or after, and through which statement. */
export function HoldersView({ route }: { readonly route: Route }) {
  const action = route.query["action"] ?? "";
  const when = route.query["when"] === "before" ? "before" : "after";
  return (
    <ListView
      route={route}
      spec={{
        ...HOLDERS,
        title: "Who can",
        heading: (
          <>
            Who can <Name text={action} />
          </>
        ),
        explain:
          "Each line is an entry of a statement by which somebody may call it. Denials, boundaries and service control policies are not taken off.",
        tools: (
          <span class="switch" role="group" aria-label="when">
            {(["before", "after"] as const).map((choice) => (
              <button
                key={choice}
                type="button"
                aria-pressed={when === choice}
                onClick={() => change({ when: choice })}
              >
                {choice === "before" ? "today" : "after"}
              </button>
            ))}
          </span>
        ),
      }}
    />
  );
}
