import { Name } from "../../parts/name.tsx";
import { link } from "../../routing/location.ts";
import { count } from "../../text/numbers.ts";
import type { ListSpec } from "../list-view.tsx";
import { policyKindWords } from "../words.ts";

export const SHARED: ListSpec<"shared-policies"> = {
  name: "shared-policies",
  title: "Shared policies",
  explain:
    "Managed policies on several principals: whether they can be narrowed in place, and who needs more of them than others.",
  sorting: { by: "principals", descending: true },
  filters: [
    {
      name: "kind",
      title: "kind",
      options: [
        ["customer", "customer managed"],
        ["aws", "AWS managed"],
      ],
    },
  ],
  columns: [
    {
      id: "name",
      title: "policy",
      sort: "name",
      width: "minmax(14rem, 2fr)",
      cell: (row) => (
        <a
          class="row-link"
          href={
            row.policyKind === "customer"
              ? link("/policy", { policy: row.policyKey })
              : link("/policies", { policy: row.policyKey })
          }
        >
          <Name text={row.policyName} cut />
        </a>
      ),
    },
    { id: "kind", title: "kind", width: "9rem", cell: (row) => policyKindWords(row.policyKind) },
    {
      id: "account",
      title: "account",
      width: "8.5rem",
      cell: (row) => (row.accountId === null ? <span class="quiet">every</span> : <Name text={row.accountId} />),
    },
    {
      id: "principals",
      title: "principals",
      sort: "principals",
      numeric: true,
      width: "7rem",
      cell: (row) => <a href={link("/policies", { policy: row.policyKey })}>{count(row.principals)}</a>,
    },
    { id: "accounts", title: "accounts", numeric: true, width: "6rem", cell: (row) => count(row.accounts) },
    {
      id: "results",
      title: "different results",
      sort: "results",
      numeric: true,
      width: "9rem",
      cell: (row) => count(row.differentResults),
    },
    { id: "change", title: "to change", numeric: true, width: "6.5rem", cell: (row) => count(row.toChange) },
    { id: "blockers", title: "blockers", numeric: true, width: "6rem", cell: (row) => count(row.blockers) },
  ],
};
