import { Name } from "../../parts/name.tsx";
import { link } from "../../routing/location.ts";
import type { ListSpec } from "../list-view.tsx";
import { nameOfArn } from "../words.ts";
import { ACCOUNT, KIND } from "./filters.ts";

export const HOLDERS: ListSpec<"holders"> = {
  name: "holders",
  title: "Who can",
  explain: "",
  searchFor: "search principals and policies",
  filters: [KIND, ACCOUNT],
  ask: (query) => ({ action: query["action"] ?? "", when: query["when"] === "before" ? "before" : "after" }),
  columns: [
    {
      id: "principal",
      title: "principal",
      width: "minmax(15rem, 2.6fr)",
      cell: (row) => (
        <a class="row-link" href={link("/principal", { arn: row.principalArn })}>
          <span class="quiet">{row.principalKind}</span> <Name text={nameOfArn(row.principalArn)} cut />
        </a>
      ),
    },
    { id: "account", title: "account", width: "7.2rem", cell: (row) => <Name text={row.accountId} /> },
    {
      id: "policy",
      title: "through policy",
      width: "minmax(11rem, 1.4fr)",
      cell: (row) => (
        <a href={link("/policy", { principal: row.principalArn, policy: row.policyKey })}>
          <Name text={row.policyName} cut />
        </a>
      ),
    },
    {
      id: "statement",
      title: "statement",
      width: "minmax(7rem, 0.8fr)",
      cell: (row) => (
        <Name text={row.sid === null ? String(row.statement + 1) : `${row.statement + 1} ${row.sid}`} cut />
      ),
    },
    {
      id: "entry",
      title: "entry",
      width: "minmax(10rem, 1.2fr)",
      cell: (row) => (
        <>
          <span class={row.element === "NotAction" ? "unknown-text" : "quiet"}>
            {row.element === "NotAction" ? "not " : ""}
          </span>
          <code>
            <Name text={row.entry} cut />
          </code>
        </>
      ),
    },
    {
      id: "resource",
      title: "on",
      width: "minmax(9rem, 1fr)",
      cell: (row) => (
        <code>
          <Name text={row.resource ?? ""} cut />
        </code>
      ),
    },
    {
      id: "condition",
      title: "if",
      width: "minmax(7rem, 1fr)",
      cell: (row) => (
        <code>
          <Name text={row.condition ?? ""} cut />
        </code>
      ),
    },
  ],
};
