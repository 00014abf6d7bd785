import { EXIT, type ExitCode, Failure } from "../exit-code.ts";
import { printable, printableJson } from "../format/printable.ts";
import { formatTable } from "../format/table.ts";
import { type Watch, queueAddress } from "../queue/connection.ts";
import { openConnections } from "../queue/connections.ts";
import { type QueuedRun, queuedRuns, removeRun } from "../queue/leftovers.ts";
import { shortName } from "../queue/names.ts";
import { type Terminal, write } from "../terminal.ts";

export interface QueueOptions {
  /** Absent where the environment does not say it either. */
  readonly queue?: string;
  readonly queuePrefix: string;
  readonly json?: boolean;
}

/** These commands are over before anybody would want to know that the server went away and came back. */
const SILENT_WATCH: Watch = { away: () => undefined, back: () => undefined, refused: () => undefined };

/** `leastwise queue list` */
export async function queueListCommand(options: QueueOptions, terminal: Terminal): Promise<ExitCode> {
  const address = queueAddress(options.queue);
  const { client, end } = await openConnections(address, SILENT_WATCH);
  try {
    const runs = await queuedRuns(client, options.queuePrefix);
    const text = options.json === true ? runs.map(lineOf).join("") : tableOf(runs, terminal.width);
    await write(terminal.out, text);
    return EXIT.done;
  } finally {
    end();
  }
}

function lineOf({ name, notice, ...counts }: QueuedRun): string {
  const { startedAt = null, toolVersion = null, catalog = null } = notice ?? {};
  return `${printableJson(JSON.stringify({ run: name, startedAt, toolVersion, catalog, ...counts }))}\n`;
}

function tableOf(runs: readonly QueuedRun[], width: number | null): string {
  if (runs.length === 0) return "no runs\n";
  const columns = ["run", "started", "catalog", "waiting", "held", "failed", "outcomes"];
  const rows = runs.map(({ name, notice, waiting, held, failed, outcomes }) => [
    shortName(name),
    printable(notice?.startedAt.slice(0, 16).replace("T", " ") ?? "(another version)"),
    notice?.catalog.slice(0, 8) ?? null,
    waiting,
    held,
    failed,
    outcomes,
  ]);
  return `${formatTable(columns, rows, width)}\n`;
}

/** `leastwise queue remove RUN` */
export async function queueRemoveCommand(start: string, options: QueueOptions, terminal: Terminal): Promise<ExitCode> {
  const address = queueAddress(options.queue);
  const { client, end } = await openConnections(address, SILENT_WATCH);
  try {
    const runs = await queuedRuns(client, options.queuePrefix);
    const found = runs.filter(({ name }) => name.startsWith(start));
    const [run] = found;
    if (run === undefined || found.length > 1) {
      const problem = run === undefined ? "no run" : `${found.length} runs`;
      throw new Failure(
        EXIT.usage,
        `${problem} of the queue begin with \`${start}\``,
        "`leastwise queue list` shows them",
      );
    }
    await removeRun(client, options.queuePrefix, run.name);
    terminal.err.write(`removed run ${shortName(run.name)} from ${address.shown}\n`);
    return EXIT.done;
  } finally {
    end();
  }
}
