import { Name } from "../../parts/name.tsx";
import { link } from "../../routing/location.ts";
import { count } from "../../text/numbers.ts";
import type { ListSpec } from "../list-view.tsx";

export const DIFFERENCES: ListSpec<"run-differences"> = {
  name: "run-differences",
  title: "Difference between runs",
  explain: "Principals whose recommendations differ from those of an older run.",
  filters: [{ name: "older", title: "older run" }],
  columns: [
    {
      id: "principal",
      title: "principal",
      width: "minmax(16rem, 3fr)",
      cell: (row) => (
        <a class="row-link" href={link("/principal", { arn: row.principalArn })}>
          <Name text={row.principalArn} cut />
        </a>
      ),
    },
    { id: "account", title: "account", width: "7.2rem", cell: (row) => <Name text={row.accountId} /> },
    { id: "change", title: "change", width: "8rem", cell: (row) => row.change },
    {
      id: "older",
      title: "actions, older",
      numeric: true,
      width: "8rem",
      cell: (row) => (row.actionsOlder === null ? "–" : count(row.actionsOlder)),
    },
    {
      id: "newer",
      title: "newer",
      numeric: true,
      width: "8rem",
      cell: (row) => (row.actionsNewer === null ? "–" : count(row.actionsNewer)),
    },
  ],
};
