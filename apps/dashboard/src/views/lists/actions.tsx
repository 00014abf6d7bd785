import { Mark } from "../../parts/marks.tsx";
import { Name } from "../../parts/name.tsx";
import { Goes } from "../../parts/numbers.tsx";
import { link } from "../../routing/location.ts";
import { count } from "../../text/numbers.ts";
import type { ListSpec } from "../list-view.tsx";
import { MOST_REMOVED } from "./filters.ts";

export const ACTIONS: ListSpec<"actions"> = {
  name: "actions",
  title: "Actions",
  explain:
    "Every action of AWS, and how many attached policies grant it today and after. An action leads to who holds it.",
  sorting: MOST_REMOVED,
  filters: [
    { name: "service", title: "service" },
    {
      name: "level",
      title: "level",
      options: ["Read", "List", "Write", "Permissions management", "Tagging"].map((level) => [level, level] as const),
    },
    { name: "escalation", title: "escalation", options: [["yes", "leads to more rights"]] },
    { name: "granted", title: "granted", options: [["yes", "today"]] },
  ],
  columns: [
    {
      id: "action",
      title: "action",
      sort: "action",
      width: "minmax(15rem, 2fr)",
      cell: (row) => (
        <a class="row-link" href={link("/holders", { action: row.action, when: "after" })}>
          <Name text={row.action} cut />
        </a>
      ),
    },
    { id: "level", title: "level", width: "11rem", cell: (row) => row.accessLevel },
    {
      id: "before",
      title: "today",
      sort: "before",
      numeric: true,
      width: "6.5rem",
      cell: (row) => (
        <a href={link("/holders", { action: row.action, when: "before" })}>{count(row.attachmentsBefore)}</a>
      ),
    },
    {
      id: "after",
      title: "after",
      sort: "after",
      numeric: true,
      width: "6.5rem",
      cell: (row) => (
        <a href={link("/holders", { action: row.action, when: "after" })}>{count(row.attachmentsAfter)}</a>
      ),
    },
    {
      id: "removed",
      title: "goes",
      sort: "removed",
      numeric: true,
      width: "minmax(10rem, 1fr)",
      cell: (row) => <Goes before={row.attachmentsBefore} after={row.attachmentsAfter} />,
    },
    {
      id: "tracked",
      title: "tracked by AWS",
      width: "8rem",
      cell: (row) => (row.tracked ? "yes" : <span class="quiet">no</span>),
    },
    {
      id: "escalation",
      title: "escalation",
      width: "minmax(8rem, 1fr)",
      cell: (row) =>
        row.escalation === null ? (
          ""
        ) : (
          <Mark tone="failed" sign="!">
            {row.escalation}
          </Mark>
        ),
    },
  ],
};
