import { Name } from "../../parts/name.tsx";
import { Goes } from "../../parts/numbers.tsx";
import { link } from "../../routing/location.ts";
import { count } from "../../text/numbers.ts";
import type { ListSpec } from "../list-view.tsx";
import { MOST_REMOVED } from "./filters.ts";

export const ACCOUNTS: ListSpec<"accounts"> = {
  name: "accounts",
  title: "Accounts",
  explain:
    "Each account, and what its attached policies grant today and after. A permission is a pair of attached policy and action.",
  sorting: MOST_REMOVED,
  filters: [{ name: "service", title: "grants" }],
  columns: [
    {
      id: "account",
      title: "account",
      sort: "account",
      width: "minmax(9.5rem, 1.2fr)",
      cell: (row) => (
        <a class="row-link" href={link("/policies", { account: row.accountId })}>
          <Name text={row.accountId} />
        </a>
      ),
    },
    {
      id: "before",
      title: "today",
      sort: "before",
      numeric: true,
      width: "6.5rem",
      cell: (row) => count(row.actionsBefore),
    },
    {
      id: "after",
      title: "after",
      sort: "after",
      numeric: true,
      width: "6.5rem",
      cell: (row) => count(row.actionsAfter),
    },
    {
      id: "removed",
      title: "goes",
      sort: "removed",
      numeric: true,
      width: "minmax(11rem, 1.4fr)",
      cell: (row) => <Goes before={row.actionsBefore} after={row.actionsAfter} />,
    },
    {
      id: "principals",
      title: "principals",
      numeric: true,
      width: "6.5rem",
      cell: (row) => <a href={link("/principals", { account: row.accountId })}>{count(row.principals)}</a>,
    },
    {
      id: "attachments",
      title: "policies",
      sort: "attachments",
      numeric: true,
      width: "6rem",
      cell: (row) => <a href={link("/policies", { account: row.accountId })}>{count(row.attachments)}</a>,
    },
    {
      id: "replace",
      title: "replace",
      numeric: true,
      width: "5.5rem",
      cell: (row) => (
        <a href={link("/policies", { account: row.accountId, action: "replace" })}>{count(row.toReplace)}</a>
      ),
    },
    {
      id: "detach",
      title: "detach",
      numeric: true,
      width: "5.5rem",
      cell: (row) => (
        <a href={link("/policies", { account: row.accountId, action: "detach" })}>{count(row.toDetach)}</a>
      ),
    },
    {
      id: "unchanged",
      title: "unchanged",
      numeric: true,
      width: "6.5rem",
      cell: (row) => <a href={link("/policies", { account: row.accountId, action: "none" })}>{count(row.unchanged)}</a>,
    },
    {
      id: "failed",
      title: "no answer",
      numeric: true,
      width: "6rem",
      cell: (row) => <a href={link("/policies", { account: row.accountId, action: "failed" })}>{count(row.failed)}</a>,
    },
  ],
};
