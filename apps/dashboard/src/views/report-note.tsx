import type { AboutReport } from "@leastwise/api";
import { CopyButton } from "../parts/copy-button.tsx";
import { Name } from "../parts/name.tsx";
import { minute } from "../text/dates.ts";
import { count } from "../text/numbers.ts";

/** That this is a report and no program, of what, and what the database has besides. */
export function ReportNote({ about: { run, account, leftOut } }: { readonly about: AboutReport }) {
  return (
    <details class="report-note">
      <summary>
        A report of run {run.runId}
        {run.finishedAt === null ? "" : `, ${minute(run.finishedAt)}`}
        {account === null ? "" : `, account ${account}`}.{" "}
        {leftOut.length === 0
          ? "Nothing is left out."
          : `Some is left out: ${count(leftOut.length)} of its lists and parts go on in the database.`}
      </summary>
      {leftOut.length === 0 ? null : (
        <ul class="left-out">
          {leftOut.map(({ what, shown, total, command }) => (
            <li key={what}>
              <span>
                <Name text={what} />: {count(shown)} {total === null ? "are here" : `of ${count(total)} are here`}
              </span>
              <code>
                <Name text={command} />
              </code>
              <CopyButton text={command} />
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}
