import type { PolicyPage } from "@leastwise/api";
import { useState } from "preact/hooks";
import { useReply } from "../asking/use-reply.ts";
import { Verdict } from "../parts/marks.tsx";
import { Name } from "../parts/name.tsx";
import { Failed, Waiting } from "../parts/states.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { Statement } from "../policy/statement.tsx";
import { Documents, Takeaway } from "../policy/texts.tsx";
import { change, link } from "../routing/location.ts";
import type { Route } from "../routing/route.ts";
import { count, percent } from "../text/numbers.ts";
import { runOf } from "./organization.tsx";
import { PolicyFacts } from "./policy-facts.tsx";
import { policyKindWords } from "./words.ts";

/** One attached policy, or a customer managed one in place: what stays, what goes, why, and how to put it there. */
export function PolicyView({ route }: { readonly route: Route }) {
  const { policy = "", principal } = route.query;
  const { reply, failure, busy, again } = useReply("policy", {
    ...runOf(route),
    policy,
    ...(principal === undefined ? {} : { principal }),
  });
  if (failure !== null) return <Failed failure={failure} again={again} />;
  if (reply === null || busy) return <Waiting />;
  return <Shown page={reply} route={route} />;
}

function Shown({ page, route }: { readonly page: PolicyPage; readonly route: Route }) {
  const { recommendation: row } = page;
  return (
    <article class="policy-view">
      <header class="page-head">
        <nav aria-label="where this is" class="crumbs">
          <a href={link("/policies", { account: row.accountId })}>
            <Name text={row.accountId} />
          </a>
          <span aria-hidden="true">›</span>
          {row.principalArn === "" ? null : (
            <>
              <a href={link("/principal", { arn: row.principalArn })}>
                {row.principalKind} <Name text={row.principalName} cut />
              </a>
              <span aria-hidden="true">›</span>
            </>
          )}
          <span>{policyKindWords(row.policyKind)}</span>
        </nav>
        <h1 class={row.policyName.length > 80 ? "long" : ""}>
          <Name text={row.policyName} />
        </h1>
        <p class="summary-line">
          <Verdict row={row} />
          <Effect page={page} />
        </p>
      </header>
      {page.failure === null ? null : (
        <p class="state failed" role="note">
          <strong>There is no answer:</strong> <Name text={page.failure} />
        </p>
      )}
      <PolicyFacts page={page} />
      <Tabs
        label="what to see of it"
        open={route.query["tab"]}
        choose={(tab) => change({ tab: tab === "changes" ? undefined : tab }, "replace")}
        tabs={[
          { id: "changes", title: "Changes", content: () => <Changes page={page} route={route} /> },
          { id: "json", title: "JSON", content: () => <Documents before={page.before} after={page.after} /> },
          { id: "patch", title: "Patch", content: () => <Takeaway text={page.patch} what="unified diff" patch /> },
          {
            id: "apply",
            title: "Apply",
            content: () => <Takeaway text={page.apply} what="shell script that puts it in place" />,
          },
          {
            id: "rollback",
            title: "Roll back",
            content: () => <Takeaway text={page.rollback} what="shell script that takes it back" />,
          },
        ]}
      />
    </article>
  );
}

function Effect({ page: { recommendation: row, madeAs } }: { readonly page: PolicyPage }) {
  if (row.actionsBefore === null || row.actionsAfter === null) return null;
  const gone = row.actionsBefore - row.actionsAfter;
  return (
    <span>
      {count(row.actionsBefore)} actions today, {count(row.actionsAfter)} after:{" "}
      <strong class={gone > 0 ? "removed-text" : ""}>
        {gone === 0 ? "nothing goes" : `−${count(gone)} (${percent(gone, row.actionsBefore)})`}
      </strong>
      {madeAs === "" ? null : <span class="quiet"> · made as {madeAs}</span>}
    </span>
  );
}

function Changes({ page, route }: { readonly page: PolicyPage; readonly route: Route }) {
  const [search, setSearch] = useState("");
  const entries = page.statements.reduce((sum, statement) => sum + statement.entries.length, 0);
  const { policyKey, principalArn } = page.recommendation;
  const principal = route.query["principal"] === undefined ? undefined : principalArn;
  return (
    <div class="changes">
      {entries <= 12 ? null : (
        <input
          type="search"
          class="list-search"
          placeholder={`search ${count(entries)} entries`}
          aria-label="search entries"
          value={search}
          spellcheck={false}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      {page.statements.map((statement) => (
        <Statement
          key={statement.before}
          statement={statement}
          search={search}
          treeHref={(entry) =>
            link("/tree", { principal, policy: policyKey, statement: String(statement.before), entry })
          }
        />
      ))}
    </div>
  );
}
