import { link } from "../routing/location.ts";
import type { Route } from "../routing/route.ts";

const PLACES: readonly (readonly [path: string, title: string, also?: readonly string[]])[] = [
  ["/", "Organization"],
  ["/accounts", "Accounts"],
  ["/principals", "Principals", ["/principal"]],
  ["/policies", "Policies", ["/policy", "/tree"]],
  ["/shared", "Shared policies"],
  ["/services", "Services"],
  ["/actions", "Actions", ["/holders"]],
  ["/refused", "Refused inputs"],
  ["/runs", "Runs", ["/differences"]],
  ["/ask", "Ask"],
];

export function Navigation({ route }: { readonly route: Route }) {
  return (
    <nav class="places" aria-label="views">
      <ul>
        {PLACES.map(([path, title, also = []]) => (
          <li key={path}>
            <a
              href={link(path)}
              aria-current={route.path === path ? "page" : also.includes(route.path) ? "true" : undefined}
            >
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
