import { Severity } from "../../parts/marks.tsx";
import { Name } from "../../parts/name.tsx";
import { link } from "../../routing/location.ts";
import type { ListSpec } from "../list-view.tsx";

export const DIAGNOSTICS: ListSpec<"diagnostics"> = {
  name: "diagnostics",
  title: "Refused inputs",
  explain:
    "What was refused, doubted or noted while the inputs were read. What was refused is as if it had not been there.",
  filters: [
    {
      name: "severity",
      title: "severity",
      options: [
        ["error", "error"],
        ["warning", "warning"],
        ["info", "info"],
      ],
    },
    { name: "code", title: "code" },
  ],
  columns: [
    {
      id: "severity",
      title: "severity",
      width: "7rem",
      cell: (row) => <Severity severity={row.severity} />,
    },
    {
      id: "code",
      title: "code",
      width: "minmax(11rem, 1fr)",
      cell: (row) => (
        <a class="row-link" href={link("/refused", { code: row.code })}>
          {row.code}
        </a>
      ),
    },
    {
      id: "message",
      title: "message",
      width: "minmax(18rem, 3fr)",
      cell: (row) => <Name text={row.hint === "" ? row.message : `${row.message}: ${row.hint}`} cut />,
    },
    { id: "path", title: "file", width: "minmax(12rem, 1.5fr)", cell: (row) => <Name text={row.path} cut /> },
    { id: "pointer", title: "place", width: "minmax(8rem, 1fr)", cell: (row) => <Name text={row.pointer} cut /> },
  ],
};
