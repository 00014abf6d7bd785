import { isMainThread, workerData } from "node:worker_threads";
import pc from "picocolors";
export type Colors = ReturnType<typeof pc.createColors>;

/** What the program writes to: data to `out`, talk to `err`. */
export interface Terminal {
  readonly out: NodeJS.WriteStream;
  readonly err: NodeJS.WriteStream;
  readonly colours: Colors;
  readonly errColours: Colors;
  /** Columns of a terminal on stdout; null when stdout is piped, where nothing is cut. */
  readonly width: number | null;
}

/** What is known of where a stream leads to; of a thread's streams only its main thread knows that. */
type StreamFacts = Readonly<Partial<Pick<NodeJS.WriteStream, "isTTY" | "columns">>>;

/** For a thread that writes to this thread's streams: to be given to it as `workerData`. */
export interface TerminalFacts {
  readonly terminal: { readonly out: StreamFacts; readonly err: StreamFacts };
}

export function terminalFacts({ out, err }: Terminal): TerminalFacts {
  return { terminal: { out: factsOf(out), err: factsOf(err) } };
}

function factsOf({ isTTY, columns }: NodeJS.WriteStream): StreamFacts {
  return { isTTY, columns };
}

export function terminal(): Terminal {
  const { stdout: out, stderr: err } = process;
  if (!isMainThread) {
    const facts = (workerData as TerminalFacts).terminal; // what `in-thread.ts` begins a thread of this program with
    Object.assign(out, facts.out);
    Object.assign(err, facts.err);
  }
  return {
    out,
    err,
    colours: pc.createColors(mayColour(out)),
    errColours: pc.createColors(mayColour(err)),
    width: isTerminal(out) ? (out.columns ?? 80) : null,
  };
}

/** On anything else Node leaves `isTTY` undefined, whatever its type says. */
function isTerminal(stream: NodeJS.WriteStream): boolean {
  return (stream.isTTY as boolean | undefined) === true;
}

/** Only a terminal gets colours, and only if nobody minds: https://no-color.org */
function mayColour(stream: NodeJS.WriteStream): boolean {
  return isTerminal(stream) && (process.env["NO_COLOR"] ?? "") === "" && process.env["TERM"] !== "dumb";
}

/** Writes data and waits while the reader is behind, so that a long export does not pile up in memory. */
export async function write(stream: NodeJS.WritableStream, text: string | Uint8Array): Promise<void> {
  if (stream.write(text)) return;
  await new Promise<void>((resolve) => stream.once("drain", resolve));
}
