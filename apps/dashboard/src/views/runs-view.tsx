import { useReply } from "../asking/use-reply.ts";
import { Failed, Nothing, Waiting } from "../parts/states.tsx";
import { link } from "../routing/location.ts";
import { routeHash, type Route } from "../routing/route.ts";
import { minute } from "../text/dates.ts";
import { count } from "../text/numbers.ts";

/** The runs of the database, and the way to the difference between two. */
export function RunsView({ route }: { readonly route: Route }) {
  const { reply, failure, again } = useReply("runs", {});
  if (failure !== null) return <Failed failure={failure} again={again} />;
  if (reply === null) return <Waiting />;
  if (reply.length === 0) return <Nothing>There is no run yet.</Nothing>;
  const shown = route.query["run"] ?? String(reply.find(({ state }) => state === "done")?.runId ?? "");
  return (
    <section class="runs-view">
      <header class="page-head">
        <h1>Runs</h1>
        <p class="quiet">
          Choose one to see the organization as it was found then, or see what differs from an older one.
        </p>
      </header>
      <div class="wide-table" tabIndex={0} role="region" aria-label="runs">
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">run</th>
              <th scope="col">state</th>
              <th scope="col">started</th>
              <th scope="col">as of</th>
              <th scope="col">catalog</th>
              <th scope="col" class="numeric">
                inputs
              </th>
              <th scope="col" class="numeric">
                policies
              </th>
              <th scope="col" class="numeric">
                today
              </th>
              <th scope="col" class="numeric">
                after
              </th>
              <th scope="col">difference</th>
            </tr>
          </thead>
          <tbody>
            {reply.map((run) => (
              <tr key={run.runId} class={String(run.runId) === shown ? "current" : ""}>
                <th scope="row">
                  <a href={routeHash("/", { run: String(run.runId) })}>run {run.runId}</a>
                </th>
                <td>{run.state === "done" ? "done" : `not done: ${run.state}`}</td>
                <td>{minute(run.startedAt)}</td>
                <td>{run.asOf === null ? "–" : minute(run.asOf)}</td>
                <td title={run.catalog}>{run.catalogDate}</td>
                <td class="numeric">{count(run.inputs)}</td>
                <td class="numeric">{run.attachments === null ? "–" : count(run.attachments)}</td>
                <td class="numeric">{run.actionsBefore === null ? "–" : count(run.actionsBefore)}</td>
                <td class="numeric">{run.actionsAfter === null ? "–" : count(run.actionsAfter)}</td>
                <td>
                  {run.state !== "done" || Number(shown) <= run.runId ? (
                    <span class="quiet">–</span>
                  ) : (
                    <a href={link("/differences", { run: shown, older: String(run.runId) })}>
                      run {run.runId} → run {shown}
                    </a>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
