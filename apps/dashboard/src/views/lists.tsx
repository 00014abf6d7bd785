import type { RecommendationRow } from "@leastwise/api";
import { Goes, Reduction } from "../parts/numbers.tsx";
import { Mark, Verdict } from "../parts/marks.tsx";
import { Name } from "../parts/name.tsx";
import { link } from "../routing/location.ts";
import { count } from "../text/numbers.ts";
import type { Filter, ListSpec } from "./list-view.tsx";
import { evidenceWords, fitWords, nameOfArn, policyKindWords } from "./words.ts";

/** Characters, marked where that is too many. */
function Size({ size, fit }: { readonly size: number; readonly fit: RecommendationRow["fit"] }) {
  if (fit === null || fit === "fits") return <>{count(size)}</>;
  return (
    <span class="unknown-text" title={fitWords(fit)}>
      {count(size)} <span aria-hidden="true">{fit === "split" ? "÷" : "!"}</span>
      <span class="visually-hidden">{fitWords(fit)}</span>
    </span>
  );
}

const ACCOUNT: Filter = { name: "account", title: "account" };
const KIND: Filter = {
  name: "kind",
  title: "kind",
  options: [
    ["role", "role"],
    ["user", "user"],
    ["group", "group"],
  ],
};
const MOST_REMOVED = { by: "removed", descending: true } as const;

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
      cell: (row) =>
        row.severity === "error" ? (
          <Mark tone="failed" sign="!">
            error
          </Mark>
        ) : row.severity === "warning" ? (
          <Mark tone="unknown" sign="?">
            warning
          </Mark>
        ) : (
          <Mark tone="kept" sign="i">
            info
          </Mark>
        ),
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
