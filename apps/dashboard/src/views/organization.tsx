import type { Overview } from "@leastwise/api";
import { useReply } from "../asking/use-reply.ts";
import { Bars } from "../parts/bars.tsx";
import { Card } from "../parts/card.tsx";
import { Histogram } from "../parts/histogram.tsx";
import { Figure, Fill } from "../parts/numbers.tsx";
import { Failed, Waiting } from "../parts/states.tsx";
import { link } from "../routing/location.ts";
import type { Route } from "../routing/route.ts";
import { day } from "../text/dates.ts";
import { count, counted, percent, share } from "../text/numbers.ts";
import { Escalation, Evidence, LeftAlone, Refused, Sizes } from "./organization-cards.tsx";

/** The whole organization on one page. */
export function Organization({ route }: { readonly route: Route }) {
  const { reply, failure, again } = useReply("overview", runOf(route));
  if (failure !== null) return <Failed failure={failure} again={again} />;
  if (reply === null) return <Waiting what="adding up" />;
  return <Shown overview={reply} />;
}

/** The run that an address names, as an ask has it. */
export function runOf({ query }: Route): { readonly run?: string } {
  const run = query["run"];
  return run === undefined ? {} : { run };
}

function Shown({ overview }: { readonly overview: Overview }) {
  const { actionsBefore: before, actionsAfter: after, run } = overview;
  const gone = before - after;
  const everything = before === 0 ? 0 : share(after, before);
  return (
    <div class="organization">
      <header class="page-head">
        <h1>Organization</h1>
        <p class="quiet">
          run {run.runId}
          {run.asOf === null ? "" : `, as of ${day(run.asOf)}`}, actions of AWS as of {day(run.catalogDate)}
        </p>
      </header>
      <section class="hero" aria-label="what is granted and what goes">
        <Figure
          value={count(before)}
          of="permissions granted today"
          href={link("/actions", { granted: "yes", sort: "before", order: "desc" })}
        />
        <Figure
          value={count(after)}
          of={`stay, ${percent(after, before)}`}
          tone="kept"
          href={link("/policies", { action: "replace", sort: "before", order: "desc" })}
        />
        <Figure
          value={gone === 0 ? "0" : `−${count(gone)}`}
          of={`go, ${percent(gone, before)}`}
          tone="removed"
          href={link("/policies", { sort: "removed", order: "desc" })}
        />
        <p class="whole" aria-hidden="true">
          <Fill part={everything} class="kept" />
          <Fill part={1 - everything} class="removed" />
        </p>
        <p class="quiet hero-note">
          A permission is a pair of attached policy and action. What stays is used, unknown, or protected.
        </p>
      </section>
      <nav class="strip" aria-label="lists behind the numbers">
        <Figure value={count(overview.accounts)} of={word(overview.accounts, "account")} href={link("/accounts")} />
        <Figure
          value={count(overview.principals)}
          of={word(overview.principals, "principal")}
          href={link("/principals")}
        />
        <Figure
          value={count(overview.attachments)}
          of={word(overview.attachments, "attached policy", "attached policies")}
          href={link("/policies")}
        />
        <Figure value={count(overview.toReplace)} of="± to replace" href={link("/policies", { action: "replace" })} />
        <Figure value={count(overview.toDetach)} of="− to detach" href={link("/policies", { action: "detach" })} />
        <Figure value={count(overview.unchanged)} of="= unchanged" href={link("/policies", { action: "none" })} />
        <Figure
          value={count(overview.failed)}
          of="! no answer"
          tone={overview.failed > 0 ? "alarm" : ""}
          href={link("/policies", { action: "failed" })}
        />
      </nav>
      <div class="cards">
        <Card title="Accounts that lose most" more={<a href={link("/accounts")}>all {count(overview.accounts)}</a>}>
          <Bars
            label="permissions by account"
            what="account"
            bars={overview.topAccounts.map(({ accountId, before: was, after: is }) => ({
              key: accountId,
              label: accountId,
              before: was,
              after: is,
              href: link("/policies", { account: accountId }),
            }))}
          />
        </Card>
        <Card
          title="Services that lose most"
          more={
            <span>
              <a href={link("/services", { verdict: "unused" })}>
                {counted(overview.services.unused, "unused", "unused")}
              </a>
              , <a href={link("/services", { verdict: "unknown" })}>{count(overview.services.unknown)} unknown</a>,{" "}
              <a href={link("/services", { verdict: "kept" })}>{count(overview.services.kept)} kept</a>
            </span>
          }
        >
          <Bars
            label="permissions by service"
            what="service, in policies"
            bars={overview.topServices.map(({ service, before: was, after: is }) => ({
              key: service,
              label: service,
              before: was,
              after: is,
              href: link("/actions", { service, granted: "yes" }),
            }))}
          />
        </Card>
        <Card title="By access level" more={<a href={link("/actions")}>actions</a>}>
          <Bars
            label="permissions by access level"
            what="level"
            bars={overview.levels.map(({ level, before: was, after: is }) => ({
              key: level,
              label: level,
              before: was,
              after: is,
              href: link("/actions", { level, granted: "yes" }),
            }))}
          />
        </Card>
        <Card title="How much of each policy goes" more={<a href={link("/policies")}>policies</a>}>
          <Histogram steps={overview.distribution} href={stepHref} />
        </Card>
        <Evidence evidence={overview.evidence} />
        <Sizes sizes={overview.sizes} />
        <LeftAlone rows={overview.leftAlone} />
        <Refused rows={overview.diagnostics} />
        <Escalation rows={overview.escalation} />
      </div>
    </div>
  );
}

function stepHref({ from, below }: Overview["distribution"][number]): string {
  return link("/policies", {
    removedFrom: String(from),
    removedBelow: below >= 100 ? undefined : String(below),
    sort: "removed",
    order: "desc",
  });
}

function word(value: number, one: string, many: string = `${one}s`): string {
  return value === 1 ? one : many;
}
