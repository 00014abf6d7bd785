import { Verdict } from "../../parts/marks.tsx";
import { Name } from "../../parts/name.tsx";
import { Goes, Reduction } from "../../parts/numbers.tsx";
import { link } from "../../routing/location.ts";
import type { ListSpec } from "../list-view.tsx";
import { policyKindWords } from "../words.ts";
import { ACCOUNT, MOST_REMOVED } from "./filters.ts";
import { Size } from "./size.tsx";

export const POLICIES: ListSpec<"recommendations"> = {
  name: "recommendations",
  title: "Policies",
  explain: "Each attached policy, and what to do with it.",
  searchFor: "search policies and principals",
  sorting: MOST_REMOVED,
  filters: [
    ACCOUNT,
    { name: "principal", title: "principal" },
    { name: "policy", title: "policy" },
    {
      name: "action",
      title: "to do",
      options: [
        ["replace", "replace"],
        ["detach", "detach"],
        ["none", "nothing"],
        ["failed", "no answer"],
      ],
    },
    {
      name: "policyKind",
      title: "kind",
      options: [
        ["inline", "inline"],
        ["customer", "customer managed"],
        ["aws", "AWS managed"],
      ],
    },
    {
      name: "fit",
      title: "size",
      options: [
        ["fits", "fits"],
        ["split", "split"],
        ["does-not-fit", "does not fit"],
        ["too-large", "too large"],
      ],
    },
    { name: "removedFrom", title: "at least %" },
    { name: "removedBelow", title: "below %" },
  ],
  columns: [
    {
      id: "policy",
      title: "policy",
      width: "minmax(11rem, 1.6fr)",
      cell: (row) => (
        <a class="row-link" href={link("/policy", { principal: row.principalArn, policy: row.policyKey })}>
          <Name text={row.policyName} cut />
        </a>
      ),
    },
    { id: "kind", title: "kind", width: "8.3rem", cell: (row) => policyKindWords(row.policyKind) },
    {
      id: "principal",
      title: "principal",
      sort: "principal",
      width: "minmax(9.7rem, 1.4fr)",
      cell: (row) => (
        <a href={link("/principal", { arn: row.principalArn })}>
          <span class="quiet">{row.principalKind}</span> <Name text={row.principalName} cut />
        </a>
      ),
    },
    { id: "account", title: "account", width: "7.2rem", cell: (row) => <Name text={row.accountId} /> },
    { id: "verdict", title: "to do", width: "6.2rem", cell: (row) => <Verdict row={row} /> },
    {
      id: "before",
      title: "actions",
      sort: "before",
      numeric: true,
      width: "7.9rem",
      cell: (row) => <Reduction before={row.actionsBefore} after={row.actionsAfter} />,
    },
    {
      id: "removed",
      title: "goes",
      sort: "removed",
      numeric: true,
      width: "minmax(9.2rem, 1fr)",
      cell: (row) => <Goes before={row.actionsBefore} after={row.actionsAfter} />,
    },
    {
      id: "size",
      title: "size",
      sort: "size",
      numeric: true,
      width: "6.4rem",
      cell: (row) =>
        row.sizeAfter === null ? <span class="quiet">–</span> : <Size size={row.sizeAfter} fit={row.fit} />,
    },
  ],
};
