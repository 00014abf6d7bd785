import { useReply } from "../asking/use-reply.ts";
import { change } from "../routing/location.ts";
import type { Route } from "../routing/route.ts";
import { day } from "../text/dates.ts";

/** Which run is shown: the current one unless the address names another. */
export function RunChooser({ route }: { readonly route: Route }) {
  const { reply } = useReply("runs", {});
  const { older } = route.query; // nothing differs from itself
  const done = reply?.filter(({ state, runId }) => state === "done" && String(runId) !== older) ?? [];
  return (
    <label class="run-chooser">
      <span class="visually-hidden">run</span>
      <select value={route.query["run"] ?? ""} onChange={(event) => change({ run: event.currentTarget.value })}>
        <option value="">current run</option>
        {done.map(({ runId, startedAt }) => (
          <option key={runId} value={String(runId)}>
            run {runId}, {day(startedAt)}
          </option>
        ))}
      </select>
    </label>
  );
}
