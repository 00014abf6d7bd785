import { Nothing } from "../parts/states.tsx";
import { link } from "../routing/location.ts";
import type { Route } from "../routing/route.ts";
import { AskView } from "./ask-view.tsx";
import { HoldersView } from "./holders-view.tsx";
import { ListView } from "./list-view.tsx";
import { ACCOUNTS } from "./lists/accounts.tsx";
import { ACTIONS } from "./lists/actions.tsx";
import { DIAGNOSTICS } from "./lists/diagnostics.tsx";
import { DIFFERENCES } from "./lists/differences.tsx";
import { POLICIES } from "./lists/policies.tsx";
import { PRINCIPALS } from "./lists/principals.tsx";
import { SERVICES } from "./lists/services.tsx";
import { SHARED } from "./lists/shared-policies.tsx";
import { Organization } from "./organization.tsx";
import { PolicyView } from "./policy-view.tsx";
import { PrincipalView } from "./principal-view.tsx";
import { RunsView } from "./runs-view.tsx";
import { TreeView } from "./tree-view.tsx";

/** The view that an address names. */
export function CurrentView({ route }: { readonly route: Route }) {
  switch (route.path) {
    case "/":
      return <Organization route={route} />;
    case "/accounts":
      return <ListView spec={ACCOUNTS} route={route} />;
    case "/principals":
      return <ListView spec={PRINCIPALS} route={route} />;
    case "/policies":
      return <ListView spec={POLICIES} route={route} />;
    case "/shared":
      return <ListView spec={SHARED} route={route} />;
    case "/services":
      return <ListView spec={SERVICES} route={route} />;
    case "/actions":
      return <ListView spec={ACTIONS} route={route} />;
    case "/refused":
      return <ListView spec={DIAGNOSTICS} route={route} />;
    case "/differences":
      return <ListView spec={DIFFERENCES} route={route} />;
    case "/holders":
      return <HoldersView route={route} />;
    case "/runs":
      return <RunsView route={route} />;
    case "/policy":
      return <PolicyView route={route} />;
    case "/principal":
      return <PrincipalView route={route} />;
    case "/tree":
      return <TreeView route={route} />;
    case "/ask":
      return <AskView route={route} />;
    default:
      return (
        <Nothing>
          There is nothing at this address. <a href={link("/")}>To the organization</a>
        </Nothing>
      );
  }
}
