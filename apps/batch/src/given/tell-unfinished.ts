import { type Connection, isMerging, readShownUnfinished } from "@leastwise/store";
import type { Terminal } from "../terminal.ts";

/** Says on stderr that the run that is shown is not finished, and what finishes it; nothing where it is. */
export function tellUnfinished(db: Connection, { err }: Terminal): void {
  const run = readShownUnfinished(db);
  if (run === undefined) return;
  const { run_id, share } = run;
  if (share === null) err.write(`run ${run_id} is not finished: the same \`leastwise refine\` goes on with it\n`);
  else if (isMerging(share)) err.write(`run ${run_id} is not finished: the same \`leastwise merge\` goes on with it\n`);
  else
    err.write(
      `run ${run_id} is not finished: only share ${share} of it is refined here; \`leastwise merge\` puts the shares together\n`,
    );
}
