/** Says on stderr how far a long job is. */
export interface Progress {
  enter(phase: string, things: string, total: number, done: number): void;
  /** Nothing done and nothing refused is only a look at the clock. */
  advance(done: number, refused: number): void;
  /** What else the line says from now on, asked whenever it is shown. */
  note(notes: () => readonly string[]): void;
  /** Takes the line away; what follows starts on a clean one. */
  end(): void;
}

export const SILENT: Progress = {
  enter: () => undefined,
  advance: () => undefined,
  note: () => undefined,
  end: () => undefined,
};

/** What progress writes to: a terminal, where one line is rewritten, or anything else, where a plain line comes now and then. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const TERMINAL_EVERY_MS = 100;
const PLAIN_EVERY_MS = 10_000;

/** @param clock milliseconds that only grow */
export function progressOn(screen: Screen, clock: () => number = () => performance.now()): Progress {
  const terminal = screen.isTTY === true;
  const every = terminal ? TERMINAL_EVERY_MS : PLAIN_EVERY_MS;
  let phase = { name: "", things: "", total: 0, done: 0, start: 0, doneAtStart: 0 };
  let refused = 0;
  let notesOf = nothing;
  let shown = clock();

  const show = (): void => {
    shown = clock();
    const parts = partsOf(phase, refused, shown, notesOf());
    if (terminal) screen.write(`\r\u001B[2K${fitting(parts, Math.max(20, (screen.columns ?? 80) - 1))}`);
    else screen.write(`${parts.join(GAP)}\n`);
  };
  return {
    enter(name, things, total, done) {
      const now = clock();
      phase = { name, things, total, done, start: now, doneAtStart: done };
      if (terminal) show();
    },
    advance(done, more) {
      phase.done += done;
      refused += more;
      if (clock() - shown >= every) show();
    },
    note(notes) {
      notesOf = notes;
    },
    end() {
      if (terminal) screen.write("\r\u001B[2K");
    },
  };
}

function nothing(): readonly string[] {
  return [];
}

const GAP = " · ";

/** As many parts as have room, from the first on; of the first alone what has. */
function fitting([first = "", ...others]: readonly string[], room: number): string {
  let line = first.slice(0, room);
  for (const part of others) {
    if (line.length + GAP.length + part.length > room) break;
    line += GAP + part;
  }
  return line;
}

function partsOf(
  phase: { name: string; things: string; total: number; done: number; start: number; doneAtStart: number },
  refused: number,
  now: number,
  notes: readonly string[],
): readonly string[] {
  const { name, things, total, done, start, doneAtStart } = phase;
  const seconds = (now - start) / 1000;
  const rate = seconds > 0 ? (done - doneAtStart) / seconds : 0;
  const parts = [`${name} ${count(done)} of ${count(total)} ${things}`];
  if (rate > 0) parts.push(`${count(Math.round(rate))}/s`, `${duration((total - done) / rate)} left`);
  if (refused > 0) parts.push(`${count(refused)} refused`);
  return [...parts, ...notes];
}

/** A whole number with commas, the same in every locale. Not by `toLocaleString`, which takes 13 ms the first time. */
export function count(value: number): string {
  return String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
}

export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
