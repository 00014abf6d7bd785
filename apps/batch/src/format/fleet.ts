import { count } from "../progress.ts";
import type { FleetSummary } from "../queue/run-fleet.ts";
import type { Terminal } from "../terminal.ts";
import { printable } from "./printable.ts";
import { formatTable } from "./table.ts";

/** What the workers of a run did, for a person. */
export function fleetText(fleet: FleetSummary, { colours, width }: Terminal): string {
  const { members, checked, refused, doubted, failing } = fleet;
  const columns = ["worker", "threads", "shards", "units", "units/s", "retried", "refused"];
  const rows = members.map((member) => [
    member.worker,
    member.threads,
    member.shards,
    member.units,
    member.unitsPerSecond,
    member.retried,
    member.refused,
  ]);
  const lines = [members.length === 0 ? "no worker was needed" : formatTable(columns, rows, width)];
  if (members.length > 0) lines.push("", `${count(checked)} outcomes were verified once more here`);
  if (refused.length > 0) {
    lines.push(
      `${colours.red("error")} outcomes of ${printable(refused.join(", "))} did not hold, and were found here instead`,
      failing > 0
        ? `  ${count(failing)} of ${count(doubted)} results that had been believed before do not hold: refine into another file`
        : `  ${count(doubted)} results that had been believed before have been verified since: all hold`,
    );
  }
  return lines.join("\n");
}
