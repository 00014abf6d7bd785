import { Mark } from "../../parts/marks.tsx";
import { Name } from "../../parts/name.tsx";
import { Goes } from "../../parts/numbers.tsx";
import { link } from "../../routing/location.ts";
import { count } from "../../text/numbers.ts";
import type { ListSpec } from "../list-view.tsx";
import { evidenceWords } from "../words.ts";
import { ACCOUNT, KIND, MOST_REMOVED } from "./filters.ts";

export const PRINCIPALS: ListSpec<"principals"> = {
  name: "principals",
  title: "Principals",
  explain: "Roles, users and groups, what is known of their use, and what their policies grant today and after.",
  sorting: MOST_REMOVED,
  filters: [
    ACCOUNT,
    KIND,
    {
      name: "evidence",
      title: "evidence",
      options: [
        ["reported", "reports of its own"],
        ["members", "reports of members"],
        ["use-only", "only use is known"],
        ["none", "none"],
      ],
    },
    {
      name: "left",
      title: "left alone",
      options: [
        ["yes", "yes"],
        ["no", "no"],
      ],
    },
    { name: "unused", title: "unused altogether", options: [["yes", "yes"]] },
  ],
  columns: [
    {
      id: "name",
      title: "name",
      sort: "name",
      width: "minmax(12rem, 2fr)",
      cell: (row) => (
        <a class="row-link" href={link("/principal", { arn: row.arn })}>
          <Name text={row.name} cut />
        </a>
      ),
    },
    { id: "kind", title: "kind", width: "4.5rem", cell: (row) => row.kind },
    { id: "account", title: "account", width: "7.2rem", cell: (row) => <Name text={row.accountId} /> },
    {
      id: "before",
      title: "today",
      sort: "before",
      numeric: true,
      width: "6rem",
      cell: (row) => count(row.actionsBefore),
    },
    {
      id: "after",
      title: "after",
      sort: "after",
      numeric: true,
      width: "6rem",
      cell: (row) => count(row.actionsAfter),
    },
    {
      id: "removed",
      title: "goes",
      sort: "removed",
      numeric: true,
      width: "minmax(10rem, 1fr)",
      cell: (row) => <Goes before={row.actionsBefore} after={row.actionsAfter} />,
    },
    {
      id: "services",
      title: "services gone",
      sort: "services",
      numeric: true,
      width: "7.5rem",
      cell: (row) => count(row.servicesRemoved),
    },
    {
      id: "policies",
      title: "policies",
      numeric: true,
      width: "5.5rem",
      cell: (row) => <a href={link("/policies", { principal: row.arn })}>{count(row.attachments)}</a>,
    },
    {
      id: "evidence",
      title: "evidence",
      width: "minmax(11rem, 1fr)",
      cell: (row) =>
        row.leftBecause !== null ? (
          <Mark tone="left" sign="=">{`left alone: ${row.leftBecause}`}</Mark>
        ) : row.unusedBy !== null ? (
          <Mark tone="removed" sign="−">{`unused altogether: ${row.unusedBy}`}</Mark>
        ) : (
          <span class={row.evidence === "none" || row.evidence === null ? "unknown-text" : ""}>
            {evidenceWords(row.evidence)}
          </span>
        ),
    },
  ],
};
