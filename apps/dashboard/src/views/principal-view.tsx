import type { PrincipalPage } from "@leastwise/api";
import { useMemo, useState } from "preact/hooks";
import { useReply } from "../asking/use-reply.ts";
import { Mark, Verdict } from "../parts/marks.tsx";
import { Name } from "../parts/name.tsx";
import { Goes, Reduction } from "../parts/numbers.tsx";
import { Failed, Nothing, Waiting } from "../parts/states.tsx";
import { link } from "../routing/location.ts";
import type { Route } from "../routing/route.ts";
import { age, day } from "../text/dates.ts";
import { count, counted } from "../text/numbers.ts";
import { runOf } from "./organization.tsx";
import { evidenceWords, nameOfArn, policyKindWords } from "./words.ts";

/** A role, user or group: what it has, and what every source says of its use. */
export function PrincipalView({ route }: { readonly route: Route }) {
  const { reply, failure, busy, again } = useReply("principal", { ...runOf(route), arn: route.query["arn"] ?? "" });
  if (failure !== null) return <Failed failure={failure} again={again} />;
  if (reply === null || busy) return <Waiting />;
  return <Shown page={reply} />;
}

function Shown({ page }: { readonly page: PrincipalPage }) {
  return (
    <article class="principal-view">
      <header class="page-head">
        <nav aria-label="where this is" class="crumbs">
          <a href={link("/principals", { account: page.accountId })}>
            <Name text={page.accountId} />
          </a>
          <span aria-hidden="true">›</span>
          <span>{page.kind}</span>
        </nav>
        <h1 class={page.name.length > 80 ? "long" : ""}>
          <Name text={page.name} />
        </h1>
        <p class="quiet arn">
          <Name text={page.arn} />
        </p>
        {page.leftBecause === null ? null : (
          <p>
            <Mark tone="left" sign="=">
              left alone
            </Mark>{" "}
            by the rule <Name text={page.leftBecause} />
          </p>
        )}
        {page.unusedBy === null ? null : (
          <p>
            <Mark tone="removed" sign="−">
              unused altogether
            </Mark>{" "}
            says <Name text={page.unusedBy} />
            {page.unusedSince === null ? "" : `, since ${day(page.unusedSince)}`}
          </p>
        )}
      </header>
      <Facts page={page} />
      <section>
        <h2>Policies</h2>
        <Policies page={page} />
      </section>
      <section>
        <h2>What the sources say of its use</h2>
        <Usage usage={page.usage} />
      </section>
    </article>
  );
}

function Facts({ page }: { readonly page: PrincipalPage }) {
  const tags = Object.entries(page.tags);
  return (
    <dl class="facts">
      <div>
        <dt>created</dt>
        <dd>{page.createdAt === null ? <span class="quiet">unknown</span> : day(page.createdAt)}</dd>
      </div>
      <div>
        <dt>last used</dt>
        <dd>{page.lastUsedAt === null ? <span class="quiet">unknown</span> : day(page.lastUsedAt)}</dd>
      </div>
      <div>
        <dt>evidence</dt>
        <dd>{evidenceWords(page.evidence)}</dd>
      </div>
      {page.boundaryArn === null ? null : (
        <div>
          <dt>permissions boundary</dt>
          <dd>
            <Name text={page.boundaryArn} />
          </dd>
        </div>
      )}
      {page.groups.length === 0 ? null : <Arns title="groups" arns={page.groups} />}
      {page.members.length === 0 ? null : <Arns title="members" arns={page.members} />}
      {tags.length === 0 ? null : (
        <div>
          <dt>tags</dt>
          <dd class="tags">
            {tags.map(([name, value]) => (
              <span key={name} class="tag">
                <Name text={name} cut />=<Name text={value} cut />
              </span>
            ))}
          </dd>
        </div>
      )}
    </dl>
  );
}

function Arns({ title, arns }: { readonly title: string; readonly arns: readonly string[] }) {
  const [all, setAll] = useState(false);
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        {(all ? arns : arns.slice(0, 20)).map((arn, at) => (
          <span key={arn}>
            {at === 0 ? "" : ", "}
            <a href={link("/principal", { arn })}>
              <Name text={nameOfArn(arn)} cut />
            </a>
          </span>
        ))}
        {all || arns.length <= 20 ? null : (
          <button type="button" onClick={() => setAll(true)}>
            {count(arns.length - 20)} more
          </button>
        )}
      </dd>
    </div>
  );
}

function Policies({ page }: { readonly page: PrincipalPage }) {
  if (page.recommendations.length === 0) return <Nothing>It has no policy.</Nothing>;
  return (
    <div class="wide-table" tabIndex={0} role="region" aria-label="policies">
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">policy</th>
            <th scope="col">kind</th>
            <th scope="col">to do</th>
            <th scope="col" class="numeric">
              actions
            </th>
            <th scope="col" class="numeric">
              goes
            </th>
          </tr>
        </thead>
        <tbody>
          {page.recommendations.map((row) => (
            <tr key={`${row.policyKind} ${row.policyKey}`}>
              <th scope="row">
                <a href={link("/policy", { principal: page.arn, policy: row.policyKey })}>
                  <Name text={row.policyName} cut />
                </a>
              </th>
              <td>{policyKindWords(row.policyKind)}</td>
              <td>
                <Verdict row={row} />
              </td>
              <td class="numeric">
                <Reduction before={row.actionsBefore} after={row.actionsAfter} />
              </td>
              <td class="numeric">
                <Goes before={row.actionsBefore} after={row.actionsAfter} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const AT_A_TIME = 100;

function Usage({ usage }: { readonly usage: PrincipalPage["usage"] }) {
  const [state, setState] = useState("");
  const [search, setSearch] = useState("");
  const [shown, setShown] = useState(AT_A_TIME);
  const rows = useMemo(
    () =>
      usage.filter(
        (row) =>
          (state === "" || row.state === state) &&
          `${row.service} ${row.source} ${row.actions?.join(" ") ?? ""}`.toLowerCase().includes(search.toLowerCase()),
      ),
    [usage, state, search],
  );
  if (usage.length === 0)
    return <Nothing>No source says anything of it: nothing of it is removed on evidence.</Nothing>;
  return (
    <>
      <div class="list-tools">
        <input
          type="search"
          class="list-search"
          aria-label="search services and actions"
          placeholder="search services and actions"
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        <label class="filter">
          <span>state</span>
          <select value={state} onChange={(event) => setState(event.currentTarget.value)}>
            <option value="">any</option>
            <option value="used">used</option>
            <option value="unused">unused</option>
            <option value="unknown">unknown</option>
          </select>
        </label>
        <span class="quiet" role="status">
          {counted(rows.length, "line")}
        </span>
      </div>
      <div class="wide-table" tabIndex={0} role="region" aria-label="what the sources say">
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">service</th>
              <th scope="col">state</th>
              <th scope="col">actions</th>
              <th scope="col">last use</th>
              <th scope="col">source</th>
              <th scope="col">as of</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map((row, at) => (
              <tr key={at}>
                <th scope="row">
                  <Name text={row.service} cut />
                </th>
                <td>
                  <State state={row.state} />
                </td>
                <td class="action-list">
                  {row.actions === null ? (
                    <span class="quiet">the whole service</span>
                  ) : (
                    <Name text={row.actions.join(", ")} />
                  )}
                </td>
                <td>{row.lastAccessed === null ? <span class="quiet">–</span> : day(row.lastAccessed)}</td>
                <td>
                  <Name text={row.source} cut /> <span class="quiet">{row.standing}</span>
                </td>
                <td>
                  {row.updatedAt === null ? <span class="quiet">no date</span> : day(row.updatedAt)}
                  {row.ageDays === null ? "" : `, ${age(row.ageDays)}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shown ? (
        <p class="more">
          <button type="button" onClick={() => setShown(shown + 10 * AT_A_TIME)}>
            {count(Math.min(10 * AT_A_TIME, rows.length - shown))} more of {count(rows.length - shown)}
          </button>
        </p>
      ) : null}
    </>
  );
}

function State({ state }: { readonly state: "used" | "unused" | "unknown" }) {
  if (state === "used")
    return (
      <Mark tone="kept" sign="=">
        used
      </Mark>
    );
  if (state === "unused")
    return (
      <Mark tone="removed" sign="−">
        unused
      </Mark>
    );
  return (
    <Mark tone="unknown" sign="?">
      unknown
    </Mark>
  );
}
