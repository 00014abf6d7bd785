import { Mark } from "../../parts/marks.tsx";
import { Name } from "../../parts/name.tsx";
import { Goes, Reduction } from "../../parts/numbers.tsx";
import { link } from "../../routing/location.ts";
import { count } from "../../text/numbers.ts";
import type { ListSpec } from "../list-view.tsx";
import { ACCOUNT, MOST_REMOVED } from "./filters.ts";

export const SERVICES: ListSpec<"services"> = {
  name: "services",
  title: "Services",
  explain: "Which services are granted, to how many, and which nobody uses.",
  sorting: MOST_REMOVED,
  filters: [
    ACCOUNT,
    {
      name: "verdict",
      title: "verdict",
      options: [
        ["unused", "nobody keeps it"],
        ["unknown", "unknown"],
        ["kept", "kept by some"],
      ],
    },
  ],
  columns: [
    {
      id: "service",
      title: "service",
      sort: "service",
      width: "minmax(9rem, 1.5fr)",
      cell: (row) => (
        <a class="row-link" href={link("/actions", { service: row.service, granted: "yes" })}>
          <Name text={row.service} cut />
        </a>
      ),
    },
    {
      id: "verdict",
      title: "verdict",
      width: "8rem",
      cell: (row) =>
        row.verdict === "unused" ? (
          <Mark tone="removed" sign="−">
            unused
          </Mark>
        ) : row.verdict === "unknown" ? (
          <Mark tone="unknown" sign="?">
            unknown
          </Mark>
        ) : (
          <Mark tone="kept" sign="=">
            kept
          </Mark>
        ),
    },
    {
      id: "before",
      title: "policies today",
      sort: "before",
      numeric: true,
      width: "8rem",
      cell: (row) => count(row.attachmentsBefore),
    },
    {
      id: "after",
      title: "after",
      sort: "after",
      numeric: true,
      width: "6rem",
      cell: (row) => count(row.attachmentsAfter),
    },
    {
      id: "removed",
      title: "goes",
      sort: "removed",
      numeric: true,
      width: "minmax(10rem, 1.2fr)",
      cell: (row) => <Goes before={row.attachmentsBefore} after={row.attachmentsAfter} />,
    },
    {
      id: "principals",
      title: "principals",
      numeric: true,
      width: "9rem",
      cell: (row) => <Reduction before={row.principalsBefore} after={row.principalsAfter} />,
    },
    {
      id: "accounts",
      title: "accounts",
      numeric: true,
      width: "8rem",
      cell: (row) => (
        <a href={link("/accounts", { service: row.service })}>
          <Reduction before={row.accountsBefore} after={row.accountsAfter} />
        </a>
      ),
    },
  ],
};
